import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { brokenWays } from '../../src/lab/broken.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { type Built, builtProgram } from './build.ts';
import { type Operator, sitDown } from './operator.ts';
import { whyNoTmux } from './tmux.ts';

const missing = whyNoTmux();
vi.setConfig({ testTimeout: 180_000 });

if (missing) console.warn(`LEFT OUT: repairs in a real terminal: ${missing}`);

/** A repair walked from the first screen to its proof in fewer keys than this. */
const most = 25;

/** What a scanner that lists world-writable paths reports of an image's own /tmp. */
const scanned =
  'worker-1: /var/lib/rancher/rke2/agent/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs/tmp drwxrwxrwt root root';

/** Somebody at a terminal of whom each key is counted; a paste counts as one. */
type Hand = {
  readonly press: Operator['press'];
  /** A word, key by key; it stands in its field before the next key. */
  readonly spell: (word: string) => Promise<void>;
  readonly paste: (text: string) => Promise<void>;
  readonly keys: () => number;
};

function counting(at: Operator): Hand {
  let keys = 0;
  const press: Operator['press'] = (key, ...what) => {
    keys += 1;
    return at.press(key, ...what);
  };
  return {
    press,
    keys: () => keys,
    spell: async (word) => {
      for (const [i, key] of [...word].entries()) await press(key, `❯ ${word.slice(0, i + 1)}`);
    },
    paste: async (text) => {
      keys += 1;
      await at.paste(text);
      await at.see(text.slice(-20));
    },
  };
}

const sizes = [
  [80, 24],
  [120, 40],
] as const;

