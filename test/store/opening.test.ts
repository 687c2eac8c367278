import { afterEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../src/domain/ports.ts';
import type { Services } from '../../src/store/services.ts';
import { createRun, type Run } from '../support/run.ts';

const none: Connector = {
  connect: async () => {
    throw new Error('nothing here is connected to');
  },
};

describe('opening a session', () => {
  const runs: Run[] = [];
  const begin = async (services: Partial<Services>, folder?: string): Promise<Run> => {
    const run = await createRun({ connector: none, nodes: [], services, ...(folder ? { folder } : {}) });
    runs.push(run);
    return run;
  };
  const quit = async (run: Run): Promise<void> => {
    run.actions.quit('left');
    await run.until('the end', (s) => s.session.ended !== undefined);
  };
  afterEach(async () => {
    for (const run of runs.splice(0)) await run.remove();
  });

  it('opens one at a time, whatever keys are pressed meanwhile', async () => {
    const ids: string[] = [];
    const run = await begin({
      newSessionId: () => {
        ids.push(`2026-01-01T00-00-00-o${process.pid}${ids.length}`);
        return ids.at(-1) ?? '';
      },
      openLab: async () => ({
        ok: true,
        value: { lab: true, connector: none, startNodes: [], clusterName: 'practice' },
      }),
    });
    run.actions.startLab();
    run.actions.startSession({ readOnly: false });
    await run.until('the first step', (s) => s.session.step === 'distribution' && s.work.length === 0);
    expect(ids).toHaveLength(1);
    expect(run.state().session.lab).toBe(true);
    await quit(run);
  });

  it('is read-only when the program was started so: a new one, the lab, and one that could change things before', async () => {
    const first = await begin({});
    first.actions.startSession({ readOnly: false });
    await first.until('the first step', (s) => s.session.step === 'distribution');
    const { id } = first.state().session;
    expect(first.state().session.readOnly).toBe(false);
    await quit(first);

    const looking = await begin({ readOnly: true }, first.folder);
    looking.actions.resumeSession(id);
    await looking.until('the session', (s) => s.session.id === id && s.work.length === 0);
    expect(looking.state().session.readOnly).toBe(true);
    await quit(looking);

    const again = await begin({}, first.folder);
    again.actions.resumeSession(id);
    await again.until('the session', (s) => s.session.id === id && s.work.length === 0);
    expect(again.state().session.readOnly).toBe(false);
    await quit(again);

    const fresh = await begin({ readOnly: true });
    fresh.actions.startSession({ readOnly: false });
    await fresh.until('the first step', (s) => s.session.step === 'distribution');
    expect(fresh.state().session.readOnly).toBe(true);
    await quit(fresh);
  });

  it('stays read-only for good when it was begun so', async () => {
    const first = await begin({});
    first.actions.startSession({ readOnly: true });
    await first.until('the first step', (s) => s.session.step === 'distribution');
    const { id } = first.state().session;
    await quit(first);
    const again = await begin({}, first.folder);
    again.actions.resumeSession(id);
    await again.until('the session', (s) => s.session.id === id && s.work.length === 0);
    expect(again.state().session.readOnly).toBe(true);
    await quit(again);
  });
});
