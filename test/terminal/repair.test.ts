import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Built, builtProgram } from './build.ts';
import { type Operator, sitDown } from './operator.ts';
import { whyNoTmux } from './tmux.ts';

const missing = whyNoTmux();
vi.setConfig({ testTimeout: 180_000 });

if (missing) console.warn(`LEFT OUT: repairs in a real terminal: ${missing}`);

/** A repair walked from the first screen to its proof in so many keys at most. */
const most = 25;

/** Presses keys and counts them; a paste is one. */
function counting(at: Operator): {
  readonly press: Operator['press'];
  readonly paste: (text: string) => Promise<void>;
  readonly keys: () => number;
} {
  let keys = 0;
  return {
    keys: () => keys,
    paste: async (text) => {
      keys += 1;
      await at.paste(text);
      await at.see(`❯ ${text}`);
    },
    press: (key, ...what) => {
      keys += 1;
      return at.press(key, ...what);
    },
  };
}

describe.skipIf(missing !== undefined)('a broken cluster of the lab, in a real terminal', () => {
  let built: Built;
  beforeAll(async () => {
    built = await builtProgram();
  });
  afterAll(() => built?.remove());

  /** From the symptom to the causes, with the first found cause highlighted. */
  async function toCauses(at: Operator, broken: string, symptom: string) {
    await at.start('lab', '--broken', broken);
    await at.see('LAB', 'What do you see?');
    const hand = counting(at);
    while (!(await at.see()).includes(`❯ ${symptom}`)) await hand.press('Down');
    await hand.press('Enter', '5 nodes');
    await hand.press('c', 'not known yet');
    await hand.press('y', '5 of 5 nodes connected');
    await hand.press('c', 'Step 5 of 9', 'asked');
    await hand.press('c', 'possible causes:');
    return hand;
  }

  it('DNS broken by an emptied resolv.conf: found, mended, restarted, proved', async () => {
    const at = await sitDown({ program: built.program, columns: 100, rows: 30 });
    try {
      const hand = await toCauses(at, 'empty-resolver', 'Pods cannot resolve names');
      await hand.press('Enter', '/etc/resolv.conf names no name server', 'Hardening emptied');
      await hand.press('a', 'yes, apply');
      await hand.press('y', 'It has ended');
      // Asked again by itself, the node names its servers: that is the proof.
      await hand.press('Enter', /cp-1\s+✔ cured\s+name servers: 10\.0\.0\.2/);
      expect(hand.keys()).toBeLessThan(most);

      // What the kubelet hands out follows with the restart, which asks for the name of the cluster.
      await at.press('Escape', 'possible causes:');
      await at.press('c', '1 restart is due');
      await at.press('r', 'type practice and press enter');
      await at.type('practice');
      await at.see('❯ practice');
      await at.press('Enter', 'healthy');
      await at.press('Escape');
      await at.press('Escape', 'possible causes:', /Pods get name servers.*✔/);
    } finally {
      await at.close();
    }
  });

  it('DNS broken by a strict reverse path filter: the grid tells the node, the cure proves itself', async () => {
    const at = await sitDown({ program: built.program, columns: 120, rows: 40 });
    try {
      const hand = await toCauses(at, 'reverse-path-filter', 'Pods cannot resolve names');
      const causes = await at.see('2 found');
      expect(causes).toMatch(/Packets may come back .*✖/);
      expect(causes).toMatch(/The cluster's DNS answers .*✖/);
      expect(causes).toMatch(/❯ .*Packets may come back/);
      await hand.press('Enter', 'eth0 is strict (1)');
      // Packets may be cut by it at once, so it wants the name, which most people paste.
      await hand.press('a', 'type practice and press enter', '60-baseline.conf');
      await hand.paste('practice');
      await hand.press('Enter', 'It has ended');
      await hand.press('Enter', /worker-1\s+✔ cured/);
      await hand.press('Escape', 'possible causes:');
      await hand.press('Down', /❯ .*The cluster's DNS/);
      await hand.press('Enter', "The cluster's DNS answers every node");
      await hand.press('r', 'inside ✔ outside ✔', /worker-1\s+✔/);
      expect(hand.keys()).toBeLessThan(most);
    } finally {
      await at.close();
    }
  });

  it('a kernel value broken by a later file: the line to blame is named, corrected and can be put back', async () => {
    const at = await sitDown({ program: built.program, columns: 100, rows: 30 });
    try {
      const hand = await toCauses(at, 'later-file', 'Pods lost the network after the hosts were hardened');
      await hand.press(
        'Enter',
        '99-zz-hardening.conf:1 sets it to 0',
        '90-kubernetes.conf:1 comes before it',
      );
      await hand.press('a', 'yes, apply');
      await hand.press('y', 'It has ended');
      await hand.press('Enter', /worker-2\s+✔ cured/);
      await hand.press('u', 'worker-2: The kernel hands packets on', 'The whole session');
      expect(hand.keys()).toBeLessThan(most);
    } finally {
      await at.close();
    }
  });
});
