import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { expectShortLife } from './short-lived.ts';

// The build puts this in the place of check.ts: the bundle of check is a script, so that V8 can be given what it made of it
// when it was built. Of other versions V8 refuses that by itself and compiles anew; another processor has another name.
const script = new URL('check.cjs', import.meta.url);
const kept = new URL(`check-${process.version}-${process.arch}.bin`, import.meta.url);

const nodeRequire = createRequire(import.meta.url);
// What was compiled under other flags is refused. Of Node's own parts that was before, so they come first; then the flags; then
// the script.
for (const part of ['net', 'crypto']) nodeRequire(part);
expectShortLife();
// To write code for each shape takes zod longer than to look at the few values that a check has of it.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
const compiled = new Script(readFileSync(script, 'latin1'), {
  filename: fileURLToPath(script),
  cachedData: keptBefore(),
});
const exported: { exports: typeof import('./check.ts') } = { exports: {} as never };
compiled.runInThisContext()(
  exported.exports,
  nodeRequire,
  exported,
  fileURLToPath(new URL('.', import.meta.url)),
  import.meta.url,
  (file: string) => import(file),
  later,
);

/** What check.ts exports. */
export const { runCheck } = exported.exports;

/** Keeps what V8 has compiled of check so far for every later start. The build calls it once a check has run. */
export function keepCompiled(): void {
  writeFileSync(kept, compiled.createCachedData());
}

/** Whether what was kept was taken. */
export const wasTaken = compiled.cachedDataRejected === false;

/** A part of Node that loads when it is first used, for the first connection is made without it. */
function later(name: string): object {
  return new Proxy({}, { get: (_, key) => nodeRequire(name)[key] });
}

function keptBefore(): Buffer | undefined {
  try {
    return readFileSync(kept);
  } catch {
    return undefined;
  }
}
