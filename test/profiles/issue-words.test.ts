import { expect, it } from 'vitest';
import * as z from 'zod';
import { issueWords } from '../../src/profiles/issue-words.ts';

it.each<readonly [z.ZodType, unknown, string]>([
  [z.string(), undefined, 'is missing; it should be text'],
  [z.string(), 3, 'should be text'],
  [z.array(z.string()), 'a', 'should be a list'],
  [z.strictObject({}), [], 'should be a map of keys and values'],
  [z.record(z.string(), z.string()), 3, 'should be a map of keys and values'],
  [z.boolean(), 'yes', 'should be true or false'],
  [z.int(), 1.5, 'should be a whole number'],
  [z.enum(['server', 'agent']), 'x', 'should be one of server, agent'],
  [z.literal('node'), 'x', 'should be node'],
  [z.literal([1, 2]), 3, 'should be one of 1, 2'],
  [z.string().min(1), '', 'should not be empty'],
  [z.array(z.string()).min(1), [], 'should have at least one entry'],
  [z.number().min(5), 1, 'should be at least 5'],
  [z.number().max(9), 11, 'should be at most 9'],
  [z.string().regex(/^a/), 'b', 'is not written as it should be'],
  [z.string().refine(() => false, 'needs to be a range'), 'b', 'needs to be a range'],
])('%# says it in plain words', (schema, value, words) => {
  const read = schema.safeParse(value);
  expect(read.success ? '' : issueWords(read.error.issues[0]?.message ?? '')).toBe(words);
});