describe.skipIf(missing !== undefined)('a broken cluster of the lab, in a real terminal', () => {
  let built: Built;
  beforeAll(async () => {
    built = await builtProgram();
  });
  afterAll(() => built?.remove());

  /** A walk at a terminal of this size, and the keys that it took. */
  async function walk(
    [columns, rows]: readonly [number, number],
    broken: string,
    way: (hand: Hand, at: Operator) => Promise<void>,
  ): Promise<number> {
    const at = await sitDown({ program: built.program, columns, rows });
    try {
      await at.start('lab', '--broken', broken);
      await at.see('LAB', 'What do you see?');
      const hand = counting(at);
      await way(hand, at);
      return hand.keys();
    } finally {
      await at.close();
    }
  }

  /** To a line of the list of symptoms. */
  async function choose(hand: Hand, at: Operator, line: string): Promise<void> {
    while (!(await at.see()).includes(`❯ ${line}`)) await hand.press('Down');
    // Profiles are read before the next screen comes; a key that came sooner would be pressed on the list.
    await hand.press('Enter', /Step 3 of 9|❯ \|/);
  }

  /** From the nodes to the causes, with the first found cause highlighted. */
  async function toCauses(hand: Hand): Promise<string> {
    await hand.press('c', 'not known yet');
    await hand.press('y', '5 of 5 nodes connected');
    await hand.press('c', 'Step 5 of 9', 'asked');
    return hand.press('c', 'possible causes:');
  }

  it.each(sizes)(
    'at %ix%i, DNS broken by an emptied resolv.conf: found, mended, restarted, and all asked again',
    async (...size) => {
      const keys = await walk(size, 'empty-resolver', async (hand, at) => {
        await choose(hand, at, 'Pods cannot resolve names');
        expect(await toCauses(hand)).toMatch(/❯ 1 +The node has nobody .*✖ 1 of 5 cause found/);
        await hand.press('Enter', '/etc/resolv.conf names no name server', 'Hardening emptied');
        // It only waits for a restart, and that is where the name is asked for.
        await hand.press('a', 'Apply the cure of “The node has nobody', 'yes, apply');
        await hand.press(
          'y',
          'It has ended',
          'A restart is due: cp-1. R shows',
          'and still found: “Pods get',
        );
        await hand.press('R', 'Restart the service of cp-1?', 'restart -- rke2-server', 'type practice');
        expect(at.records().filter(({ event }) => event.kind === 'restart-intended')).toEqual([]);
        await hand.spell('practice');
        await hand.press('Enter', 'cp-1: healthy', 'Asked again: no cause that was found is left.');
        await hand.press(
          'Enter',
          /cp-1\s+✔ cured\s+name servers: 10\.0\.0\.2/,
          'This was a cause, and it is cured',
        );
        // The grid of causes and nodes was asked anew, by itself.
        const causes = await hand.press('Escape', 'none found, 1 cured, 1 gone since');
        expect(causes).toMatch(/Pods get name servers .*✔ 1 of 5 gone since/);
        expect(causes).toMatch(/DNS does not answer everywhere .*✔ not it/);
        expect(causes).not.toContain('✖');
      });
      expect(keys).toBeLessThan(most);
    },
  );

  it.each(sizes)(
    'at %ix%i, DNS broken by a strict reverse path filter: the grid tells the node, and proves the cure',
    async (...size) => {
      const keys = await walk(size, 'reverse-path-filter', async (hand, at) => {
        await choose(hand, at, 'Pods cannot resolve names');
        const causes = await toCauses(hand);
        expect(causes).toContain('2 found');
        expect(causes).toMatch(/❯ 8 +A reverse path filter .*✖/);
        expect(causes).toMatch(/DNS does not answer everywhere .*✖/);
        const cause = await hand.press('Enter', 'This host throws away packets', /worker-1\s+✖ cause found/);
        // What it risks is said in its own words, not in those of a network policy.
        expect(cause.replaceAll(/\s+/g, ' ')).toContain('no connection is cut');
        expect(cause).not.toMatch(/CUT TRAFFIC|no rule lets through/);
        await hand.press('a', 'yes, apply', '60-baseline.conf');
        await hand.press('y', 'It has ended', 'Asked again: no cause that was found is left.');
        await hand.press('Enter', /worker-1\s+✔ cured/);
        await hand.press(
          'Escape',
          /DNS does not answer everywhere .*✔ gone/,
          'none found, 1 cured, 1 gone since',
        );
        await hand.press('Down', /❯ 6 +DNS does not answer/);
        await hand.press('Enter', /worker-1\s+✔ gone since\s+service inside ✔ outside ✔/);
      });
      expect(keys).toBeLessThan(most);
    },
  );

  it.each(sizes)(
    'at %ix%i, a kernel value broken by a later file: the line to blame is named, corrected and can be put back',
    async (...size) => {
      const keys = await walk(size, 'later-file', async (hand, at) => {
        await choose(hand, at, 'Pods lost the network after the hosts were hardened');
        expect(await toCauses(hand)).toMatch(/❯ 1 +Packets are not forwarded/);
        await hand.press('Enter', '99-zz-hardening.conf:1 sets it to 0', 'e explain');
        await hand.press('e', 'Found on worker-2', '90-kubernetes.conf:1 comes before it');
        await hand.press('Escape');
        await hand.press('a', 'yes, apply', '99-zz-hardening.conf');
        await hand.press('y', 'It has ended', 'Asked again: no cause that was found is left.');
        await hand.press('Enter', /worker-2\s+✔ cured/);
        await hand.press('u', 'worker-2: cure of “Packets are not forwarded”', 'The whole session');
      });
      expect(keys).toBeLessThan(most);
    },
  );

  it.each(sizes)(
    'at %ix%i, world-writable layers that a scanner reports: its line is pasted, the folder is closed, and the finding is proved false',
    async (...size) => {
      const keys = await walk(size, 'open-store', async (hand, at) => {
        await choose(hand, at, 'Paste a line of a log or of a scanner');
        await hand.paste(scanned);
        await hand.press('Enter', '5 nodes');
        expect(await toCauses(hand)).toMatch(/❯ 1 +Image layers are open to ever.*✖ 1 of 5 cause found/);
        await hand.press(
          'Enter',
          /❯ worker-1\s+✖ cause found/,
          'chmod 0700 /var/lib/rancher',
          'Breaks  Whoever runs kubectl',
        );
        await hand.press('a', 'Apply the cure of “Image layers are open to everybody” on worker-1?');
        await hand.press('y', 'It has ended', 'Asked again: no cause that was found is left.');
        await hand.press(
          'Enter',
          /worker-1\s+✔ cured\s+\/var\/lib\/rancher is 0700/,
          'a finding there is a false positive',
        );
        await hand.press('Escape', 'none found, 1 cured');
      });
      expect(keys).toBeLessThan(most);
    },
  );

  it('world-writable layers, picked from the list of symptoms', async () => {
    const keys = await walk([80, 24], 'open-store', async (hand, at) => {
      await choose(hand, at, 'A scanner reports world-writable folders');
      expect(await toCauses(hand)).toMatch(/❯ 1 +Image layers are open/);
      await hand.press('Enter', /❯ worker-1\s+✖ cause found/);
      await hand.press('a', 'yes, apply');
      await hand.press('y', 'It has ended');
      await hand.press('Enter', /worker-1\s+✔ cured/, 'a finding there is a false positive');
    });
    expect(keys).toBeLessThan(most);
  });

  it('a name of no broken cluster ends before the first screen, with every name there is', async () => {
    const at = await sitDown({ program: built.program, columns: 80, rows: 24 });
    try {
      await at.start('lab', '--broken', 'nosuch');
      expect(await at.exitCode()).toBe(2);
      const said = await at.history();
      const practice = await readPractice(['profiles'], 'rke2');
      const names = brokenWays(practice.ok && practice.value).map(({ name }) => name);
      expect(names.length).toBeGreaterThan(10);
      for (const name of names) expect(said.replaceAll(/\s/g, '')).toContain(name);
    } finally {
      await at.close();
    }
  });
});
