import { expect, it } from 'vitest';
import type { Place } from '../../src/domain/distribution.ts';
import type { NodeFacts } from '../../src/domain/event.ts';
import { questionKey } from '../../src/domain/question.ts';
import { limitsAt, placeOf, wantsAt } from '../../src/engine/place.ts';
import { questionsOf, resourceOf } from '../../src/engine/probe.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';

const loaded = await loadProfiles(['profiles'], (type, spec) => resources.get(type)?.schema.parse(spec));
const profiles = loaded.ok ? loaded.value : [];

const facts = (hostname: string, version: string, roles: NodeFacts['roles']): NodeFacts => ({
  hostname,
  machineId: hostname,
  bootId: 'b',
  os: 'Debian 12',
  user: 'root',
  sudo: 'root',
  version,
  roles,
});

it.each(profiles.map((p) => [p.distribution.id, p] as const))(
  'nodes alike of %s are asked with the same questions, which are made ready once',
  (_, { distribution, controls }) => {
    const asked = (name: string) =>
      questionsOf(controls, placeOf(distribution, name, facts(name, 'v1.31.4', ['server', 'etcd'])));
    const [one, other] = [asked('cp-1'), asked('cp-2')];
    expect(one.length).toBeGreaterThan(20);
    expect(other.map(questionKey)).toEqual(one.map(questionKey));
    expect(other.filter((question, i) => question !== one[i])).toEqual([]);
  },
);

it('a server and an agent are asked each its own questions, whichever was asked first', () => {
  const rke2 = profiles.find((p) => p.distribution.id === 'rke2');
  if (!rke2) throw new Error('no rke2');
  const { distribution, controls } = rke2;
  const asked = (version: string, roles: NodeFacts['roles']) =>
    questionsOf(controls, placeOf(distribution, 'a', facts('a', version, roles))).map(questionKey);
  const server = asked('v1.31.4', ['server', 'etcd']);
  const agent = asked('v1.31.4', ['agent']);
  expect(agent).not.toEqual(server);
  expect(asked('v1.31.4', ['server', 'etcd'])).toEqual(server);
  expect(asked('v1.31.4', ['agent'])).toEqual(agent);
});

it.each(profiles.map((p) => [p.distribution.id, p] as const))(
  'what a want of %s asks hangs on distribution, words, roles and session alone',
  (_, { distribution, controls, checks = [] }) => {
    const place = placeOf(distribution, 'a', facts('a', 'v1.31.4', ['server', 'etcd']));
    const odd: Place = {
      ...place,
      node: 'b',
      nodeName: 'the-other',
      nodes: [{ name: 'b', host: '10.0.0.2' }],
      version: [1, 2, 3],
      unsure: { roles: 'x', etcd: 'x', dataDir: 'x', config: 'x' },
      managedBy: { who: 'somebody', instead: 'ask him' },
    };
    const wants = [...controls, ...checks].flatMap((c) => [...wantsAt(c, place), ...limitsAt(c, place)]);
    expect(wants.length).toBeGreaterThan(40);
    for (const { type, spec } of wants)
      expect(resourceOf(type).ask(spec, odd), type).toEqual(resourceOf(type).ask(spec, place));
  },
);
