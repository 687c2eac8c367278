import { afterEach, describe, expect, it } from 'vitest';
import type { Event, Outcome } from '../../src/domain/event.ts';
import { ok } from '../../src/domain/failure.ts';
import { createDesk } from '../../src/store/desk.ts';
import type { Services } from '../../src/store/services.ts';
import { createAppStore } from '../../src/store/store.ts';
import { change } from '../ui/fixture.ts';

const made = change('control-0', 'cp-1');
const refused: Outcome = { kind: 'refused', failure: { code: 'refused', message: 'the file changed since' } };
const begun: Event = { kind: 'change-intended', change: made, commands: [], restarts: false };
const ended = (outcome: Outcome): Event => ({ kind: 'change-ended', change: made.id, outcome, output: [] });
const undoing: Event = { kind: 'undo-intended', change: made.id, commands: [], force: false };

describe('work that may change a node', () => {
  const store = createAppStore(0);
  const services = { redact: (text: string) => text, now: () => 0 } as unknown as Services;
  const desk = createDesk(store, services);
  const worked = async (...events: readonly Event[]): Promise<boolean> => {
    desk.adopt({ path: '', record: async (event) => ok({ at: '', event }), close: async () => {} }, []);
    await desk.work('changing', true, async () => {
      for (const event of events) await desk.recorder.record(event);
    });
    return store.getState().untouched;
  };
  afterEach(() => store.setState({ untouched: false }));

  it('is known to have changed nothing only when nothing was sent or all of it was refused', async () => {
    expect(await worked()).toBe(true);
    expect(await worked(begun, ended(refused))).toBe(true);
    expect(await worked(undoing, { ...ended(refused), kind: 'undo-ended' } as Event)).toBe(true);
  });

  it('is not, where a change was made, was put back, or has no known end', async () => {
    const failure = { code: 'refused', message: '' } as const;
    expect(await worked(begun, ended({ kind: 'done' }))).toBe(false);
    expect(await worked(begun, ended({ kind: 'put-back', failure }))).toBe(false);
    expect(await worked(begun, ended({ kind: 'unknown', failure }))).toBe(false);
    expect(await worked(begun)).toBe(false);
    expect(await worked({ kind: 'restart-intended', node: 'cp-1', unit: 'rke2-server' })).toBe(false);
  });
});
