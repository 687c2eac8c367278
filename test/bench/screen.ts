import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurns, median, percentile, timed } from './measure.ts';
import { judge, leftOut, tell } from './verdicts.ts';
import { repository } from './wire.ts';

const script = '/usr/bin/script';
/** Nothing from outside: some variables make Node itself start slower, which would flatter every ratio. */
const bare = { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8' };
/** Words that only the drawn start screen has, near its end: when they are there, the frame stands. */
const standing = 'choose';

/** Start-up, and keys in a long list. */
export async function benchScreen(options: {
  readonly program: string;
  readonly rounds: number;
}): Promise<void> {
  const { program, rounds } = options;
  console.log('\nStart-up, in a pseudo-terminal of 100 × 44');
  if (!existsSync(script)) leftOut('the first frame', 'util-linux script is not here');
  else await firstFrame(program, rounds);
  await words(program, rounds);
  console.log('\nKeys in a list of 2,000 rows, 100 × 44, a key every 60 ms');
  keys();
}

async function firstFrame(program: string, rounds: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'k8s-harden-bench-'));
  const { frame, nothing } = await inTurns(rounds, {
    frame: () => onTerminal(home, `'${process.execPath}' '${program}'`, standing),
    nothing: () => onTerminal(home, `'${process.execPath}' -e 0`),
  });
  await rm(home, { recursive: true, force: true });
  tell('first frame of the start screen, median', median(frame), 'ms');
  tell('node -e 0 in the same terminal, median', median(nothing), 'ms');
  judge({
    what: 'first frame, above node -e 0',
    figure: median(frame) - median(nothing),
    atMost: 100,
    unit: 'ms',
  });
}

/** Starts a command on a new pseudo-terminal; the time until `until` stands there, or until the command ends. */
function onTerminal(home: string, command: string, until?: string): Promise<number> {
  const env = { ...bare, HOME: home, TERM: 'xterm-256color' };
  const words = ['-q', '-e', '-f', '-c', `stty rows 44 cols 100; exec ${command}`, '/dev/null'];
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn(script, words, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    let shown = '';
    let ms: number | undefined;
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      if (until === undefined || ms !== undefined || !shown.includes(until)) return;
      ms = performance.now() - begin;
      child.stdin.write('q');
    });
    const late = setTimeout(() => child.kill(), 10_000);
    child.on('error', reject);
    child.on('exit', () => {
      ms ??= until === undefined ? performance.now() - begin : undefined;
      clearTimeout(late);
      if (ms === undefined)
        reject(new Error(`the frame never stood; the terminal has: ${shown.slice(-400)}`));
      else resolve(ms);
    });
  });
}

async function words(program: string, rounds: number): Promise<void> {
  const env = bare;
  const run = (args: readonly string[]) => async (): Promise<number> => {
    const done = await timed([process.execPath, ...args], { env });
    if (done.code !== 0) throw new Error(`${args.join(' ')} ended with ${done.code}: ${done.err}`);
    return done.ms;
  };
  const { nothing, version, help } = await inTurns(rounds, {
    nothing: run(['-e', '0']),
    version: run([program, '--version']),
    help: run([program, '--help']),
  });
  judge({ what: '--version / node -e 0', figure: median(version) / median(nothing), atMost: 1.5, unit: '×' });
  judge({ what: '--help / node -e 0', figure: median(help) / median(nothing), atMost: 1.5, unit: '×' });
}

/** In a process of its own: React and Ink read the environment when they load. */
function keys(): void {
  const out = execFileSync(process.execPath, [join(repository, 'test/bench/.keys/keys.js')], {
    env: { ...bare, NODE_ENV: 'production' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lists = JSON.parse(out) as Readonly<Record<string, readonly number[]>>;
  for (const [list, figures] of Object.entries(lists)) {
    tell(`key to frame, ${list}, p50`, percentile(figures, 0.5), 'ms');
    judge({
      what: `key to frame, ${list}, p95 of ${figures.length}`,
      figure: percentile(figures, 0.95),
      atMost: 16,
      unit: 'ms',
    });
  }
}
