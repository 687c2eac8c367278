import { spawn } from 'node:child_process';

/** How one of OpenSSH's own programs ended; `late` when it did not. */
export type ToolRun =
  | { readonly kind: 'ran'; readonly exit: number; readonly out: string; readonly err: string }
  | { readonly kind: 'late'; readonly seconds: number }
  | { readonly kind: 'missing' };

/** Runs a program with an array of words. */
export type RunTool = (program: string, words: readonly string[]) => Promise<ToolRun>;

const patienceMs = 10_000;
/** How long an answer holds for others who ask the same; who edits the configuration and tries again gets a new one. */
const heldMs = 2_000;
const longestOutput = 8 << 20;

/**
 * Runs one of OpenSSH's own programs, no shell in between. It has a process group of its own, which is ended when it does not
 * answer, so that nothing it began stays behind.
 */
export function runTool(program: string, words: readonly string[], ms = patienceMs): Promise<ToolRun> {
  return new Promise((resolve) => {
    const child = spawn(program, [...words], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    const { stdout: said, stderr: complained } = child;
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const end = (run: ToolRun): void => {
      clearTimeout(timer);
      if (child.pid !== undefined) running.delete(child.pid);
      resolve(run);
    };
    const ran = (): ToolRun => {
      const exit = child.exitCode ?? 255;
      return { kind: 'ran', exit, out: `${Buffer.concat(out)}`, err: `${Buffer.concat(err)}` };
    };
    const timer = setTimeout(() => {
      said.destroy();
      complained.destroy();
      if (child.exitCode !== null || child.signalCode !== null) return end(ran());
      endGroup(child.pid);
      end({ kind: 'late', seconds: Math.round(ms / 1000) });
    }, ms);
    let length = 0;
    for (const [stream, kept] of [[said, out] as const, [complained, err] as const])
      stream.on('data', (chunk: Buffer) => {
        kept.push(chunk);
        length += chunk.length;
        if (length > longestOutput) endGroup(child.pid);
      });
    child.on('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT' || error.code === 'EACCES';
      end(missing ? { kind: 'missing' } : { kind: 'ran', exit: 255, out: '', err: error.message });
    });
    child.on('close', () => end(ran()));
    if (child.pid !== undefined) running.add(child.pid);
    if (process.listeners('exit').includes(endAll)) return;
    process.on('exit', endAll);
  });
}

const running = new Set<number>();

function endAll(): void {
  for (const pid of running) endGroup(pid);
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Runs the same words once for all who ask at the same time or shortly after. */
export function sharing(ms = heldMs, now: () => number = () => performance.now()): RunTool {
  const asked = new Map<string, { readonly run: Promise<ToolRun>; until: number }>();
  return (program, words) => {
    const key = JSON.stringify([program, ...words]);
    for (const [old, { until }] of asked) if (until <= now()) asked.delete(old);
    const before = asked.get(key);
    if (before) return before.run;
    const entry = { run: runTool(program, words), until: Number.POSITIVE_INFINITY };
    asked.set(key, entry);
    void entry.run.then(() => {
      entry.until = now() + ms;
    });
    return entry.run;
  };
}
