import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import type { Role } from '../../src/domain/distribution.ts';
import type { Target } from '../../src/domain/ports.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { agentRuns, readiness, restartGate } from '../../src/engine/health.ts';
import { placeFor } from '../resources/place.ts';

const said = (text: string): Answer => ({ kind: 'said', text });
const json = (value: unknown): Answer => said(JSON.stringify(value));

function node(roles: readonly Role[], answer: (question: Question) => Answer) {
  const target: Target = {
    name: 'cp-1',
    ask: async (questions) => new Map(questions.map((q) => [questionKey(q), answer(q)])),
    perform: async () => {
      throw new Error('nothing is changed here');
    },
    onLost: () => undefined,
    close: async () => undefined,
  };
  return { target, place: placeFor({ roles }) };
}

describe('whether a restart would end anything', () => {
  const etcd = said('etcd\u0001--config-file=x\u0001\u0002');
  const runs = (state: string, process: Answer, roles: readonly Role[] = ['server', 'etcd']) =>
    agentRuns(node(roles, (q) => (q.kind === 'unit' ? said(`ActiveState=${state}`) : process)));

  it.each(['active', 'reloading', 'deactivating', 'refreshing'])('it would while %s', async (state) => {
    expect(await runs(state, { kind: 'absent' })).toBe(true);
    expect(await runs(state, { kind: 'absent' }, ['agent'])).toBe(true);
  });

  it.each(['inactive', 'failed', 'activating'])('while %s it depends on etcd', async (state) => {
    expect(await runs(state, etcd)).toBe(true);
    expect(await runs(state, { kind: 'denied', message: 'hidden' })).toBe(true);
    expect(await runs(state, { kind: 'absent' })).toBe(false);
    expect(await runs(state, etcd, ['agent'])).toBe(false);
  });

  it('it would where the unit is not known', async () => {
    expect(await agentRuns(node(['server'], () => ({ kind: 'lost', reason: 'x' })))).toBe(true);
  });
});

describe('the gate before a restart', () => {
  const server = (name: string) => ({
    metadata: { name, labels: { 'node-role.kubernetes.io/etcd': 'true' } },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  });
  const lease = (name: string, renewTime: string) => ({ metadata: { name }, spec: { renewTime } });
  const api = (leases: Answer, nodes: unknown) =>
    node(['server'], (q) => {
      if (q.kind === 'command') return said('[+]ping ok\n');
      if (q.kind !== 'object') throw new Error(q.kind);
      return q.get[0] === 'nodes' ? json({ items: nodes }) : leases;
    });
  const gate = (leases: Answer, nodes: unknown = [server('cp-1'), server('cp-2')]) =>
    restartGate(api(leases, nodes), 'cp-1');

  it('takes Ready for an answer where there are no leases, or none that can be read', async () => {
    expect(await gate({ kind: 'failed', exit: 1, message: 'no' })).toBeUndefined();
    expect(await gate(json({ items: [null, {}, lease('cp-2', 'soon')] }))).toBeUndefined();
    expect(await gate(said('not JSON'))).toBeUndefined();
  });

  it('does not take it from a server that was not heard for a minute', async () => {
    const at = (seconds: string) =>
      gate(
        json({
          items: [lease('cp-1', '2026-01-01T10:01:30.5Z'), lease('cp-2', `2026-01-01T10:${seconds}Z`)],
        }),
      );
    expect(await at('00:31.000000')).toBeUndefined();
    expect(await at('00:29.000000')).toContain('cp-2 is not Ready');
  });

  it('knows the node itself however its hostname is written, and takes no other for it', async () => {
    const sick = (name: string) => ({ ...server(name), status: {} });
    const of = (nodes: unknown) => api({ kind: 'absent' }, nodes);
    expect(await restartGate(of([sick('cp-1'), server('cp-2')]), 'CP-1')).toBeUndefined();
    expect(await restartGate(of([server('cp-1'), sick('cp-2')]), 'CP-1')).toContain('cp-2 is not Ready');
    expect(await readiness({ api: of([server('cp-1')]), nodeName: 'CP-1' })).toBeUndefined();
    expect(await readiness({ api: of([sick('cp-1')]), nodeName: 'CP-1' })).toContain('not Ready');
    expect(await readiness({ api: of([server('cp-10')]), nodeName: 'CP-1' })).toContain('does not know');
  });

  it('says so when the list of nodes is not one', async () => {
    expect(await gate(json({ items: [] }), [{}])).toContain('list of nodes');
    expect(await gate(json({ items: [] }), [null])).toContain('list of nodes');
  });
});
