import { spawn } from 'node:child_process';
import type { DeedReport } from '../domain/ports.ts';
import { commandLine } from '../domain/quote.ts';
import { systemCode, systemWords } from '../domain/system-error.ts';
import { cleanText } from './wire/clean.ts';

/** So many of its last lines are kept for the record. */
const keptLines = 200;

/**
 * Runs `rke up` on the operator's own machine and waits for its end, however long that takes: ended half-way, it would leave
 * a cluster half made. No shell is between, and nothing is typed into it.
 */
export async function makeClusterHere(
  words: readonly string[],
  onOutput: (line: string) => void,
): Promise<DeedReport> {
  const [program = '', verb, flag, file, ...more] = words;
  if (program !== 'rke' || verb !== 'up' || flag !== '--config' || file === undefined || more.length > 0)
    return refused(`Only rke up --config FILE makes a cluster here, not ${commandLine(words)}.`);
  const output: string[] = [];
  const say = (line: string): void => {
    const clean = cleanText(line).trimEnd();
    if (clean === '') return;
    output.push(clean);
    if (output.length > keptLines) output.shift();
    onOutput(clean);
  };
  return new Promise((resolve) => {
    const child = spawn(program, words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
    const [, out, error] = child.stdio;
    const rests = [out, error].map((stream) => linesOf(stream, say));
    child.once('error', (error) =>
      resolve(
        refused(
          systemCode(error) === 'ENOENT'
            ? `There is no rke on this machine, so the cluster stays as it is. Install the rke that made it, or run ${commandLine(words)} where it is.`
            : `rke could not be started: ${systemWords(error)}.`,
        ),
      ),
    );
    child.once('close', (code, signal) => {
      for (const rest of rests) rest();
      if (code === 0) return resolve({ kind: 'done', output });
      const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
      const message = `${commandLine(words)} ${how}${output.length > 0 ? `: ${output.at(-1)}` : ''}`;
      resolve({
        kind: 'unknown',
        failure: { code: 'change-failed', node: 'workstation', message },
        output,
      });
    });
  });
}

/** Hands on whole lines; what is returned hands on the last one, which may have no end. */
function linesOf(stream: NodeJS.ReadableStream, say: (line: string) => void): () => void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) say(line);
  });
  return () => say(rest);
}

function refused(message: string): DeedReport {
  return { kind: 'refused', failure: { code: 'refused', message }, output: [] };
}
