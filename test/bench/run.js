// npm run bench: the bench is TypeScript, which Node 20 does not read.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = new URL('.', import.meta.url);
const bundles = [
  [new URL('./run.ts', here), new URL('./.bench.mjs', here)],
  [new URL('./keys.ts', here), new URL('./.keys.mjs', here)],
];
process.on('exit', () => {
  for (const [, bundle] of bundles) rmSync(bundle, { force: true });
});
for (const [source, bundle] of bundles) {
  await build({
    entryPoints: [fileURLToPath(source)],
    outfile: fileURLToPath(bundle),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    jsx: 'automatic',
    packages: 'external',
    // The boot code finds its scripts beside itself.
    define: { 'import.meta.url': JSON.stringify(new URL('../nodes/bench', here).href) },
    logLevel: 'error',
  });
}
await import(bundles[0][1].href);
