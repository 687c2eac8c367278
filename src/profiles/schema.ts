import * as z from 'zod';
import type { Benchmark, BenchmarkItem, Control } from '../domain/control.ts';
import type { Distribution } from '../domain/distribution.ts';
import { readOnlyCommand, refusedInProfile } from '../domain/read-only.ts';
import { edgesOf, inRange, isRange } from '../domain/version.ts';
import { namesRoles, roleless, wantless, wantsSomething } from './control-rules.ts';

/** A text that says something. */
export const text = z.string().trim().min(1, 'must not be empty');
/** The name of a control, a benchmark, a trouble. */
export const name = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens');
/** A range of versions that holds some. */
export const range = z
  .string()
  .refine(isRange, 'is not a range of versions such as ">=1.21 <1.24", joined by || where there are several')
  .refine(
    (r) => !isRange(r) || holdsSome(r),
    'holds no version at all; the lower bound comes first, as in ">=1.21 <1.24"',
  );
const path = z
  .string()
  .regex(/^(\/|\{\{)[^\0\n]*$/, 'must be an absolute path, or one that begins with a {{word}}');
const minor = z.string().regex(/^\d+\.\d+$/, 'must be a minor version in quotes such as "1.32"');
const words = z.array(z.string().min(1)).min(1);
/** A regular expression. */
export const pattern = z.string().min(1).refine(compiles, 'is not a regular expression');
const managers = z
  .array(
    z.strictObject({
      file: path,
      also: z.array(path).min(1).exactOptional(),
      units: z
        .string()
        .regex(/^[\w@.-]+\*?$/, 'a name of a unit, or how it begins and a *')
        .exactOptional(),
      who: text,
      instead: text,
      options: z.record(name, text).exactOptional(),
      rest: text.exactOptional(),
    }),
  )
  .default([]);

/** What follows `kubectl get`. */
const gets = words.superRefine((asked, context) => {
  const reads = readOnlyCommand(['kubectl', 'get', ...asked]);
  if (reads !== true) context.addIssue({ code: 'custom', message: refusedInProfile(reads) });
});

/** A role of a node. */
export const role = z.enum(['server', 'agent', 'etcd']);

/** What `distribution.yaml` may say; the folder gives the id. */
export const distributionSchema = z
  .strictObject({
    title: text,
    notice: text.exactOptional(),
    endOfLife: z
      .strictObject({
        date: z.string().regex(/^\d{4}-\d\d-\d\d$/, 'must be a day such as "2025-07-31"'),
        words: text,
        last: minor.exactOptional(),
      })
      .exactOptional(),
    words: z.record(name, z.string()),
    versioned: z
      .record(name, z.array(z.strictObject({ versions: range, values: z.array(text).min(1) })).min(1))
      .default({}),
    units: z.strictObject({ server: text, agent: text }),
    restartOrder: z
      .tuple([z.enum(['server', 'agent']), z.enum(['server', 'agent'])])
      .refine(([first, then]) => first !== then, 'must name each of server and agent once')
      .exactOptional(),
    roleFiles: z.strictObject({ server: path, agent: path, etcd: path }).exactOptional(),
    containers: z
      .strictObject({
        marks: z.array(text).min(1),
        server: text,
        etcd: text,
        image: pattern.refine((p) => /\((?!\?)/.test(p), 'must have a group for the version'),
        instead: text,
      })
      .exactOptional(),
    clusterFile: z
      .strictObject({
        path: text,
        beside: z.array(text).default([]),
        version: text.exactOptional(),
        apply: words,
      })
      .exactOptional(),
    versionCommands: z.array(words).default([]),
    programs: z.array(path).exactOptional(),
    etcd: z
      .strictObject({ without: text.exactOptional(), folder: path, account: text.exactOptional() })
      .exactOptional(),
    kubectl: words,
    kubectlOn: z.literal('workstation').exactOptional(),
    learns: z.record(name, z.strictObject({ get: gets, at: text })).exactOptional(),
    argumentFiles: z
      .strictObject({
        folder: path,
        unit: text.includes('{service}', 'must have {service} in it'),
        managedBy: managers,
        watcher: text.exactOptional(),
        programs: text.exactOptional(),
      })
      .exactOptional(),
    config: z
      .strictObject({
        file: path,
        folder: path,
        ours: path,
        environment: z.strictObject({ files: z.array(path), prefix: z.string() }),
        dataDir: z.strictObject({ key: text, word: name }),
        nodeName: text.exactOptional(),
        managedBy: managers,
      })
      .exactOptional(),
    health: z.strictObject({
      fatal: z.array(pattern).min(1),
      unhardened: z.array(pattern),
      logs: z.array(words).default([]),
      seconds: z.number().int().min(10).max(3600),
      settle: z.number().int().min(0).max(600).default(10),
    }),
  })
  .refine((d) => d.containers !== undefined || d.versionCommands.length > 0, {
    path: ['versionCommands'],
    message: 'must name at least one command, unless containers tell the version',
  });

/** One resource type with what is wanted of it. */
export const want = z
  .record(z.string(), z.unknown())
  .refine((w) => Object.keys(w).length === 1, 'must be one resource type with what is wanted of it');

const leaving = z.strictObject({
  list: gets,
  namespace: text.exactOptional(),
  name: text,
  at: z.array(text).min(1).exactOptional(),
});

/** What a line of a benchmark says beside its control. */
const line = {
  number: z.string('must be in quotes, for example "1.10"').min(1),
  level: z.union([z.literal(1), z.literal(2)], 'must be 1 or 2'),
  class: z.enum(['default', 'bootstrap', 'post-deployment', 'not-applicable']).exactOptional(),
};

/** Every key of a control. */
export const controlKeys = {
  id: name,
  title: text,
  target: z.enum(['node', 'cluster', 'workstation', 'rancher']).default('node'),
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
  risk: text.exactOptional(),
  notApplicable: text.exactOptional(),
  wants: z.array(want).default([]),
  needs: z.array(name).default([]),
  broughtBy: z.array(name).min(1).exactOptional(),
  versions: range.exactOptional(),
  preview: z.enum(['pod-security', 'images']).exactOptional(),
  guarded: z.enum(['profile-switch', 'one-key']).exactOptional(),
  partly: text.exactOptional(),
  first: z
    .array(
      z.strictObject({
        words,
        roles: z.array(role).min(1),
        why: text,
        leaves: z.array(leaving).min(1).exactOptional(),
        stays: text.exactOptional(),
      }),
    )
    .exactOptional(),
  cures: z.array(pattern).min(1).exactOptional(),
  sources: z.array(text).min(1),
};

/** What one control of such a file may say. */
export const controlSchema = z
  .strictObject({
    ...controlKeys,
    listed: z
      .array(z.strictObject({ benchmark: name, ...line }))
      .min(1)
      .exactOptional(),
  })
  .refine(namesRoles, roleless)
  .refine(wantsSomething, wantless);

/** What a file below `controls/` may say. */
export const controlsSchema = z.array(controlSchema).min(1);

/** What a benchmark file may say; its name gives the id, its folder the distribution. */
export const benchmarkSchema = z.strictObject(
  {
    title: text,
    kubernetes: range,
    levels: z.tuple([text, text]).exactOptional(),
    items: z.array(z.strictObject({ ...line, control: name })).min(1),
  },
  {
    error: ({ code, input }) =>
      code === 'invalid_type' && Array.isArray(input)
        ? 'is read as a benchmark and is a list; controls belong in the folder controls beside it'
        : undefined,
  },
);

/** A distribution as its file states it. */
export type DistributionData = Omit<Distribution, 'id'>;
/** A control as its file states it: the wants are still `{ type: spec }`. */
export type ControlData = Omit<Control, 'wants' | 'onlyIf'> & {
  readonly wants: readonly Readonly<Record<string, unknown>>[];
};
/** A line of a benchmark that a control writes itself. */
export type ListedData = Omit<BenchmarkItem, 'control' | 'added'> & { readonly benchmark: string };
/** A control as a file below `controls/` states it, which may also say where it is listed. */
export type ListedControlData = ControlData & { readonly listed?: readonly ListedData[] };
/** A benchmark as its file states it. */
export type BenchmarkData = Omit<Benchmark, 'id' | 'distribution'>;

function holdsSome(range: string): boolean {
  return edgesOf([range]).some((version) => inRange(version, range));
}

function compiles(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
