import * as z from 'zod';
import { longAgo } from './files.ts';
import { mergePatch } from './merge-patch.ts';
import { rancherSchema } from './rancher-schema.ts';

const octal = z
  .string({ error: 'a mode is text of four octal digits, in quotes' })
  .regex(/^[0-7]{4}$/, 'a mode is text of four octal digits, in quotes');

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const file = z
  .strictObject({
    mode: octal.optional(),
    owner: z.string().default('root'),
    group: z.string().default('root'),
    text: z.string().optional(),
    modified: z.number().default(longAgo),
  })
  .transform(({ mode, text: content, ...rest }) => ({
    ...rest,
    mode: mode ?? (content === undefined ? '0755' : '0644'),
    ...(content === undefined ? {} : { text: content }),
  }));

const account = z.strictObject({
  uid: z.number().int(),
  gid: z.number().int(),
  shell: z.string().default('/usr/sbin/nologin'),
  comment: z.string().default(''),
  home: z.string().default('/nonexistent'),
});

const sub = { active: 'running', inactive: 'dead', failed: 'failed', activating: 'start' } as const;

const unit = z
  .strictObject({
    active: z.enum(['active', 'inactive', 'failed', 'activating']).default('active'),
    sub: z.string().optional(),
    enabled: z.enum(['enabled', 'disabled', 'masked', 'static']).optional(),
    beneath: z.enum(['enabled', 'disabled', 'static']).optional(),
    restarts: z.number().int().default(0),
    since: z.number().optional(),
    pid: z.number().int().optional(),
    result: z.enum(['success', 'exit-code']).default('success'),
    due: z.number().optional(),
  })
  .transform(({ beneath, due, ...u }) => ({
    ...u,
    sub: u.sub ?? sub[u.active],
    enabled: u.enabled ?? (u.active === 'active' ? ('enabled' as const) : ('disabled' as const)),
    since: u.since ?? (u.active === 'active' ? longAgo : 0),
    pid: u.pid ?? (u.active === 'active' ? 900 : 0),
    ...(u.enabled === 'masked' ? { beneath: beneath ?? 'disabled' } : {}),
    ...(due === undefined ? {} : { due }),
  }));

const journalLine = z.union([
  z.string().transform((line) => ({ at: longAgo, text: line })),
  z.strictObject({ at: z.number(), text: z.string() }),
]);

const processes = z.union([z.array(z.array(text)), z.array(text).transform((words) => [words])]);

const container = z.strictObject({
  image: z.string(),
  args: z.array(text).default([]),
  binds: z.array(z.string()).default([]),
  state: z.string().default('running'),
  started: z.string().default(new Date(longAgo * 1000).toISOString()),
  variables: z.array(z.string()).default([]),
});

const everybody = { root: { uid: 0, gid: 0, shell: '/bin/bash', comment: 'root', home: '/root' } };

/** A node of the practice data, after `common` was laid under it. */
export const nodeSchema = z.strictObject({
  roles: z.array(z.enum(['server', 'agent', 'etcd'])).min(1),
  version: z.string(),
  os: z.string().default('Debian GNU/Linux 12 (bookworm)'),
  arch: z.string().default('x86_64'),
  machineId: z.string().optional(),
  bootId: z.string().optional(),
  booted: z.number().default(longAgo - 60),
  kernel: z.record(z.string(), text).default({}),
  files: z.record(z.string().startsWith('/', 'a path begins with /'), file).default({}),
  accounts: z
    .record(z.string(), account)
    .default({})
    .transform((named) => ({ ...everybody, ...named })),
  groups: z
    .record(z.string(), z.number().int())
    .default({})
    .transform((named) => ({ root: 0, ...named })),
  units: z.record(z.string(), unit).default({}),
  processes: z.record(z.string(), processes).default({}),
  containers: z.record(z.string(), container).default({}),
  journal: z.record(z.string(), z.array(journalLine)).default({}),
  quirks: z.array(z.enum(['etcd-database-stays-root'])).default([]),
});

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

const breaking = z.strictObject({
  title: z.string(),
  trouble: z.string(),
  finds: z.array(z.string()).min(1),
  patch: z.record(z.string(), z.unknown()),
});

/** The practice data: what every node starts from, the nodes with what is their own, and the cluster's objects. */
export const practiceSchema = z.strictObject({
  title: z.string().optional(),
  distribution: z.string(),
  common: z.record(z.string(), z.unknown()).default({}),
  nodes: z.record(
    z.string(),
    z
      .record(z.string(), z.unknown())
      .nullable()
      .transform((own) => own ?? {}),
  ),
  objects: z.array(object).default([]),
  // What a case takes away stays written as null until here.
  rancher: z.preprocess((given) => mergePatch(undefined, given), rancherSchema.optional()),
  broken: z.record(z.string(), breaking).default({}),
});
