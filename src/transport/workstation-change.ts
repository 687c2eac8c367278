import { createHash } from 'node:crypto';
import { chmod, readFile, realpath, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stepSubject } from '../domain/commands.ts';
import type { Failure } from '../domain/failure.ts';
import type { DeedReport } from '../domain/ports.ts';
import type { Change, Step } from '../domain/step.ts';
import { systemCode, systemWords } from '../domain/system-error.ts';
import { putFile, syncFolder } from './put-file.ts';
import { type Kept, keptFolder, type Original, openKept } from './workstation-kept.ts';
import { ownerIds } from './workstation-owner.ts';
import { undoScriptHere } from './workstation-undo-script.ts';

type FileStep = Extract<Step, { readonly kind: 'write-file' | 'set-mode' }>;

const node = 'workstation';

/** Runs the steps of a change on the operator's own files; on a failing one, puts back what was done. */
export async function changeHere(change: Change): Promise<DeedReport> {
  const steps = change.steps.filter(
    (step): step is FileStep => step.kind === 'write-file' || step.kind === 'set-mode',
  );
  const other = change.steps.find((step) => step.kind !== 'write-file' && step.kind !== 'set-mode');
  if (other) return refused(`On the workstation only files are changed; ${stepSubject(other)} is none.`);
  let kept: Kept;
  try {
    for (const step of steps) {
      const drift = await drifted(step);
      if (drift) return { kind: 'refused', failure: drift, output: [] };
    }
    kept = await openKept(keptFolder(change.session, change.id));
    await kept.script(await undoScriptHere(change, steps));
  } catch (error) {
    return { kind: 'refused', failure: failureOf(error, change.id), output: [] };
  }
  for (const [index, step] of steps.entries()) {
    let begun = false;
    try {
      const drift = await drifted(step);
      if (drift) return await putBack(steps, index - 1, kept, drift);
      await keep(step, index, kept);
      await kept.mark(index, 'begun');
      begun = true;
      await run(step);
      await kept.mark(index, 'done', hashOf(await readFile(step.path)));
    } catch (error) {
      return putBack(steps, begun ? index : index - 1, kept, failureOf(error, step.path));
    }
  }
  await kept.end('done');
  return { kind: 'done', output: [] };
}

/** Takes a change back; without `force` only where the files are still what the change made of them. */
export async function undoHere(change: Change, force: boolean): Promise<DeedReport> {
  const steps = change.steps.filter(
    (step): step is FileStep => step.kind === 'write-file' || step.kind === 'set-mode',
  );
  try {
    const kept = await openKept(keptFolder(change.session, change.id));
    const begun: number[] = [];
    for (const [index, step] of steps.entries()) {
      if (
        (await kept.marked(index, 'begun')) === undefined ||
        (await kept.marked(index, 'undone')) !== undefined
      )
        continue;
      begun.push(index);
      const after = await kept.marked(index, 'done');
      if (!force && !(await stillOurs(step, after)))
        return { kind: 'refused', failure: { code: 'drifted', node, path: step.path }, output: [] };
    }
    if (begun.length === 0) return refused(`Nothing of the change ${change.id} is kept on this workstation.`);
    for (const index of begun.toReversed()) await takeBack(steps[index] as FileStep, index, kept);
    await kept.end('undone');
    return { kind: 'done', output: [] };
  } catch (error) {
    const failure = failureOf(error, change.id);
    return { kind: 'unknown', failure, output: [] };
  }
}

async function drifted(step: FileStep): Promise<Failure | undefined> {
  const failure: Failure = { code: 'drifted', node, path: step.path };
  if (step.kind === 'set-mode') return (await modeOf(step.path)) === step.before ? undefined : failure;
  const bytes = await bytesOf(step.path);
  if (step.before.kind === 'absent') return bytes === undefined ? undefined : failure;
  return bytes !== undefined && hashOf(bytes) === step.before.sha256 ? undefined : failure;
}

