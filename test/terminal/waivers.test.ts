import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Built, builtProgram } from './build.ts';
import { type Operator, sitDown } from './operator.ts';
import { whyNoTmux } from './tmux.ts';

const missing = whyNoTmux();
vi.setConfig({ testTimeout: 180_000 });

if (missing) console.warn(`LEFT OUT: waivers in a real terminal: ${missing}`);

describe.skipIf(missing !== undefined)('a waiver, in a real terminal', () => {
  let built: Built;
  beforeAll(async () => {
    built = await builtProgram();
  });
  afterAll(() => built?.remove());

  /** A practice session up to the overview of its controls. */
  async function toControls(at: Operator): Promise<void> {
    await at.start('lab', '--distribution', 'rke2', '--waivers', 'waivers.yaml');
    await at.see('LAB', 'Step 2 of 9');
    await at.press('Enter', '5 nodes');
    await at.press('c', 'not known yet');
    await at.press('y', '5 of 5 nodes connected');
    await at.press('c', 'Step 5 of 9', 'asked');
    await at.press('c', 'Step 6 of 9');
  }

  it('is asked for, written to the file, and holds in the next session until it is taken back', async () => {
    const at = await sitDown({ program: built.program, columns: 100, rows: 30 });
    const file = () => readFileSync(join(at.home, 'waivers.yaml'), 'utf8');
    const leave = async (): Promise<void> => {
      await at.press('q', 'y leave');
      await at.type('y');
      expect(await at.exitCode()).toBe(3);
    };
    try {
      await toControls(at);
      const overview = await at.press('Enter', 'a apply');
      await at.press('s', 'Skip “');
      await at.type('the move is in March');
      await at.see('in March');
      await at.press('Enter', 'Who answers for it?');
      await at.type('Platform');
      await at.see('Platform');
      await at.press('Enter', 'Until which day?');
      await at.type('2999-03-31');
      await at.see('2999-03-31');
      await at.press('Enter', '≈ waived', 'Written to waivers.yaml');
      expect(file()).toMatch(/owner: Platform\n {4}expires: 2999-03-31\n/);
      expect(file()).toContain('cluster: practice');
      expect(overview).not.toContain('waived');
      await at.press('Escape', /20 controls: .*waived/);
      await leave();

      await toControls(at);
      await at.press('Enter', '≈ waived', 'waived by Platform until 2999-03-31: the move is in March');
      await at.press('b', 'a apply');
      await at.press('Escape', '20 controls');
      expect(file()).not.toContain('Platform');
      await leave();
    } finally {
      await at.close();
    }
  });
});
