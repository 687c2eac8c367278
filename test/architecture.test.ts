import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = resolve(import.meta.dirname, '../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(source, name), 'utf8') }));

/** Which room may open the door to which. The hall (main, flags, run/) may open all. */
const doors: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  resources: ['domain'],
  profiles: ['domain'],
  transport: ['domain'],
  journal: ['domain'],
  report: ['domain'],
  engine: ['resources', 'domain'],
  store: ['engine', 'report', 'domain'],
  ui: ['store', 'domain'],
  lab: ['domain', 'transport'],
};

/** Packages that may be imported only in these rooms. */
const packages: Readonly<Record<string, RegExp>> = {
  react: /^ui\//,
  ink: /^ui\//,
  'ink-select-input': /^ui\//,
  'node-ssh': /^transport\//,
  ssh2: /^(transport|lab)\//,
  zustand: /^(store\/|ui\/use-app\.ts$)/,
  yaml: /^(profiles|resources|run)\//,
  zod: /^(profiles|resources|lab|report)\//,
  diff: /^engine\//,
};

function roomOf(name: string): string {
  return name.includes('/') ? (name.split('/')[0] ?? '') : 'main';
}

/** Static and dynamic imports; a sentence that happens to say 'from' is none. */
function importsOf(text: string): readonly string[] {
  const statics = /^(?:import|export)\b[^;'"]*?\bfrom '([^']+)'|^import '([^']+)'/gm;
  const dynamics = /\bimport\('([^']+)'\)/g;
  return [...text.matchAll(statics), ...text.matchAll(dynamics)].map((m) => m[1] ?? m[2] ?? '');
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}

/** What reads a clock, draws lots, waits or asks outside: what two runs on the same values could differ by. */
const unruly =
  /\bprocess\.|\bperformance\.|\bDate\.now\b|\bnew Date\b(?!\s*\(\s*[^\s)])|(?<!new )\bDate\(|\bMath\.random\b|\bcrypto\.|\brandomUUID\b|\bglobalThis\b|\bset(?:Timeout|Interval|Immediate)\b|\bfetch\(|\basync\b/;

describe('the doors of the house', () => {
  it('reads some files', () => expect(files.length).toBeGreaterThan(40));

  it.each(files)('$name imports only through open doors', ({ name, text }) => {
    const room = roomOf(name);
    for (const target of importsOf(text)) {
      if (target.startsWith('.')) {
        const to = roomOf(relative(source, resolve(dirname(join(source, name)), target)));
        const open = room === 'main' || room === 'run' || to === room || (doors[room] ?? []).includes(to);
        expect(open, `${name} imports ${target}`).toBe(true);
      } else if (!target.startsWith('node:')) {
        const pkg = target.startsWith('@')
          ? target.split('/').slice(0, 2).join('/')
          : (target.split('/')[0] ?? '');
        const where = packages[pkg];
        expect(where, `${name} imports ${pkg}, which no room may`).toBeDefined();
        expect(where?.test(name), `${name} imports ${pkg}`).toBe(true);
      }
    }
  });

  it.each(files.filter((f) => /^(domain|resources|report)\//.test(f.name)))(
    '$name does no I/O and knows no clock',
    ({ name, text }) => {
      const code = withoutComments(text);
      const allowed = name === 'resources/fingerprint.ts' ? /^node:crypto$/ : /^$/;
      for (const target of importsOf(code))
        if (target.startsWith('node:')) expect(target, name).toMatch(allowed);
      expect(code, name).not.toMatch(unruly);
    },
  );

  it.each([
    'Date.now()',
    'new Date()',
    'new Date( )',
    'new Date',
    'new Date;',
    '+new Date',
    'Date()',
    'String(Date())',
    'performance.now()',
    'crypto.randomUUID()',
    'randomUUID()',
    'crypto.getRandomValues(new Uint8Array(1))',
    'Math.random()',
    'process.hrtime()',
    'globalThis.Date',
    'setTimeout(f)',
    'fetch(url)',
    'async () => 1',
  ])('sees that %s is not the same every time', (code) => expect(code).toMatch(unruly));

  it.each(['new Date(seconds * 1000).toISOString()', "Date.parse('2026')", "from 'node:crypto'"])(
    'lets %s pass, which is the same every time',
    (code) => expect(code).not.toMatch(unruly),
  );

  it.each(files)('$name is at most 250 lines', ({ text }) => {
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(250);
  });

  it('has no circle of imports', () => {
    const graph = new Map(
      files.map(({ name, text }) => [
        name,
        importsOf(text.replaceAll(/import type[^;]*;/g, ''))
          .filter((t) => t.startsWith('.'))
          .map((t) => relative(source, resolve(dirname(join(source, name)), t))),
      ]),
    );
    const done = new Set<string>();
    const visit = (name: string, path: readonly string[]): void => {
      expect(path, `circle: ${[...path, name].join(' → ')}`).not.toContain(name);
      if (done.has(name)) return;
      for (const next of graph.get(name) ?? []) visit(next, [...path, name]);
      done.add(name);
    };
    for (const name of graph.keys()) visit(name, []);
  });
});

describe('words that must not stand in the tree', () => {
  it('has no leftovers in the source', () => {
    const left = files
      .filter(({ text }) => /\b(TODO|FIXME|XXX)\b|console\.(log|error|warn)/.test(text))
      .map((f) => f.name);
    expect(left).toEqual([]);
  });

  it('never reloads every kernel value: only our own file', () => {
    const bad = files
      .filter(({ text }) =>
        /sysctl['"`, ]+--system|restart['"`, ]+systemd-sysctl/.test(withoutComments(text)),
      )
      .map((f) => f.name);
    expect(bad).toEqual([]);
  });
});
