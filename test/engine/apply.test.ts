import { expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import type { Event } from '../../src/domain/event.ts';
import { fail, ok, told } from '../../src/domain/failure.ts';
import type { Deed, DeedReport, Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
import { applyChange } from '../../src/engine/apply.ts';
import { planControl } from '../../src/engine/plan.ts';
import { probeToPlan } from '../../src/engine/probe.ts';
import { placeFor } from '../resources/place.ts';
import { control } from '../ui/fixture.ts';

const wanted = control(0, {
  target: 'node',
  roles: ['server'],
  impact: 'none',
  wants: [{ type: 'file', spec: { path: '/etc/x', mode: '0600' } }],
});
const place = placeFor();
const silent: Answer = { kind: 'lost', reason: 'the link broke' };
const ofMode = (mode: string): Answer => ({
  kind: 'said',
  text: `${mode}|root|root|0|0|1|1|1|1|regular file`,
});

/** A node on which the file is so, until a change that succeeds; what is recorded and sent lands in one list, in order. */
function bench(file: Answer, reports: Partial<Record<Deed['kind'], DeedReport>>, unrecorded?: Event['kind']) {
  const log: string[] = [];
  let now = file;
  const target: Target = {
    name: 'cp-1',
    ask: async (questions) => new Map(questions.map((q) => [questionKey(q), now])),
    perform: async (deed) => {
      log.push(`sent ${deed.kind}`);
      const report = reports[deed.kind] ?? { kind: 'done', output: [] };
      if (deed.kind === 'change' && report.kind === 'done') now = ofMode('600');
      return report;
    },
    onLost: () => {},
    close: async () => {},
  };
  const record = async (event: Event) => {
    if (event.kind === unrecorded)
      return fail<void>({ code: 'journal-unwritable', path: '/full', message: 'no space' });
    const verdict = event.kind === 'found' ? ` ${event.findings.map((f) => f.verdict.kind)}` : '';
    log.push(`recorded ${event.kind}${verdict}`);
    return ok(undefined);
  };
  return { log, target, recorder: { record } };
}

/** Applies what was planned while the file had mode 0644, to a node on which it is as given now. */
async function applied(
  now: Answer,
  reports: Partial<Record<Deed['kind'], DeedReport>> = {},
  unrecorded?: Event['kind'],
) {
  const shown = await probeToPlan(bench(ofMode('644'), {}).target, wanted, place, { deadlineMs: 1 });
  const plan = planControl(wanted, place, shown.answers);
  if (plan.kind !== 'steps') throw new Error(JSON.stringify(plan));
  const { log, target, recorder } = bench(now, reports, unrecorded);
  const result = await applyChange({
    target,
    place,
    control: wanted,
    change: { id: 'c1', session: 's', control: wanted.id, node: 'cp-1', via: 'cp-1', steps: plan.steps },
    commands: [],
    restarts: false,
    holder: 'me',
    recorder,
    onOutput: () => {},
  });
  return { log, result };
}

it('a change is on record before it is sent, and asked about after it', async () => {
  const { log, result } = await applied(ofMode('644'));
  expect(result).toEqual(ok({ kind: 'done' }));
  expect(log).toEqual([
    'sent lock',
    'recorded change-intended',
    'sent change',
    'recorded change-ended',
    'recorded found pass',
  ]);
});

it('nothing is changed where another change would be needed now than the one that was shown', async () => {
  const { log, result } = await applied(ofMode('666'));
  const failure = { code: 'drifted', node: 'cp-1', path: '/etc/x' } as const;
  expect(result).toEqual(ok({ kind: 'refused', failure }));
  expect(told(failure)).toBe(
    '/etc/x on cp-1 changed after we looked. Nothing was written on cp-1; to see what would run there now, press a on the control again.',
  );
  expect(log).toEqual(['sent lock', 'recorded found fail']);
});

it('nothing is changed where it is as wanted by now, which is recorded', async () => {
  const { log, result } = await applied(ofMode('600'));
  expect(result).toMatchObject(ok({ kind: 'refused', failure: { code: 'refused' } }));
  expect(log).toEqual(['sent lock', 'recorded found pass']);
});

it.each([silent, { kind: 'denied', message: 'no' } as const])(
  'nothing is changed where the node does not say how it is: $kind',
  async (answer) => {
    const { log, result } = await applied(answer);
    expect(result).toMatchObject(ok({ kind: 'refused' }));
    expect(log).toEqual(['sent lock']);
  },
);

it('nothing is asked or changed while somebody else holds the lock', async () => {
  const failure = { code: 'locked', node: 'cp-1', holder: 'ben' } as const;
  const { log, result } = await applied(ofMode('644'), { lock: { kind: 'refused', failure, output: [] } });
  expect(result).toEqual(ok({ kind: 'refused', failure }));
  expect(log).toEqual(['sent lock']);
});

it('nothing is changed that could not be recorded before', async () => {
  const { log, result } = await applied(ofMode('644'), {}, 'change-intended');
  expect(result).toMatchObject({ ok: false, failure: { code: 'journal-unwritable' } });
  expect(log).toEqual(['sent lock']);
});

it('an end that is not known is recorded as such', async () => {
  const failure = { code: 'link-lost', node: 'cp-1', message: 'reset' } as const;
  const { log, result } = await applied(ofMode('644'), { change: { kind: 'unknown', failure, output: [] } });
  expect(result).toEqual(ok({ kind: 'unknown', failure }));
  expect(log).toContain('recorded change-ended');
});
