import { afterAll, beforeAll, expect, it } from 'vitest';
import { unfinished } from '../../src/domain/session.ts';
import { runOnLab } from '../support/lab-run.ts';
import type { Run } from '../support/run.ts';

let run: Run;
let end: () => Promise<void>;
beforeAll(async () => {
  ({ run, end } = await runOnLab());
});
afterAll(() => end?.());

const notice = () => run.state().view.notice?.text ?? '';
const address = ({ name, host, port, user }: { name: string; host: string; port: number; user: string }) => ({
  name,
  host,
  port,
  user,
});

it('a change stays on its machine: it is not undone on another one that got the name', async () => {
  const nodes = run.state().session.nodes.map(address);
  const [first, second, ...others] = nodes;
  if (!first || !second) throw new Error('no nodes');
  run.actions.plan('kernel-values');
  await run.idle();
  run.actions.apply('kernel-values', [first.name]);
  await run.idle();
  const [state] = run.state().session.changes;
  if (!state) throw new Error(notice());
  expect(state).toMatchObject({ outcome: { kind: 'done' }, machine: expect.stringMatching(/./) });

  run.actions.setNodes('prod', [{ ...second, name: first.name }, ...others]);
  await run.until('the warning', () => notice().includes(`changed on ${first.name} stays`));
  expect(notice()).toContain(`${first.user}@${first.host}:${first.port}`);
  run.actions.undo([state.change.id], false);
  await run.idle();
  expect(notice()).toContain('is not connected');
  run.actions.connect();
  await run.idle();

  for (const act of [
    () => run.actions.undo([state.change.id], true),
    () => run.actions.settle(state.change.id),
  ]) {
    act();
    await run.idle();
    expect(notice()).toContain(`${first.name} is not the machine on which this was changed.`);
    expect(run.state().session.changes).toEqual([state]);
  }

  run.actions.setNodes('prod', others);
  await run.until('the list', (s) => s.session.nodes.length === others.length);
  run.actions.undo([state.change.id], false);
  await run.idle();
  expect(notice()).toContain(`${first.name} is no longer in the list.`);

  run.actions.setNodes('prod', nodes);
  await run.until('the old list', (s) => s.session.nodes.length === nodes.length);
  run.actions.connect();
  await run.idle();
  run.actions.undo([state.change.id], false);
  await run.idle();
  expect(run.state().session.changes[0]?.undo?.outcome).toEqual({ kind: 'done' });
  expect(unfinished(run.state().session)).toEqual([]);
});
