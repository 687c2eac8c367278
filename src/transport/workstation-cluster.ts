import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeedReport } from '../domain/ports.ts';
import { commandLine } from '../domain/quote.ts';
import { systemCode, systemWords } from '../domain/system-error.ts';
import { stateFolder } from './state-folder.ts';
import { cleanText } from './wire/clean.ts';
import { isChangedSince, noteLeft } from './workstation-left.ts';
import { follow } from './workstation-output.ts';

/** Takes secrets out of lines that are about to be kept. */
export type Mask = (lines: readonly string[]) => readonly string[];

/** So many of its last lines are kept for the record. */
const keptLines = 200;

/**
 * Runs `rke up` on the operator's own machine and waits for its end, however long that takes: ended half-way, it would leave
 * a cluster half made. So it has a session of its own and writes into a file: neither a terminal that is closed or stopped
 * nor an end of this program reaches it. No shell is between, and nothing is typed into it. What rke wrote is kept as `mask`
 * leaves it, once it has ended; while it runs the file is its own, and nobody else may read it.
 */
export async function makeClusterHere(
  words: readonly string[],
  onOutput: (line: string) => void,
  mask?: Mask,
): Promise<DeedReport> {
  const [program = '', verb, flag, file, ...more] = words;
  if (program !== 'rke' || verb !== 'up' || flag !== '--config' || file === undefined || more.length > 0)
    return refused(`Only rke up --config FILE makes a cluster here, not ${commandLine(words)}.`);
  const log = join(stateFolder(), 'rke-up.log');
  const handles: FileHandle[] = [];
  try {
    const earlier = await stillRunning();
    if (earlier !== undefined)
      return refused(
        `The rke up from before still runs, as process ${earlier}, and two at once would work against each other. What it says is in ${log}; wait for its end.`,
      );
    if (await isChangedSince(file)) {
      await noteLeft(file);
      return refused(
        `Somebody changed ${file} since this program left it, and rke up would bring that into the cluster too. Look at the file; the next rke up from here takes it as it is now.`,
      );
    }
    await mkdir(stateFolder(), { recursive: true, mode: 0o700 });
    await rm(log, { force: true });
    const writer = await open(log, 'ax', 0o600);
    handles.push(writer);
    const reader = await open(log, 'r');
    handles.push(reader);
    const report = await run(words, writer, reader, onOutput);
    if (mask) await keepMasked(log, mask);
    return report;
  } catch (error) {
    return refused(`rke was not started, for there is no file for its lines: ${systemWords(error)}.`);
  } finally {
    for (const handle of handles) await handle.close();
  }
}

/** Puts what a file may keep in its place; where that fails, nothing of it is kept. */
async function keepMasked(log: string, mask: Mask): Promise<void> {
  const masked = `${log}.masked`;
  try {
    const lines = (await readFile(log, 'utf8')).split('\n');
    await rm(masked, { force: true });
    await writeFile(masked, mask(lines).join('\n'), { mode: 0o600, flag: 'wx' });
    await rename(masked, log);
  } catch {
    await rm(log, { force: true });
  }
}

async function run(
  words: readonly string[],
  writer: FileHandle,
  reader: FileHandle,
  onOutput: (line: string) => void,
): Promise<DeedReport> {
  const [program = ''] = words;
  const output: string[] = [];
  const finish = follow(reader, (line) => {
    const clean = cleanText(line).trimEnd();
    if (clean === '') return;
    output.push(clean);
    if (output.length > keptLines) output.shift();
    onOutput(clean);
  });
  const child = spawn(program, words.slice(1), { detached: true, stdio: ['ignore', writer.fd, writer.fd] });
  const ended = new Promise<{ readonly error: Error } | { readonly how: string | undefined }>((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('exit', (code, signal) =>
      resolve({
        how:
          code === 0 ? undefined : code === null ? `was ended by ${signal}` : `ended with exit code ${code}`,
      }),
    );
  });
  if (child.pid !== undefined) note(child.pid);
  const end = await ended;
  await finish();
  if ('error' in end)
    return refused(
      systemCode(end.error) === 'ENOENT'
        ? `There is no rke on this machine, so the cluster stays as it is. Install the rke that made it, or run ${commandLine(words)} where it is.`
        : `rke could not be started: ${systemWords(end.error)}.`,
    );
  await rm(pidFile(), { force: true });
  if (end.how === undefined) return { kind: 'done', output };
  const message = `${commandLine(words)} ${end.how}${output.length > 0 ? `: ${output.at(-1)}` : ''}`;
  return { kind: 'unknown', failure: { code: 'change-failed', node: 'workstation', message }, output };
}

function pidFile(): string {
  return join(stateFolder(), 'rke-up.pid');
}

/** At once: this program may be ended the moment after. Without the note only a second one at once is not seen. */
function note(pid: number): void {
  try {
    writeFileSync(pidFile(), `${pid}\n`, { mode: 0o600 });
  } catch {
    // What runs now goes on.
  }
}

/** The process that an earlier run of this program began, if that ended first. */
async function stillRunning(): Promise<number | undefined> {
  const pid = Number(await readFile(pidFile(), 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  try {
    process.kill(pid, 0);
  } catch {
    return undefined;
  }
  // Its number may be another's by now, and one that ended but was not collected has no words. A Mac does not tell.
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return words === undefined || words.includes('\0up\0--config\0') ? pid : undefined;
}

function refused(message: string): DeedReport {
  return { kind: 'refused', failure: { code: 'refused', message }, output: [] };
}
