// Bundles src/ into dist/: one small entry, and chunks that load when a screen, a connection or the lab is needed.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  jsx: 'automatic',
  minifySyntax: true,
  minifyWhitespace: true,
  define: { 'process.env.NODE_ENV': '"production"' },
  // Optional native parts of ssh2 and the developer tools of Ink are never needed.
  external: ['react-devtools-core', 'cpu-features', '*.node'],
  banner: {
    // CommonJS packages inside the bundle expect these.
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      'const require = __createRequire(import.meta.url);',
      'const __dirname = import.meta.dirname ?? import.meta.url.slice(7, import.meta.url.lastIndexOf("/"));',
    ].join(' '),
  },
  logLevel: 'warning',
});
