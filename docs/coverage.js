// npm run coverage: writes docs/coverage.md from profiles/ and from what the published benchmarks count of themselves, and
// docs/troubles.md from profiles/troubles.
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url);
/** The test's own module, which is TypeScript, as JavaScript. */
async function built(name) {
  const bundle = new URL(`test/docs/.${name}.mjs`, root);
  process.on('exit', () => rmSync(bundle, { force: true }));
  await build({
    entryPoints: [fileURLToPath(new URL(`test/docs/${name}.ts`, root))],
    outfile: fileURLToPath(bundle),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  return import(bundle.href);
}

const { coverageText, profilesIn, unexplained } = await built('coverage');
const { troublesText } = await built('troubles');
const profiles = await profilesIn(fileURLToPath(new URL('profiles', root)));
writeFileSync(new URL('docs/coverage.md', root), coverageText(profiles));
writeFileSync(new URL('docs/troubles.md', root), troublesText(profiles));
for (const id of unexplained(profiles))
  process.stderr.write(
    `${id} counts otherwise than the published text: say why in test/docs/published.ts.\n`,
  );
