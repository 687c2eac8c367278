// npm run nodes: the boot code is TypeScript, which Node 20 does not read.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = new URL('.', import.meta.url);
const bundle = new URL('./.play.mjs', here);
process.on('exit', () => rmSync(bundle, { force: true }));
await build({
  entryPoints: [fileURLToPath(new URL('./play.ts', here))],
  outfile: fileURLToPath(bundle),
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
await import(bundle.href);
