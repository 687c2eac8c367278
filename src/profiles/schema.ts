import * as z from 'zod';
import type { Benchmark, Control } from '../domain/control.ts';
import type { Distribution } from '../domain/distribution.ts';
import { readOnlyCommand, refusedInProfile } from '../domain/read-only.ts';
import { isRange } from '../domain/version.ts';

const text = z.string().trim().min(1, 'must not be empty');
const name = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens');
const range = z
  .string()
  .refine(isRange, 'is not a range of versions such as ">=1.21 <1.24", joined by || where there are several');
const path = z
  .string()
  .regex(/^(\/|\{\{)[^\0\n]*$/, 'must be an absolute path, or one that begins with a {{word}}');
const words = z.array(z.string().min(1)).min(1);
const pattern = z.string().min(1).refine(compiles, 'is not a regular expression');
const role = z.enum(['server', 'agent', 'etcd']);

/** What `distribution.yaml` may say; the folder gives the id. */
export const distributionSchema = z.strictObject({
  title: text,
  notice: text.exactOptional(),
  words: z.record(name, z.string()),
  versioned: z
    .record(name, z.array(z.strictObject({ versions: range, values: z.array(text).min(1) })).min(1))
    .default({}),
  units: z.strictObject({ server: text, agent: text }),
  versionCommands: z.array(words).min(1),
  programs: z.array(path).exactOptional(),
  etcd: z.strictObject({ without: text, folder: path }).exactOptional(),
  kubectl: words,
  config: z.strictObject({
    file: path,
    folder: path,
    ours: path,
    environment: z.strictObject({ files: z.array(path), prefix: z.string() }),
    dataDir: z.strictObject({ key: text, word: name }),
    nodeName: text.exactOptional(),
    managedBy: z.array(z.strictObject({ file: path, who: text, instead: text })).default([]),
  }),
  health: z.strictObject({
    fatal: z.array(pattern).min(1),
    unhardened: z.array(pattern),
    logs: z.array(words).default([]),
    seconds: z.number().int().min(10).max(3600),
    settle: z.number().int().min(0).max(600).default(10),
  }),
});

const want = z
  .record(z.string(), z.unknown())
  .refine((w) => Object.keys(w).length === 1, 'must be one resource type with what is wanted of it');

/** What follows `kubectl get`. */
const gets = words.superRefine((asked, context) => {
  const reads = readOnlyCommand(['kubectl', 'get', ...asked]);
  if (reads !== true) context.addIssue({ code: 'custom', message: refusedInProfile(reads) });
});

const leaving = z.strictObject({
  list: gets,
  namespace: text.exactOptional(),
  name: text,
  at: z.array(text).min(1).exactOptional(),
});

const control = z
  .strictObject({
    id: name,
    title: text,
    target: z.enum(['node', 'cluster', 'workstation']).default('node'),
    roles: z.array(role).default([]),
    why: text,
    breaks: text,
    impact: z.enum([
      'none',
      'traffic',
      'pod-start',
      'service-restart',
      'pod-eviction',
      'reboot',
      'irreversible',
    ]),
    wants: z.array(want).min(1),
    needs: z.array(name).default([]),
    broughtBy: z.array(name).min(1).exactOptional(),
    versions: range.exactOptional(),
    preview: z.literal('pod-security').exactOptional(),
    guarded: z.literal('profile-switch').exactOptional(),
    partly: text.exactOptional(),
    first: z
      .array(
        z.strictObject({
          words,
          roles: z.array(role).min(1),
          why: text,
          leaves: z.array(leaving).min(1).exactOptional(),
        }),
      )
      .exactOptional(),
    cures: z.array(pattern).min(1).exactOptional(),
    sources: z.array(text).min(1),
  })
  .refine((c) => c.target !== 'node' || c.roles.length > 0, {
    path: ['roles'],
    message: 'must name at least one role, for this control is asked on nodes',
  });

/** What a file below `controls/` may say. */
export const controlsSchema = z.array(control).min(1);

/** What a benchmark file may say; its name gives the id, its folder the distribution. */
export const benchmarkSchema = z.strictObject({
  title: text,
  kubernetes: range,
  items: z
    .array(
      z.strictObject({
        number: z.string('must be in quotes, for example "1.10"').min(1),
        level: z.union([z.literal(1), z.literal(2)], 'must be 1 or 2'),
        control: name,
      }),
    )
    .min(1),
});

/** A distribution as its file states it. */
export type DistributionData = Omit<Distribution, 'id'>;
/** A control as its file states it: the wants are still `{ type: spec }`. */
export type ControlData = Omit<Control, 'wants'> & {
  readonly wants: readonly Readonly<Record<string, unknown>>[];
};
/** A benchmark as its file states it. */
export type BenchmarkData = Omit<Benchmark, 'id' | 'distribution'>;

function compiles(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
