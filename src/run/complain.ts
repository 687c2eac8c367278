import { type Failure, word } from '../domain/failure.ts';
import { exits } from './exits.ts';

/** Says what is wrong on standard error, with the way out; the exit code to end with. */
export function complain(failure: Failure): number {
  const { sentence, hint } = word(failure);
  process.stderr.write(`k8s-harden: ${sentence}\n${hint}\n`);
  return exits.usage;
}
