// npm run nodes: the boot code is TypeScript, which Node 20 does not read.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = new URL('.', import.meta.url);
const bundle = new URL('./.play.mjs', here);
await build({
  entryPoints: [fileURLToPath(new URL('./play.ts', here))],
  outfile: fileURLToPath(bundle),
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
});
try {
  await import(bundle.href);
} finally {
  await rm(bundle, { force: true });
}
