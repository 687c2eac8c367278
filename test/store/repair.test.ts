import { expect, it } from 'vitest';
import type { Control } from '../../src/domain/control.ts';
import type { Event } from '../../src/domain/event.ts';
import { fail, ok } from '../../src/domain/failure.ts';
import type { Deed, Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
import { findingKey, noSession } from '../../src/domain/session.ts';
import type { Desk } from '../../src/store/desk.ts';
import { repairActions } from '../../src/store/repair-actions.ts';
import { createAppStore } from '../../src/store/store.ts';
import { control, profileOf } from '../ui/fixture.ts';

const healing: Control = { ...control(0), id: 'heals', cures: ['permission denied'] };
const unit = 'rke2-server';

/** A desk over one node whose last start failed; what is recorded and what is sent land in one list, in order. */
function bench(unrecorded: Event['kind'] | undefined) {
  const log: string[] = [];
  const store = createAppStore(0);
  const perform = async (deed: Deed) => {
    log.push(`sent ${deed.kind}`);
    return { kind: 'done', output: [] } as const;
  };
  const target: Target = {
    name: 'cp-1',
    perform,
    ask: async (questions) =>
      new Map(
        questions.map((q) => [questionKey(q), { kind: 'said', text: 'ActiveState=inactive\n' } as const]),
      ),
    onLost: () => {},
    close: async () => {},
  };
  const profile = profileOf([healing]);
  const { distribution } = profile;
  store.setState({
    profiles: [profile],
    session: {
      ...noSession,
      id: 's',
      distribution: distribution.id,
      benchmark: 'cis-1.12',
      restarts: [
        { node: 'cp-1', unit, at: '', outcome: { kind: 'crash-looping', line: 'permission denied' } },
      ],
    },
    plans: {
      [findingKey('heals', 'cp-1')]: {
        kind: 'ready',
        control: 'heals',
        place: 'cp-1',
        change: { id: 'c', session: 's', control: 'heals', node: 'cp-1', via: 'cp-1', steps: [] },
        commands: [],
        undo: [],
        diffs: [],
        restarts: true,
      },
    },
  });
  const place = { node: 'cp-1', distribution, version: [1, 33, 6], roles: ['server'], words: {} };
  const desk = {
    get: store.getState,
    patch: store.setState,
    links: new Map([['cp-1', { target, place }]]),
    recorder: {
      record: async (event: Event) => {
        if (event.kind === unrecorded)
          return fail({ code: 'journal-unwritable', path: '/full', message: 'no space' });
        log.push(`recorded ${event.kind}`);
        return ok(undefined);
      },
    },
    services: { now: () => 0, sleep: async () => {} },
    holder: () => 'me',
    notice: () => {},
    report: () => {},
    output: () => {},
    work: async (_label: string, _changing: boolean, f: () => Promise<void>) => f(),
  } as unknown as Desk;
  const step = (name: string) => async (): Promise<boolean> => {
    log.push(name);
    return true;
  };
  const { repair } = repairActions(desk, {
    planOne: async () => {},
    applyAt: step('healed'),
    restartOne: step('restarted'),
    ask: async () => void log.push('asked'),
  });
  return { log, repair };
}

async function repaired(unrecorded?: Event['kind']): Promise<readonly string[]> {
  const { log, repair } = bench(unrecorded);
  repair('cp-1');
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  return log;
}

it('records the stop before it is sent, then heals, restarts and asks again', async () => {
  expect(await repaired()).toEqual([
    'sent lock',
    'recorded noted',
    'recorded stop-intended',
    'sent stop',
    'healed',
    'restarted',
    'asked',
  ]);
});

it.each(['noted', 'stop-intended'] as const)('stops nothing when “%s” cannot be recorded', async (kind) => {
  expect((await repaired(kind)).filter((l) => l !== 'sent lock' && l !== 'recorded noted')).toEqual([]);
});
