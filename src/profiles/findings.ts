import type { z } from 'zod';
import type { Failure, Result } from '../domain/failure.ts';
import { type ProfileDocument, readDocument } from './document.ts';
import { flawsOf } from './validate.ts';

/** Everything that is wrong with some profiles, in the order in which it was found. */
export class Findings {
  readonly all: Failure[] = [];

  /** Keeps a failure, once, though several distributions may have met it; hands on a value. */
  take<T>(result: Result<T>): T | undefined {
    if (result.ok) return result.value;
    const text = JSON.stringify(result.failure);
    if (!this.all.some((failure) => JSON.stringify(failure) === text)) this.all.push(result.failure);
    return undefined;
  }

  /** Reads a file; what keeps it from being read is a finding. */
  async document(file: string): Promise<ProfileDocument | undefined> {
    return this.take(await readDocument(file));
  }

  /** A document's data through a schema; everything that is wrong with it is a finding. */
  validate<T>(document: ProfileDocument, schema: z.ZodType<T>): T | undefined {
    const read = schema.safeParse(document.data);
    if (read.success) return read.data;
    for (const { path, message } of flawsOf(read.error.issues, document.data))
      this.take(document.invalid(path, message));
    return undefined;
  }
}
