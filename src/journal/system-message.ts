import { systemCode, systemWords } from '../domain/system-error.ts';

/** What the system said of a file operation that failed; anything else is a bug and goes on upwards. */
export function messageOf(error: unknown): string {
  if (systemCode(error) === undefined) throw error;
  return systemWords(error);
}
