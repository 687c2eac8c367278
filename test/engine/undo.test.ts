import { expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { ok, told } from '../../src/domain/failure.ts';
import type { DeedReport, Target } from '../../src/domain/ports.ts';
import { undoChange } from '../../src/engine/undo.ts';
import { placeFor } from '../resources/place.ts';

const change = { id: 'c1', session: 's', control: 'k', node: 'cp-1', via: 'cp-1', steps: [] };

/** How an undo ends, and what is recorded of it, when the node reports this. */
async function undone(report: DeedReport) {
  const events: Event[] = [];
  const target: Target = {
    name: 'cp-1',
    ask: async () => new Map(),
    perform: async (deed) => (deed.kind === 'undo' ? report : { kind: 'done', output: [] }),
    onLost: () => {},
    close: async () => {},
  };
  const outcome = await undoChange({
    target,
    place: placeFor({}),
    state: { change, commands: [], restarts: false, at: '', output: [] },
    control: undefined,
    force: false,
    holder: 'me',
    recorder: {
      record: async (event) => {
        events.push(event);
        return ok(undefined);
      },
    },
    redact: (text) => text,
    onOutput: () => {},
  });
  return { outcome, events };
}

it('an undo that finds something changed since says so in its own words, on record too', async () => {
  const failure = { code: 'drifted', node: 'cp-1', path: 'sa default -n shop' } as const;
  const { outcome, events } = await undone({ kind: 'refused', failure, output: [] });
  if (!outcome.ok || outcome.value.kind !== 'refused') throw new Error(JSON.stringify(outcome));
  expect(told(outcome.value.failure)).toBe(
    'sa default -n shop on cp-1 was changed by somebody since this change was made. Nothing was taken back. To undo it all the same, and lose that edit, press F on the Undo screen.',
  );
  expect(events.at(-1)).toMatchObject({ kind: 'undo-ended', outcome: outcome.value });
  expect(told(failure)).toContain('changed after we looked');
});

it('any other end is passed on as it is', async () => {
  const failure = { code: 'refused', message: 'The change is still running.' } as const;
  const { outcome } = await undone({ kind: 'refused', failure, output: [] });
  expect(outcome).toEqual(ok({ kind: 'refused', failure }));
});
