import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { gatesSchema } from '../../src/profiles/gate-schema.ts';
import { controlSchema, controlsSchema } from '../../src/profiles/schema.ts';
import { namedCheckSchema, ownCheckSchema, troubleSchema } from '../../src/profiles/trouble-schema.ts';
import { resources } from '../../src/resources/index.ts';
import { absentSchema } from '../../src/resources/object-absent.ts';
import { eachSchema } from '../../src/resources/object-each.ts';
import { existsSchema } from '../../src/resources/object-exists.ts';
import { isolationSchema } from '../../src/resources/object-isolation.ts';
import { everyNamespaceSchema } from '../../src/resources/object-namespaces.ts';
import { noneSchema as objectNoneSchema } from '../../src/resources/object-none.ts';
import { environmentSchema } from '../../src/resources/rancher-environment.ts';
import { loginSchema } from '../../src/resources/rancher-login.ts';
import { noneSchema } from '../../src/resources/rancher-none.ts';
import { settingSchema } from '../../src/resources/rancher-setting.ts';
import { someSchema } from '../../src/resources/rancher-some.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/controls.md'), 'utf8');

/** A JSON schema as far as ours need it. */
type Shape = {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
};

/** A row of a table: the key, whether it must be given, and what it takes. */
type Row = readonly [key: string, required: string, takes: string];

function shapeOf(schema: z.ZodType): Shape {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
}

/** Every key below a shape: those of a map in a map after a dot, those of maps in a list after `[].`. */
function rowsOf(shape: Shape, before = ''): readonly Row[] {
  const alternatives = shape.anyOf ?? [shape];
  return alternatives.flatMap((one) =>
    Object.entries(one.properties ?? {}).flatMap(([key, value]): readonly Row[] => {
      const needed = one.required?.includes(key) && value.default === undefined;
      const required =
        value.default === undefined ? (needed ? 'yes' : 'no') : `\`${JSON.stringify(value.default)}\``;
      const here = `${before}${key}`;
      const deeper = value.items ? rowsOf(value.items, `${here}[].`) : rowsOf(value, `${here}.`);
      return [[here, required.replaceAll('"', ''), takes(value)], ...deeper];
    }),
  );
}

function takes(shape: Shape): string {
  const words = (shape.enum ?? (shape.const === undefined ? [] : [shape.const])).map((v) => `\`${v}\``);
  if (words.length > 0) return words.join(', ');
  if (shape.items) return `list: ${takes(shape.items)}`;
  if (shape.anyOf?.every((one) => one.properties)) return 'map';
  const kinds = [shape.type ?? shape.anyOf?.map((one) => one.type) ?? []].flat();
  const [kind] = kinds;
  if (kinds.length > 1 && kinds.every((k) => ['string', 'number', 'boolean'].includes(String(k))))
    return 'plain value';
  if (kinds.length !== 1 || typeof kind !== 'string') return 'any value';
  return { object: 'map', string: 'text', boolean: '`true`, `false`', integer: 'number' }[kind] ?? kind;
}

/** The text of a chapter, up to the next heading. */
function chapter(title: string): string {
  const from = text.indexOf(`\n## ${title}\n`);
  expect(from, `docs/controls.md has no chapter “${title}”`).toBeGreaterThan(0);
  return text.slice(from + 4).split('\n## ')[0] ?? '';
}

function tableOf(title: string): readonly Row[] {
  return chapter(title)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [, key = '', required = '', what = '', meaning = ''] = line.split(' | ').join('|').split('|');
      expect(meaning.trim().length, `${title}: ${key} has no meaning`).toBeGreaterThan(10);
      return [key.trim().replaceAll('`', ''), required.trim(), what.trim()];
    });
}

function examplesOf(title: string): readonly unknown[] {
  return [...chapter(title).matchAll(/```yaml\n(.*?)```/gs)].map((found) => parse(found[1] ?? ''));
}

const schemas: Readonly<Record<string, z.ZodType>> = {
  ...Object.fromEntries(
    [...resources.values()].map((resource) => [resource.type, resource.schema as unknown as z.ZodType]),
  ),
  'object, each': eachSchema,
  'object, everyNamespaceHas': everyNamespaceSchema,
  'object, exists': existsSchema,
  'object, absent': absentSchema,
  'object, none': objectNoneSchema,
  'object, isolated': isolationSchema,
  'rancher, none': noneSchema,
  'rancher, some': someSchema,
  'rancher, setting': settingSchema,
  'rancher, environment': environmentSchema,
  'rancher, refusesLogin': loginSchema,
};
const { object: _, rancher: _rancher, ...types } = schemas;

describe.each(Object.entries(types))('docs/controls.md on %s', (title, schema) => {
  it('has a row for every key and for no other, each with what it takes', () => {
    expect(tableOf(title).toSorted()).toEqual(rowsOf(shapeOf(schema)).toSorted());
  });

  it('has examples that the type takes, with every key in one of them', () => {
    const wants = examplesOf(title).flat() as Readonly<Record<string, object>>[];
    const type = title.replace(/,.*/, '');
    expect(wants.length).toBeGreaterThan(0);
    for (const want of wants) {
      expect(Object.keys(want)).toEqual([type]);
      expect(schema.safeParse(want[type]), JSON.stringify(want)).toMatchObject({ success: true });
    }
    const used = new Set(wants.flatMap((want) => Object.keys(want[type] ?? {})));
    expect([...used].toSorted()).toEqual(
      [...new Set(tableOf(title).map(([key]) => key.replace(/(\[\])?\..*/, '')))].toSorted(),
    );
  });
});

describe.each([
  ['A control', controlsSchema],
  ['A version gate', gatesSchema],
] as const)('docs/controls.md: %s', (title, schema) => {
  it('has a row for every key and for no other, each with what it takes', () => {
    expect(tableOf(title).toSorted()).toEqual(rowsOf(shapeOf(schema).items ?? {}).toSorted());
  });

  it('has an example that the loader takes', () => {
    const [example] = examplesOf(title);
    expect(schema.safeParse(example)).toMatchObject({ success: true });
    for (const { wants } of schema.parse(example)) {
      for (const want of wants)
        for (const [type, spec] of Object.entries(want)) resources.get(type)?.schema.parse(spec);
    }
  });
});

describe('docs/controls.md: A trouble', () => {
  const keys = (schema: z.ZodType) => rowsOf(shapeOf(schema));
  const ofControl = keys(controlSchema).map(([key]) => key);

  it('has a row for every key of a trouble and of its checks, each with what it takes', () => {
    const own = keys(ownCheckSchema).filter(([key]) => !ofControl.includes(key));
    const all = [...keys(troubleSchema), ...own, ...keys(namedCheckSchema)];
    expect(tableOf('A trouble').toSorted()).toEqual(all.toSorted());
  });

  it('has an example that the loader takes', () => {
    expect(troubleSchema.safeParse(examplesOf('A trouble')[0])).toMatchObject({ success: true });
  });
});
