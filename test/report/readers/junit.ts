import { type Element, readXml } from './xml.ts';

type Rule = {
  readonly needs: readonly string[];
  readonly may: readonly string[];
  readonly children: readonly string[];
  readonly mixed?: boolean;
};

/** The elements as the schema of the xUnit plugin of Jenkins has them (junit-10.xsd), as far as we use them. */
const rules: Readonly<Record<string, Rule>> = {
  testsuites: { needs: [], may: ['name', 'time', 'tests', 'failures', 'errors'], children: ['testsuite'] },
  testsuite: {
    needs: ['name', 'tests', 'failures', 'errors'],
    may: ['skipped', 'timestamp', 'hostname', 'id', 'package', 'time'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
  },
  properties: { needs: [], may: [], children: ['property'] },
  property: { needs: ['name', 'value'], may: [], children: [] },
  testcase: {
    needs: ['name'],
    may: ['classname', 'time', 'group'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  failure: { needs: [], may: ['type', 'message'], children: [], mixed: true },
  error: { needs: [], may: ['type', 'message'], children: [], mixed: true },
  skipped: { needs: [], may: ['type', 'message'], children: [], mixed: true },
  'system-out': { needs: [], may: [], children: [], mixed: true },
};

/** Reads a JUnit report by that schema, and holds every count against the cases that it counts. */
export function readJunit(source: string): Element {
  const root = readXml(source);
  if (root.name !== 'testsuites') throw new Error(`<${root.name}> is no root`);
  check(root);
  for (const suite of [root, ...root.children]) counts(suite);
  return root;
}

/** All elements of a name, in order. */
export function all(element: Element, name: string): readonly Element[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

function check(element: Element): void {
  const { name, attributes, children, text } = element;
  const rule = rules[name];
  if (!rule) throw new Error(`<${name}> is not known`);
  const given = Object.keys(attributes);
  for (const need of rule.needs) if (!given.includes(need)) throw new Error(`<${name}> has no ${need}`);
  for (const one of given)
    if (![...rule.needs, ...rule.may].includes(one)) throw new Error(`<${name}> has ${one}`);
  if (!rule.mixed && text.trim() !== '') throw new Error(`<${name}> holds text: ${text}`);
  for (const child of children) {
    if (!rule.children.includes(child.name)) throw new Error(`<${child.name}> stands in <${name}>`);
    check(child);
  }
}

function counts(suite: Element): void {
  const cases = all(suite, 'testcase');
  const number = (name: string) =>
    cases.filter((c) => c.children.some((child) => child.name === name)).length;
  const real = { tests: cases.length, failures: number('failure'), errors: number('error') };
  for (const [name, value] of Object.entries(real))
    if (suite.attributes[name] !== String(value))
      throw new Error(`${suite.attributes.name}: ${name} is ${suite.attributes[name]}, not ${value}`);
}
