// Bundles src/ into dist/. What a start waits for is one file each: the command line, the first screen, check, --help; every
// file more costs half a millisecond. What these import later shares its parts in chunks.
import { rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundle } from './bundle.js';
import { untouched } from './packages.js';

rmSync(`${bundle.absWorkingDir}/dist`, { recursive: true, force: true });

/** Files that load later, by the name they get. */
const later = {};

/** Leaves what is imported later to a file of its own, but for what needs nothing that this one has not got. */
const apart = (within) => ({
  name: 'apart',
  setup(builder) {
    builder.onResolve({ filter: /^\.{1,2}\/.*\.tsx?$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const file = resolve(resolveDir, path);
      const name = basename(path).startsWith('index.')
        ? basename(dirname(file))
        : basename(path).split('.')[0];
      if (within === name) return undefined;
      later[name] ??= file;
      if (later[name] !== file) throw new Error(`${file} and ${later[name]} would both be ${name}.js`);
      return { path: `./${name}.js`, external: true };
    });
  },
});

for (const [file, within] of [['src/main.ts'], ['src/run/wizard.ts'], ['src/run/check.ts', 'inventory']])
  await build({
    ...bundle,
    plugins: [...bundle.plugins, apart(within)],
    outdir: 'dist',
    entryPoints: [file],
  });
const { wizard: _w, check: _c, ...rest } = later;
await build({
  ...bundle,
  entryPoints: { ...rest, 'compile-profiles': 'src/run/compile-profiles.ts' },
  outdir: 'dist',
  splitting: true,
});
if (untouched().length > 0)
  throw new Error(`Not in the bundle any more: ${untouched()}. See bin/packages.js.`);

const dist = new URL('../dist/', import.meta.url);

// --help is the text itself: to load what makes it would take longer than to print it.
const { inject: _i, plugins: _p, banner: _b, define: _d, ...small } = bundle;
const { outputFiles } = await build({ ...small, entryPoints: ['src/run/help.ts'], write: false });
const { helpText } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
writeFileSync(new URL('help.txt', dist), helpText());

// The built-in profiles, read and checked once here rather than at every start; one that is wrong fails the build.
const { compileProfiles } = await import(new URL('compile-profiles.js', dist).href);
writeFileSync(new URL('profiles.json', dist), await compileProfiles(`${bundle.absWorkingDir}/profiles`));
