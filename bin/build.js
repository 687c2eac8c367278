// Bundles src/ into dist/. What a start waits for is one file each: the command line, the first screen, check, --help; every
// file more costs half a millisecond. What these import later shares its parts in chunks.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundle } from './bundle.js';
import { untouched } from './packages.js';

rmSync(`${bundle.absWorkingDir}/dist`, { recursive: true, force: true });

/** Files that load later, by the name they get. */
const later = {};

/** Leaves what is imported later to a file of its own, but for what needs nothing that this one has not got. */
const apart = (...within) => ({
  name: 'apart',
  setup(builder) {
    builder.onResolve({ filter: /^\.{1,2}\/.*\.tsx?$/ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const file = resolve(resolveDir, path);
      const name = basename(path).startsWith('index.')
        ? basename(dirname(file))
        : basename(path).split('.')[0];
      if (within.includes(name)) return undefined;
      later[name] ??= file;
      if (later[name] !== file) throw new Error(`${file} and ${later[name]} would both be ${name}.js`);
      return { path: `./${name}.js`, external: true };
    });
  },
});

/** Scripts load faster than modules, and know neither `import.meta.url` nor the banner. */
const script = {
  ...bundle,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  outdir: 'dist',
  define: { ...bundle.define, 'import.meta.url': '__url' },
  banner: { js: 'const __url = require("node:url").pathToFileURL(__filename).href;' },
};

await build({
  ...bundle,
  plugins: [...bundle.plugins, apart()],
  outdir: 'dist',
  entryPoints: ['src/run/wizard.ts'],
});
const { outputFiles: mains } = await build({
  ...script,
  plugins: [...script.plugins, apart()],
  entryPoints: ['src/main.ts'],
  write: false,
});
writeFileSync(
  `${bundle.absWorkingDir}/dist/main.cjs`,
  mains[0].text.replaceAll('import("./check.js")', 'require("./check-start.cjs")'),
);
await build({ ...script, entryPoints: { 'check-start': 'src/run/load-check.ts' } });
// V8 keeps what it compiles of a script; load-check.ts runs this one, and imports for it what scripts from there cannot.
const { outputFiles: checks } = await build({
  ...script,
  plugins: [...script.plugins, apart('inventory', 'checking')],
  entryPoints: ['src/run/check.ts'],
  banner: { js: '(function (exports, require, module, __dirname, __url, __import, __later) {' },
  footer: { js: '})' },
  write: false,
});
const checkScript = checks[0].text
  .replaceAll(/\bimport\((?="\.\/)/g, '__import(')
  .replaceAll(/\b(import_(?:node_(?:crypto|child_process)|promises)\d*)=require\(/g, '$1=__later(')
  // Half the memory at one byte a sign; regular expressions alone still hold others.
  .replaceAll(/[^\0-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
if (/\bimport\(/.test(checkScript)) throw new Error('The script of check still imports something by itself.');
writeFileSync(`${bundle.absWorkingDir}/dist/check.cjs`, checkScript);
const { wizard: _w, check: _c, ...rest } = later;
await build({
  ...bundle,
  entryPoints: {
    ...rest,
    'compile-profiles': 'src/run/compile-profiles.ts',
    rehearse: 'src/run/rehearse.ts',
  },
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

// What V8 compiles of a check is kept, so that no start compiles it again; where no lab can run here, each does.
const [check, rehearse, profiles] = ['dist/check-start.cjs', 'dist/rehearse.js', 'profiles'].map(
  (name) => new URL(`../${name}`, import.meta.url),
);
const words = `
  const { runCheck, keepCompiled } = await import('${check.href}');
  // Before another copy of zod, which would do for this one what both need once.
  await runCheck({ command: 'check', on: new Set(), values: new Map([['inventory', ['/dev/null']]]) });
  const { rehearse } = await import('${rehearse.href}');
  await rehearse(runCheck, ${JSON.stringify(fileURLToPath(profiles))});
  keepCompiled();
`;
const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', words], {
  stdio: ['ignore', 'ignore', 'pipe'],
  timeout: 60_000,
  // V8 takes what was compiled under the same flags alone.
  env: { ...process.env, NODE_OPTIONS: '' },
});
if (status !== 0)
  console.warn(`What a check compiles is not kept, so that each start takes longer: ${stderr}`);
