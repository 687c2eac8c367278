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
import { control, profileOf, verdict } from '../support/profile.ts';

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
    const [few, many] = [connected(260), connected(1040)];
    await asking(few.desk);
    await asking(many.desk);
    expect(Object.keys(few.desk.get().session.findings)).toHaveLength(260 * 20);
    expect(many.copied() / few.copied()).toBeLessThan(6);
  });

  it('stands in the session when all were asked, node by node in the record, and nothing is lost', async () => {
    const { desk } = connected(300);
    for (let round = 0; round < 2; round++) {
      await asking(desk);
      expect(desk.get().session).toEqual(replay(desk.records()));
    }
    expect(desk.records()).toHaveLength(600);
  });

  it('waits for more only until something else happens, or until it is to be shown', async () => {
    const { desk } = connected(1);
    const findings = (place: string, n: number) =>
      Array.from({ length: n }, (_, i) => ({ control: `c-${i}`, place, verdict: verdict('fail') }));
    const known = () => Object.keys(desk.get().session.findings).length;
    await desk.found(findings('cp-1', 6000));
    await desk.found(findings('cp-2', 20));
    expect(known()).toBe(6000);
    await desk.recorder.record({ kind: 'nodes-set', cluster: 'test', nodes: [] });
    expect(known()).toBe(6020);
    await desk.found(findings('cp-3', 20));
    expect(known()).toBe(6020);
    desk.showFound();
    expect(known()).toBe(6040);
    expect(desk.get().session).toEqual(replay(desk.records()));
  });

  it('of a small cluster is seen as soon as a node answered', async () => {
    const { desk, copied } = connected(5);
    await asking(desk);
    expect(copied()).toBe(20 + 40 + 60 + 80 + 100);
  });
});
