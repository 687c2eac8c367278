import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { checks, summaryText } from '../../src/report/index.ts';
import { json } from '../../src/report/json.ts';
import { transcript } from '../../src/report/transcript.ts';
import { facts, inputOf, intended, smallProfile, verdict } from './fixture.ts';

const node = (name: string, host: string) => ({ name, host, port: 22, user: 'ops' });
const found = (control: string, place: string, v: ReturnType<typeof verdict>): Event => ({
  kind: 'found',
  findings: [{ control, place, verdict: v }],
});

/** A trouble with three checks: one finds a cause and is cured on cp-1, one is healthy, one could not be asked. */
const events: readonly Event[] = [
  {
    kind: 'session-started',
    id: 's1',
    program: 'k8s-harden 0.1.0',
    operator: 'mara@desk',
    readOnly: false,
    lab: false,
  },
  { kind: 'purpose-chosen', purpose: 'repair' },
  { kind: 'distribution-chosen', distribution: 'rke2' },
  { kind: 'went-to', step: 'benchmark' },
  { kind: 'trouble-chosen', trouble: 'trouble-names', pointed: 'kernel-values' },
  { kind: 'nodes-set', cluster: 'prod', nodes: [node('cp-1', '10.0.0.1'), node('cp-2', '10.0.0.2')] },
  { kind: 'node-connected', node: 'cp-1', facts: facts('cp-1', 'server') },
  { kind: 'node-connected', node: 'cp-2', facts: facts('cp-2', 'server') },
  found('kernel-values', 'cp-1', verdict('fail', 'kernel.panic is 0', 'kernel.panic = 10')),
  found('kernel-values', 'cp-2', verdict('fail', 'kernel.panic is 1', 'kernel.panic = 10')),
  found('etcd-account', 'cp-1', verdict('pass', 'etcd:etcd', 'etcd:etcd')),
  found('etcd-account', 'cp-2', verdict('pass', 'etcd:etcd', 'etcd:etcd')),
  found('network-policies', 'cluster', verdict('unknown', '', '', 'the API server does not answer')),
  { kind: 'probe-ended', missing: [] },
  intended('c1', 'kernel-values', 'cp-1', {
    kind: 'set-kernel',
    key: 'kernel.panic',
    value: '10',
    before: '0',
  }),
  { kind: 'change-ended', change: 'c1', outcome: { kind: 'done' }, output: [] },
  found('kernel-values', 'cp-1', verdict('pass', 'kernel.panic is 10', 'kernel.panic = 10')),
];

const input = inputOf(events, smallProfile);
const squeezed = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('\\', '');

describe('the transcript of a repair', () => {
  const text = squeezed(transcript(input));

  test('says what was seen', () => {
    expect(text).toContain('# Repair transcript: prod');
    expect(text).toContain('Pods cannot resolve names. One sees it in the logs of the pods');
    expect(text).toMatch(/Symptom \| Pods cannot resolve names \|/);
  });

  test('says each cause with its evidence, its cure and the proof', () => {
    expect(text).toContain(
      'Fault of kernel-values on cp-1. Found: kernel.panic is 0. Healthy would be: kernel.panic = 10. The packets of pods are dropped by kernel-values, so no name is resolved on this node. Cure: change c1: done. Asked again, it is healthy: kernel.panic is 10.',
    );
    expect(text).toMatch(
      /Fault of kernel-values on cp-2\. Found: kernel\.panic is 1\..* No cure was applied\. It stands at: cause found\./,
    );
  });

  test.each(['configured-not-active', 'pending-restart'] as const)('counts %s among the causes', (kind) => {
    const written = verdict(kind, 'written', 'in force', 'nothing was restarted');
    const told = squeezed(
      transcript(inputOf([...events, found('etcd-account', 'cp-2', written)], smallProfile)),
    );
    expect(told).toContain('Fault of etcd-account on cp-2. Found: written. Healthy would be: in force.');
    expect(told).toContain('2 causes were found, 1 could not be learned, 0 are not it');
  });

  test('says what could not be learned and what it is not', () => {
    expect(text).toContain('Fault of network-policies, on cluster: the API server does not answer');
    expect(text).toContain('### Not it - Fault of etcd-account');
    expect(text).toContain('1 cause was found, 1 could not be learned, 1 is not it');
  });

  test('keeps the words of verdicts where the record is told, and those of the steps where they were taken', () => {
    expect(text).toMatch(/\| cp-2 \| fail \| fail \|/);
    expect(text).toContain('went to Symptom');
    expect(text).toContain('chose the symptom trouble-names; a line of a log points at kernel-values');
  });
});

test('what stays on the screen says the causes', () => {
  const text = summaryText(input.session, smallProfile);
  expect(text).toMatch(/^prod · RKE2 · Pods cannot resolve names\n/);
  expect(text).toContain('Causes found\n  Fault of kernel-values on cp-1');
  expect(text).toContain('1 cause found');
  expect(text).not.toContain(' level ');
});

test('check prints causes with what they mean', () => {
  const text = checks.text(input);
  expect(text).toMatch(/cause found {11}1 Fault of kernel-values {2}\(cp-2\)/);
  expect(text).toMatch(/\n +The packets of pods are dropped by kernel-values/);
  expect(text).toMatch(/could not be learned {2}3 Fault of network-policies/);
  expect(text).toMatch(/not it +2 Fault of etcd-account/);
});

test('what does not apply is not counted as what it is not', () => {
  const none = verdict('not-applicable', '', '', 'no profile is set');
  const told = inputOf(
    [...events, found('etcd-account', 'cp-1', none), found('etcd-account', 'cp-2', none)],
    smallProfile,
  );
  expect(checks.text(told)).toContain(
    '1 cause was found, 1 could not be learned, 0 are not it, 1 not applicable.',
  );
  expect(squeezed(transcript(told))).toContain('### Not applicable here - Fault of etcd-account');
});

test('what is open is called by its fault in the summary, too', () => {
  expect(summaryText(input.session, smallProfile)).toMatch(
    /Open\n.*Fault of kernel-values: cause found on cp-2/,
  );
});

test('programs learn the purpose and the trouble', () => {
  expect(JSON.parse(json(input)).session).toMatchObject({ purpose: 'repair', trouble: 'trouble-names' });
});
