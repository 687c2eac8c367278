import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeedReport } from '../domain/ports.ts';
import { systemCode, systemWords } from '../domain/system-error.ts';
import { putFile } from './put-file.ts';
import { stateFolder } from './state-folder.ts';

/** Takes the lock on the operator's own files; a lock whose process is gone is nobody's. */
export async function lockHere(holder: string, take: boolean): Promise<DeedReport> {
  const path = lockPath();
  const text = Buffer.from(`${holder}\n${process.pid}\n`);
  try {
    await mkdir(stateFolder(), { recursive: true, mode: 0o700 });
    const other = await lockHolder();
    if (other !== undefined && other !== holder && !take) return locked(other);
    if (other !== undefined || take) await putFile(path, text, { mode: 0o600 });
    else {
      await rm(path, { force: true });
      const handle = await open(path, 'wx', 0o600);
      await handle.writeFile(text);
      await handle.close();
    }
    return { kind: 'done', output: [] };
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return locked((await lockHolder()) ?? 'somebody else');
    return {
      kind: 'refused',
      failure: { code: 'refused', message: `${path}: ${systemWords(error)}.` },
      output: [],
    };
  }
}

/** Gives the lock back if `holder` has it. */
export async function unlockHere(holder: string): Promise<DeedReport> {
  if ((await lockHolder()) === holder) await rm(lockPath(), { force: true });
  return { kind: 'done', output: [] };
}

/** Who works on this workstation's files, if anybody still does. */
export async function lockHolder(): Promise<string | undefined> {
  const text = await readFile(lockPath(), 'utf8').catch(() => '');
  const [holder, pid] = text.split('\n');
  return holder && pid && runs(Number(pid)) ? holder : undefined;
}

function lockPath(): string {
  return join(stateFolder(), 'workstation.lock');
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function locked(holder: string): DeedReport {
  return { kind: 'refused', failure: { code: 'locked', node: 'workstation', holder }, output: [] };
}
