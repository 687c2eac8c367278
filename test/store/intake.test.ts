import { describe, expect, it } from 'vitest';
import type { Event, Recorded } from '../../src/domain/event.ts';
import { ok } from '../../src/domain/failure.ts';
import type { Target } from '../../src/domain/ports.ts';
import { replay } from '../../src/domain/replay.ts';
import type { Link } from '../../src/engine/connect.ts';
import { defaultPlace } from '../../src/engine/detect.ts';
import { createDesk, type Desk } from '../../src/store/desk.ts';
import { probeActions } from '../../src/store/probe-actions.ts';
import type { Services } from '../../src/store/services.ts';
import { createAppStore } from '../../src/store/store.ts';
import { control, profileOf } from '../support/profile.ts';

const controls = Array.from({ length: 20 }, (_, i) => control(`control-${i}`));
const place = defaultPlace(profileOf(controls).distribution);

/** A desk with so many nodes connected, and how many findings were copied into new sessions since. */
function connected(nodes: number): { readonly desk: Desk; readonly copied: () => number } {
  const store = createAppStore(0);
  const services = { redact: (text: string) => text, now: () => 0, forks: 16 } as unknown as Services;
  const desk = createDesk(store, services);
  const record = async (event: Event) => ok<Recorded>({ at: '2030-01-02T03:04:05.000Z', event });
  desk.adopt({ path: '', record, close: async () => {} }, []);
  const target = { ask: async () => new Map() } as unknown as Target;
  for (let i = 0; i < nodes; i++)
    desk.links.set(`node-${i}`, { target, place: { ...place, node: `node-${i}` } } as unknown as Link);
  let copied = 0;
  store.subscribe(({ session }, before) => {
    if (session.findings !== before.session.findings) copied += Object.keys(session.findings).length;
  });
  return { desk, copied: () => copied };
}

const asking = (desk: Desk) => probeActions(desk, async () => {}).ask(controls);

describe('what a probe finds', () => {
  it('costs as much for each node, however many there are', async () => {
    const [few, many] = [connected(300), connected(1200)];
    await asking(few.desk);
    await asking(many.desk);
    expect(Object.keys(few.desk.get().session.findings)).toHaveLength(300 * 20);
    expect(many.copied() / few.copied()).toBeLessThan(6);
  });

  it('stands in the session when all were asked, node by node in the record, and nothing is lost', async () => {
    const { desk } = connected(600);
    for (let round = 0; round < 2; round++) {
      await asking(desk);
      expect(desk.get().session).toEqual(replay(desk.records()));
    }
    expect(desk.records()).toHaveLength(1200);
  });

  it('stands in the session before anything that happens after it', async () => {
    const { desk } = connected(600);
    const different: number[] = [];
    desk.store.subscribe(({ session }) => {
      if (session.notes.length === different.length) return;
      different.push(Object.keys(session.findings).length - desk.records().length * 20);
    });
    const done = asking(desk);
    const notes = (async () => {
      for (let i = 1; i <= 30; i++) {
        await new Promise(setImmediate);
        await desk.recorder.record({ kind: 'noted', text: `note ${i}` });
      }
    })();
    await Promise.all([done, notes]);
    expect(desk.get().session).toEqual(replay(desk.records()));
    expect(different).toHaveLength(30);
    expect(different).toEqual(Array.from({ length: 30 }, (_, i) => -20 * (i + 1)));
  });

  it('of a small cluster is seen as soon as a node answered', async () => {
    const { desk, copied } = connected(5);
    await asking(desk);
    expect(copied()).toBe(20 + 40 + 60 + 80 + 100);
  });
});
