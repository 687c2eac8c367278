import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { ValidateWant } from '../../src/profiles/wants.ts';

const types: Readonly<Record<string, z.ZodType>> = {
  kernel: z.strictObject({ key: z.string(), value: z.number().transform(String), file: z.string() }),
  object: z.strictObject({ create: z.string() }),
  attested: z.strictObject({ ask: z.string(), show: z.strictObject({ command: z.array(z.string()) }) }),
  file: z.strictObject({ path: z.string().regex(/^(\/|\{\{)/, 'an absolute path') }),
};

/** Resource types for tests that need no real ones. */
export const validateWant: ValidateWant = (type, spec) => types[type]?.parse(spec);

/** A folder of profiles that is gone after `use`. */
export async function withFolder<T>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'profiles-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A distribution of few words. */
export const distribution = `title: Small
words:
  data-dir: /var/lib/small
  db: "{{data-dir}}/db"
versioned:
  profile:
    - versions: "<1.25"
      values: [old, older]
    - versions: ">=1.25"
      values: [new]
units: { server: small-server, agent: small-agent }
versionCommands:
  - [k3s, --version]
kubectl: [kubectl]
config:
  file: /etc/small/config.yaml
  folder: /etc/small/config.yaml.d
  ours: /etc/small/config.yaml.d/90.yaml
  environment: { files: [], prefix: SMALL_ }
  dataDir: { key: data-dir, word: data-dir }
health:
  fatal: [fatal]
  unhardened: []
  seconds: 60
`;

/** A control with one kernel want, with any of its lines replaced or added. */
export function control(id: string, lines: Readonly<Record<string, string>> = {}): string {
  const all = {
    title: 'A value',
    roles: '[server]',
    why: 'Because.',
    breaks: 'Nothing.',
    impact: 'none',
    wants: '[{ kernel: { key: kernel.panic, value: 10, file: /etc/sysctl.d/90.conf } }]',
    sources: '[a source]',
    ...lines,
  };
  const body = Object.entries(all).map(([key, value]) => `  ${key}: ${value}\n`);
  return `- id: ${id}\n${body.join('')}`;
}

/** A check of a trouble, with any of its lines replaced or added. */
export function check(id: string, lines: Readonly<Record<string, string>> = {}): string {
  const lesson = { asks: 'A value.', healthy: 'It is 10.', means: 'It is broken.' };
  return control(id, { ...lesson, ...lines, fault: lines.fault ?? 'It is another' });
}

/** A trouble of these checks. */
export function trouble(id: string, ...checks: readonly string[]): string {
  const list = checks.join('').replaceAll(/^/gm, '  ').trimEnd();
  return `id: ${id}\ntitle: Something is wrong\nsymptom: One sees it.\nchecks:\n${list}\n`;
}

/** A benchmark of items, each `number level control`. */
export function benchmark(...items: readonly string[]): string {
  const list = items.map((item) => {
    const [number, level, id] = item.split(' ');
    return `  - { number: "${number}", level: ${level}, control: ${id} }\n`;
  });
  return `title: A benchmark\nkubernetes: ">=1.21 <1.24"\nitems:\n${list.join('')}`;
}

/** The smallest whole set of files. */
export const whole: Readonly<Record<string, string>> = {
  'small/distribution.yaml': distribution,
  'small/controls/kernel.yaml': control('values') + control('more', { needs: '[values]' }),
  'small/first.yaml': benchmark('1.1 1 values', '1.2 2 more'),
};
