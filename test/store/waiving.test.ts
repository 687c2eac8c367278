import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isOpenAt, verdictOf } from '../../src/domain/session.ts';
import { waiverFile } from '../../src/run/waivers.ts';
import { runOnLab } from '../support/lab-run.ts';

const control = 'kernel-values';
const waiver = { reason: 'the move is in March', owner: 'Platform' };

it('waives where it fails, takes in what others wrote, and records nothing that was not written', {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-harden-waiving-'));
  const file = join(folder, 'waivers.yaml');
  const { run, end } = await runOnLab({ waivers: waiverFile(file, true) });
  const session = () => run.state().session;
  const kind = (place: string) => verdictOf(session(), control, place)?.kind;
  const notice = () => run.state().view.notice?.text ?? '';
  try {
    expect(run.state().waiversEnd).toBe(false);
    const failing = session()
      .nodes.map((node) => node.name)
      .filter((name) => kind(name) === 'fail');
    const [one = '', other = ''] = failing;
    expect(other).not.toBe('');
    // Somebody writes into the file while the session is open.
    const found = verdictOf(session(), control, other)?.found ?? '';
    const theirs = { control, place: '*', reason: 'r', owner: 'Network', found };
    writeFileSync(file, `# theirs\n${JSON.stringify({ waivers: [theirs] })}\n`);
    run.actions.waive(control, [one], waiver);
    await run.until('the waivers of both', () => session().waivers.length === 2);
    expect([kind(one), kind(other)]).toEqual(['waived', 'waived']);
    expect(isOpenAt(session(), control, one)).toBe(false);
    expect(readFileSync(file, 'utf8')).toContain('# theirs');

    run.actions.unskip(control, [other]);
    await run.until('the way out', () => notice().includes('take it out there'));
    expect(kind(other)).toBe('waived');

    writeFileSync(file, 'waivers: 5\n');
    run.actions.waive(control, [one], { ...waiver, owner: 'Shop' });
    await run.until('the refusal', () => notice().includes(`${file}:1: `));
    expect(session().waivers.map((w) => w.owner)).not.toContain('Shop');
    expect(readFileSync(file, 'utf8')).toBe('waivers: 5\n');
  } finally {
    await end();
    rmSync(folder, { recursive: true, force: true });
  }
});
