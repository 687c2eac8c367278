// How the program is bundled; the bench bundles its own parts alike, so that it measures what is shipped.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { narrow } from './segmenter.js';

// The test for emoji in string-width costs 20 ms when it first runs; lines and symbols of the screens need not come to it.
const plain = '/^[\\u0020-\\u007E]*$/.test(string)';
const widths = {
  name: 'widths',
  setup(builder) {
    builder.onLoad({ filter: /[\\/]node_modules[\\/]string-width[\\/]index\.js$/ }, ({ path }) => {
      // The copy inside wrap-ansi is an older one, and is only asked about lines that are too long.
      if (path.split('node_modules').length > 2) return undefined;
      const text = readFileSync(path, 'utf8');
      if (!text.includes(plain))
        throw new Error('string-width has changed: look whether it is still slow to start');
      return {
        contents: text.replace(plain, () => `(ambiguousIsNarrow && ${narrow}.test(string)) || ${plain}`),
      };
    });
  },
};

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
  inject: ['bin/segmenter.js'],
  plugins: [widths],
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
};
