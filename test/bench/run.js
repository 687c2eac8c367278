// npm run bench: the bench is TypeScript, which Node 20 does not read.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundle } from '../../bin/bundle.js';

const here = new URL('.', import.meta.url);
const bench = new URL('./.bench.mjs', here);
const keys = new URL('./.keys/', here);
process.on('exit', () => {
  for (const made of [bench, keys]) rmSync(made, { recursive: true, force: true });
});
await build({
  entryPoints: [fileURLToPath(new URL('./run.ts', here))],
  outfile: fileURLToPath(bench),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  // The boot code finds its scripts beside itself.
  define: { 'import.meta.url': JSON.stringify(new URL('../nodes/bench', here).href) },
  logLevel: 'error',
});
await build({
  ...bundle,
  entryPoints: [fileURLToPath(new URL('./keys.ts', here))],
  outdir: fileURLToPath(keys),
  splitting: true,
});
await import(bench.href);
