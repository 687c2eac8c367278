// Bundles src/ into dist/: one small entry, and chunks that load when a screen, a connection or the lab is needed.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { bundle } from './bundle.js';

rmSync(`${bundle.absWorkingDir}/dist`, { recursive: true, force: true });
await build({ ...bundle, entryPoints: ['src/main.ts'], outdir: 'dist', splitting: true });

// --help is one small file of its own: to load more would take longer than to print it.
const { inject: _i, plugins: _p, banner: _b, define: _d, ...small } = bundle;
await build({ ...small, entryPoints: ['src/flags.ts'], outdir: 'dist' });