/** Whether nobody else's work stands there. A step that was cut off left what was before, or what it was to write. */
async function stillOurs(step: FileStep, after: string | undefined): Promise<boolean> {
  if (after === undefined && (await drifted(step)) === undefined) return true;
  if (step.kind === 'set-mode') return (await modeOf(step.path)) === step.mode;
  const bytes = await bytesOf(step.path);
  return bytes !== undefined && hashOf(bytes) === (after ?? hashOf(Buffer.from(step.content, 'utf8')));
}

async function keep(step: FileStep, index: number, kept: Kept): Promise<void> {
  const others = step.kind === 'write-file' ? (step.beside ?? []) : [];
  // What goes with the file is kept first: without it, nothing is changed.
  for (const [n, path] of others.entries()) await kept.copy(index, n + 1, path, await readFile(path));
  const bytes = await bytesOf(step.path);
  if (bytes === undefined) return kept.keep(index, { kind: 'absent', path: step.path }, Buffer.alloc(0));
  // A symbolic link stays one: what it points to is kept and written.
  const path = await realpath(step.path);
  const { mode, uid, gid, mtimeMs } = await stat(path);
  await kept.keep(index, { kind: 'present', path, mode: mode & 0o7777, uid, gid, modified: mtimeMs }, bytes);
}

async function run(step: FileStep): Promise<void> {
  const mode = Number.parseInt(step.mode, 8);
  if (step.kind === 'set-mode') return chmod(step.path, mode);
  const path = step.before.kind === 'present' ? await realpath(step.path) : step.path;
  await putFile(path, Buffer.from(step.content, 'utf8'), {
    mode,
    ...(await ownerIds(step.owner, step.group)),
  });
}

async function takeBack(step: FileStep, index: number, kept: Kept): Promise<void> {
  const was = await kept.original(index);
  if (!was) throw new Error('the original is not there');
  const { original, bytes } = was;
  if (original.kind === 'absent') {
    if ((await bytesOf(original.path)) !== undefined) {
      await rm(original.path);
      await syncFolder(dirname(original.path));
    }
  } else if (step.kind === 'set-mode') {
    if ((await modeOf(original.path)) !== step.before) await chmod(original.path, original.mode);
  } else if (!(await isAsItWas(original, bytes))) await putFile(original.path, bytes, original);
  await kept.mark(index, 'undone');
}

/** Where a write was refused, nothing is left to put back, and it would be refused again. */
async function isAsItWas(
  was: Extract<Original, { readonly kind: 'present' }>,
  bytes: Buffer,
): Promise<boolean> {
  const now = await bytesOf(was.path);
  if (now === undefined || !now.equals(bytes)) return false;
  const { mode, uid, gid, mtimeMs } = await stat(was.path);
  return (mode & 0o7777) === was.mode && uid === was.uid && gid === was.gid && mtimeMs === was.modified;
}

async function putBack(
  steps: readonly FileStep[],
  last: number,
  kept: Kept,
  failure: Failure,
): Promise<DeedReport> {
  try {
    for (let index = last; index >= 0; index--) await takeBack(steps[index] as FileStep, index, kept);
    await kept.end('put-back');
  } catch (error) {
    return { kind: 'unknown', failure, output: [`It could not be put back: ${systemWords(error)}`] };
  }
  return last < 0 ? { kind: 'refused', failure, output: [] } : { kind: 'put-back', failure, output: [] };
}

function failureOf(error: unknown, path: string): Failure {
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return { code: 'node-full', node, path };
  if (code === 'EROFS') return { code: 'node-read-only', node, path };
  return { code: 'change-failed', node, message: `${path}: ${systemWords(error)}` };
}

async function bytesOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o7777).toString(8).padStart(4, '0');
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function refused(message: string): DeedReport {
  return { kind: 'refused', failure: { code: 'refused', message }, output: [] };
}
