import { afterAll, beforeAll, expect, it } from 'vitest';
import { runOnLab } from '../support/lab-run.ts';
import type { Run } from '../support/run.ts';

let run: Run;
let end: () => Promise<void>;

beforeAll(async () => {
  ({ run, end } = await runOnLab());
}, 60_000);

afterAll(async () => {
  await end();
});

it('an upgrade is foretold on the connected nodes, noted, and changes nothing', async () => {
  const before = run.state().session;
  run.actions.foretellUpgrade('v1.25.0');
  await run.until('what it would break', (s) => s.upgrade?.kind === 'ready' && s.work.length === 0);
  const { upgrade, session } = run.state();
  const lines = upgrade?.kind === 'ready' ? upgrade.lines : [];
  expect(lines[0]).toContain('upgrade to v1.25.0');
  expect(lines.join('\n')).toMatch(/\d+ points? of \d+ known changes looked at and in order\./);
  for (const { name } of session.nodes) expect(lines.join('\n')).toContain(name);
  expect(session.notes.at(-1)?.text).toContain('What an upgrade to v1.25.0 would break was looked at');
  expect(session.changes).toEqual(before.changes);
  expect(session.findings).toEqual(before.findings);
});
