// npm run pictures: walks through the lab in a real terminal and draws what it shows into docs/pictures. Needs tmux.
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url);
const bundle = new URL('test/terminal/.pictures.mjs', root);
process.on('exit', () => rmSync(bundle, { force: true }));
await build({
  stdin: {
    contents: "export { takePictures } from './pictures.ts'; export { buildProgram } from './build.ts';",
    resolveDir: fileURLToPath(new URL('test/terminal', root)),
  },
  outfile: fileURLToPath(bundle),
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
});
const { takePictures, buildProgram } = await import(bundle.href);
const { program, remove } = await buildProgram(fileURLToPath(root));
try {
  for (const [name, svg] of await takePictures(program)) {
    writeFileSync(new URL(`docs/pictures/${name}.svg`, root), svg);
  }
} finally {
  remove();
}
