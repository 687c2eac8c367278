import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** How one run of a program went. */
export type Timed = { readonly ms: number; readonly code: number; readonly err: string };

/** Runs a program with its output in a file, and times it from start to end. */
export function timed(
  words: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly out?: string },
): Promise<Timed> {
  const [program = '', ...args] = words;
  const out = openSync(options.out ?? '/dev/null', 'w');
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn(program, args, { env: options.env, stdio: ['ignore', out, 'pipe'] });
    closeSync(out);
    let ms = 0;
    let err = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.on('error', reject);
    child.on('exit', () => {
      ms = performance.now() - begin;
    });
    child.on('close', (code) => resolve({ ms, code: code ?? -1, err }));
  });
}

/** The middle of some figures. */
export function median(figures: readonly number[]): number {
  return percentile(figures, 0.5);
}

/** The figure below which this share of all figures lies. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/**
 * Takes turns: every contestant once a round, in an order that moves on by one each round, so that a machine that is busy for a
 * while is busy for all. The first round only warms the caches.
 */
export async function inTurns<K extends string>(
  rounds: number,
  contestants: Readonly<Record<K, () => Promise<number>>>,
): Promise<Readonly<Record<K, readonly number[]>>> {
  const names = Object.keys(contestants) as K[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length] as K;
      const figure = await contestants[name]();
      if (round > 0) figures[name].push(figure);
    }
  }
  return figures;
}
