// npm run bench: builds the program, bundles the bench (Node 20 reads no TypeScript) and runs it.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = new URL('.', import.meta.url);
const bundles = { 'run.ts': '.bench.mjs', 'keys.tsx': '.keys.mjs' };
process.on('exit', () => {
  for (const bundle of Object.values(bundles)) rmSync(new URL(bundle, here), { force: true });
});
await import('../../bin/build.js');
for (const [source, bundle] of Object.entries(bundles)) {
  await build({
    entryPoints: [fileURLToPath(new URL(source, here))],
    outfile: fileURLToPath(new URL(bundle, here)),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    jsx: 'automatic',
    packages: 'external',
    // The boot code finds its scripts beside itself.
    define: { 'import.meta.url': JSON.stringify(new URL('../nodes/', here).href) },
    logLevel: 'error',
  });
}
await import(new URL('.bench.mjs', here).href);
