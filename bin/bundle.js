// How the program is bundled; the bench bundles its own parts alike, so that it measures what is shipped.
import { fileURLToPath } from 'node:url';
import { packages } from './packages.js';

/** Options of esbuild for everything that holds screens, connections or the lab. */
export const bundle = {
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  jsx: 'automatic',
  minifySyntax: true,
  minifyWhitespace: true,
  define: { 'process.env.NODE_ENV': '"production"', 'Intl.Segmenter': 'LazySegmenter' },
  inject: ['bin/segmenter.js', 'bin/stopwatch.js'],
  plugins: [packages],
  // Optional native parts of ssh2 are never needed.
  external: ['cpu-features', '*.node'],
  banner: {
    // CommonJS packages inside the bundle expect these.
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      'const require = __createRequire(import.meta.url);',
      'const __dirname = import.meta.dirname ?? import.meta.url.slice(7, import.meta.url.lastIndexOf("/"));',
    ].join(' '),
  },
  logLevel: 'warning',
};
