import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A short mark of when a process began, so that a pid that was given out again is not taken for the old one. */
export async function processStart(pid: number): Promise<string | undefined> {
  const raw = (await fromProc(pid)) ?? (await fromPs(pid));
  return raw && createHash('sha256').update(raw).digest('hex').slice(0, 12);
}

async function fromProc(pid: number): Promise<string | undefined> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    // The name, in brackets, may hold anything; what follows its last bracket starts with field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${boot.trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Where there is no /proc (macOS). On Linux a process that /proc does not show is not there for ps either. */
async function fromPs(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return undefined;
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      timeout: 5000,
    });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
