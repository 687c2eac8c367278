import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import type { Event } from '../../src/domain/event.ts';
import { type Failure, fail, ok, type Result } from '../../src/domain/failure.ts';
import type { DeedReport, Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
import { restartNode } from '../../src/engine/restart.ts';
import { placeFor } from '../resources/place.ts';

/** What a look at the unit shows; `lost` looks get no answer. */
type Shown = {
  readonly active?: string;
  readonly pid?: number;
  readonly restarts?: number;
  readonly log?: readonly string[];
  readonly ready?: boolean;
  readonly lost?: boolean;
};

type Given = {
  /** The looks after the restart, one a second; the last one goes on. */
  readonly looks: readonly Shown[];
  readonly hardened?: boolean;
  readonly settle?: number;
  readonly withoutApi?: boolean;
  readonly report?: DeedReport;
  readonly recorded?: Result<void>;
};

const said = (text: string): Answer => ({ kind: 'said', text });
const before: Shown = { pid: 1, log: [] };
const back: Shown = { pid: 2 };

/** A restart of a node that looks so afterwards, on a clock that only its own sleep moves. */
async function restarted(given: Given) {
  let now = 0;
  let asked = 0;
  const events: Event[] = [];
  const sent: string[] = [];
  const shown = (): Shown => given.looks[Math.min(now / 1000, given.looks.length) - 1] ?? before;
  const unit = ({ active = 'active', pid = 1, restarts = 0 }: Shown): string =>
    `ActiveState=${active}\nSubState=x\nNRestarts=${restarts}\nMainPID=${pid}`;
  const node = ({ ready = true }: Shown) => ({
    metadata: { name: 'cp-1' },
    status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  });
  const target: Target = {
    name: 'cp-1',
    ask: async (questions) => {
      asked++;
      const state = shown();
      return new Map(
        questions.map((question): [string, Answer] => {
          const key = questionKey(question);
          if (state.lost) return [key, { kind: 'lost', reason: 'the link broke' }];
          if (question.kind === 'machine') return [key, said('now=100')];
          if (question.kind === 'unit') return [key, said(unit(state))];
          if (question.kind === 'object' && question.get[0] === 'nodes')
            return [key, said(JSON.stringify({ items: [node(state)] }))];
          if (question.kind !== 'command') return [key, { kind: 'absent' }];
          if (question.words.includes('--raw')) return [key, said('[+]ping ok\n')];
          return [key, said((state.log ?? []).join('\n'))];
        }),
      );
    },
    perform: async (deed) => {
      sent.push(deed.kind);
      return given.report ?? { kind: 'done', output: [] };
    },
    onLost: () => {},
    close: async () => {},
  };
  const usual = placeFor({ roles: ['agent'] });
  const health = {
    ...usual.distribution.health,
    fatal: ['level=fatal'],
    unhardened: ['not running in CIS mode'],
    seconds: 30,
  };
  const place = { ...usual, distribution: { ...usual.distribution, health } };
  const result = await restartNode({
    target,
    place,
    api: given.withoutApi ? undefined : { target, place },
    nodeName: 'cp-1',
    hardened: given.hardened ?? false,
    settle: given.settle ?? 0,
    recorder: {
      record: async (event) => {
        if (given.recorded) return given.recorded;
        events.push(event);
        return ok(undefined);
      },
    },
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
    onOutput: () => {},
  });
  return { result, events, sent, asked, outcome: result.ok ? result.value : undefined };
}

async function outcomeOf(given: Given) {
  return (await restarted(given)).outcome;
}

describe('a restart is healthy', () => {
  it('when the unit runs again with a new process and the node is Ready, on record from begin to end', async () => {
    const { outcome, events, sent } = await restarted({ looks: [{ active: 'activating', pid: 2 }, back] });
    expect(outcome).toEqual({ kind: 'healthy', seconds: 2 });
    expect(sent).toEqual(['restart']);
    const at = { node: 'cp-1', unit: 'rke2-agent' };
    expect(events).toEqual([
      { kind: 'restart-intended', ...at },
      { kind: 'restart-ended', ...at, outcome },
    ]);
  });

  it('only once the old process is gone', async () => {
    expect(await outcomeOf({ looks: [{ pid: 1 }, { pid: 1 }, back] })).toEqual({
      kind: 'healthy',
      seconds: 3,
    });
    expect(await outcomeOf({ looks: [{ pid: 1 }] })).toMatchObject({ kind: 'stuck', seconds: 30 });
  });

  it('only once the node is Ready, and never without a server that says so', async () => {
    const looks = [{ ...back, ready: false }, { ...back, ready: false }, back];
    expect(await outcomeOf({ looks })).toEqual({ kind: 'healthy', seconds: 3 });
    expect(await outcomeOf({ looks: [{ ...back, ready: false }] })).toEqual({
      kind: 'stuck',
      line: 'cp-1 is not Ready yet',
      seconds: 30,
    });
    expect(await outcomeOf({ looks: [back], withoutApi: true })).toMatchObject({
      kind: 'stuck',
      line: expect.stringContaining('no server is connected'),
    });
  });

  it('only when it stays so: what interrupts it begins the time anew', async () => {
    expect(await outcomeOf({ looks: [back], settle: 5 })).toEqual({ kind: 'healthy', seconds: 1 });
    for (const interruption of [{ ...back, ready: false }, { lost: true }])
      expect(await outcomeOf({ looks: [back, back, interruption, back], settle: 5 })).toEqual({
        kind: 'healthy',
        seconds: 4,
      });
  });

  it('with a new process of which systemd had to try one start more', async () => {
    expect(await outcomeOf({ looks: [{ ...back, restarts: 1 }] })).toEqual({ kind: 'healthy', seconds: 1 });
  });
});

describe('a restart is crash-looping', () => {
  it('when systemd starts it again and again, though each process runs while it is looked at', async () => {
    const looks = [back, { pid: 3, restarts: 1 }, { pid: 4, restarts: 2, log: ['panic: x'] }];
    expect(await outcomeOf({ looks, settle: 10 })).toEqual({ kind: 'crash-looping', line: 'panic: x' });
  });

  it('when the unit has failed', async () => {
    expect(await outcomeOf({ looks: [{ active: 'failed', pid: 0, log: ['the end'] }] })).toEqual({
      kind: 'crash-looping',
      line: 'the end',
    });
  });

  it('when the log says that it is over, with the first line that says so', async () => {
    const log = ['level=info a', 'level=fatal b', 'level=fatal c', 'level=info d'];
    expect(await outcomeOf({ looks: [{ active: 'activating', pid: 2, log }] })).toEqual({
      kind: 'crash-looping',
      line: 'level=fatal b',
    });
  });
});

it('what runs without hardening where it was asked for is unhardened, and elsewhere healthy', async () => {
  const looks = [{ ...back, log: ['not running in CIS mode'] }];
  const line = 'not running in CIS mode';
  expect(await outcomeOf({ looks, hardened: true })).toEqual({ kind: 'unhardened', line });
  expect(await outcomeOf({ looks, hardened: false })).toEqual({ kind: 'healthy', seconds: 1 });
});

describe('a restart whose end is not known', () => {
  const silent = (looks: number): readonly Shown[] => Array.from({ length: looks }, () => ({ lost: true }));

  it('is not yet one whose link stutters: five looks without an answer are borne, time and again', async () => {
    const looks = [...silent(5), { pid: 1 }, ...silent(5), back];
    expect(await outcomeOf({ looks })).toEqual({ kind: 'healthy', seconds: 12 });
  });

  it('is one of which six looks in a row get no answer', async () => {
    expect(await outcomeOf({ looks: [...silent(6), back] })).toMatchObject({
      kind: 'unknown',
      failure: { code: 'link-lost' },
    });
  });

  it('is one whose command did not arrive', async () => {
    const failure: Failure = { code: 'link-lost', node: 'cp-1', message: 'reset' };
    const report = { kind: 'unknown', failure, output: [] } as const;
    expect(await outcomeOf({ looks: [back], report })).toEqual({ kind: 'unknown', failure });
  });
});

it('nothing is restarted that is not in the record', async () => {
  const full = fail<void>({ code: 'journal-unwritable', path: '/full', message: 'no space' });
  const { result, sent, asked } = await restarted({ looks: [back], recorded: full });
  expect(result).toEqual(full);
  expect({ sent, asked }).toEqual({ sent: [], asked: 0 });
});
