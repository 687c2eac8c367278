// npm run coverage: writes docs/coverage.md from profiles/ and from what the published benchmarks count of themselves.
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url);
const bundle = new URL('test/docs/.coverage.mjs', root);
process.on('exit', () => rmSync(bundle, { force: true }));
await build({
  entryPoints: [fileURLToPath(new URL('test/docs/coverage.ts', root))],
  outfile: fileURLToPath(bundle),
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
});
const { coverageText, profilesIn, unexplained } = await import(bundle.href);
const profiles = await profilesIn(fileURLToPath(new URL('profiles', root)));
writeFileSync(new URL('docs/coverage.md', root), coverageText(profiles));
for (const id of unexplained(profiles))
  process.stderr.write(
    `${id} counts otherwise than the published text: say why in test/docs/published.ts.\n`,
  );
