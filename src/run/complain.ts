import { type Failure, word } from '../domain/failure.ts';
import { manyLines } from '../report/clean.ts';
import { exits } from './exits.ts';

/** Says what is wrong on standard error, with the way out; the exit code to end with. */
export function complain(failure: Failure): number {
  const { sentence, hint } = word(failure);
  process.stderr.write(`k8s-harden: ${manyLines(sentence)}\n${manyLines(hint)}\n`);
  return exits.usage;
}
