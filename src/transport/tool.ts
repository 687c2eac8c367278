import { execFile } from 'node:child_process';

/** How one of OpenSSH's own programs ended. */
export type ToolRun =
  | { readonly kind: 'ran'; readonly exit: number; readonly out: string; readonly err: string }
  | { readonly kind: 'missing' };

/** Runs one of OpenSSH's own programs with an array of words, no shell in between. */
export function runTool(program: string, words: readonly string[]): Promise<ToolRun> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...words],
      { maxBuffer: 8 << 20, timeout: 10_000, env: { ...process.env, LC_ALL: 'C' }, encoding: 'utf8' },
      (error, out, err) => {
        if (error && (error.code === 'ENOENT' || error.code === 'EACCES')) resolve({ kind: 'missing' });
        else resolve({ kind: 'ran', exit: exitOf(error), out, err });
      },
    );
    child.stdin?.end();
  });
}

function exitOf(error: (Error & { code?: unknown }) | null): number {
  if (!error) return 0;
  return typeof error.code === 'number' ? error.code : 255;
}
