import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { word } from '../../src/domain/failure.ts';
import type { Waiver } from '../../src/domain/waiver.ts';
import { waiverFile, waiversNow } from '../../src/run/waivers.ts';

let folder = '';
const path = () => join(folder, 'waivers.yaml');
const text = () => readFileSync(path(), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'k8s-harden-waivers-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

function waiver(control: string, over: Partial<Waiver> = {}): Waiver {
  const words = { reason: 'the move is in March', owner: 'Platform', found: 'root:root' };
  return { control, place: 'cp-1', cluster: 'prod', ...words, ...over };
}

const reviewed = `# Reviewed by Security, 2026-11-20.
waivers:
  # Asked for in ticket 17.
  - control: dns
    place: "*"
    reason: ours   # as agreed
    owner: Network
    found: ''
`;

describe('the file of waivers', () => {
  it('is made with a heading when it is not there, and read again', async () => {
    const file = waiverFile(join(folder, 'new/waivers.yaml'), true);
    expect(await waiversNow(file.file)).toEqual({ ok: true, value: [] });
    const made = waiver('etcd-owner', { benchmark: 'cis', expires: '2027-03-31', found: '0700: "x"\n#y' });
    expect(await file.add([made], 'prod')).toEqual({ ok: true, value: [made] });
    expect(await waiversNow(file.file)).toEqual({ ok: true, value: [made] });
    expect(readFileSync(file.file, 'utf8')).toMatch(/^# What somebody answers for/);
    expect(readdirSync(join(folder, 'new'))).toEqual(['waivers.yaml']);
  });

  it('keeps apart what was given in two clusters without a name', async () => {
    const file = waiverFile(path(), true);
    const [ours, theirs] = ['10.0.0.1', '10.9.0.1'].map((host) =>
      waiver('etcd-owner', { cluster: 'cluster', nodes: [`cp-1=${host}`], owner: host }),
    );
    if (!ours || !theirs) throw new Error('two');
    await file.add([ours], 'cluster');
    expect(await file.add([theirs], 'cluster')).toEqual({ ok: true, value: [ours, theirs] });
    const { control, place, nodes } = ours;
    expect(await file.remove([{ control, place, cluster: 'cluster', nodes }])).toEqual({
      ok: true,
      value: [theirs],
    });
  });

  it('keeps comments, the lines of others and its mode; its end takes out that line alone', async () => {
    writeFileSync(path(), reviewed);
    chmodSync(path(), 0o640);
    const file = waiverFile(path(), true);
    await file.add([waiver('etcd-owner')], 'prod');
    for (const line of reviewed.trimEnd().split('\n'))
      expect(text().split('\n')).toContain(line.replace('   # as', ' # as'));
    expect(statSync(path()).mode & 0o777).toBe(0o640);
    await file.add([waiver('etcd-owner', { owner: 'Shop' })], 'prod');
    const read = await waiversNow(path());
    expect(read.ok && read.value.map((w) => w.owner)).toEqual(['Network', 'Shop']);
    await file.remove([{ control: 'etcd-owner', place: 'cp-1', cluster: 'test' }]);
    expect(text()).toContain('Shop');
    await file.remove([{ control: 'etcd-owner', place: 'cp-1', cluster: 'prod' }]);
    expect(text()).not.toContain('Shop');
    expect(text()).toContain('# Asked for in ticket 17.');
  });

  it('loses no line when many write at once, nor one that came by hand', async () => {
    writeFileSync(path(), reviewed);
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(ids.map((id) => waiverFile(path(), true).add([waiver(id)], 'prod')));
    writeFileSync(path(), `${text()}  - { control: hand, place: cp-1, reason: x, owner: y, found: z }\n`);
    const all = await waiverFile(path(), true).add([waiver('g')], 'prod');
    expect(all.ok && all.value.map((w) => w.control).sort()).toEqual([...ids, 'dns', 'g', 'hand'].sort());
    expect(await waiversNow(path())).toEqual(all);
  });

  it.each([
    [
      'an unknown key',
      `${reviewed}    until: 2027-01-01\n`,
      ':9: waivers.0.until: is not a key that is known',
    ],
    [
      'a day that does not exist',
      `${reviewed}    expires: 2027-02-30\n`,
      ':9: waivers.0.expires: “2027-02-30” is no day',
    ],
    [
      'a missing owner',
      'waivers:\n  - { control: a, place: b, reason: c, found: d }\n',
      ':2: waivers.0.owner: ',
    ],
    ['no YAML', 'waivers: [\n', ':2: '],
    ['another top', 'waiver: []\n', ':1: '],
    [
      'what a terminal acts on',
      'waivers:\n  - { control: a, place: b, reason: "\\e[2J", owner: c, found: d }\n',
      ':2: waivers.0.reason: it holds U+001B',
    ],
  ])('with %s is refused with file and line, and not written over', async (_, wrong, says) => {
    writeFileSync(path(), wrong);
    const file = waiverFile(path(), true);
    for (const answer of [await file.read(), await file.add([waiver('a')], 'prod')]) {
      expect(answer.ok).toBe(false);
      if (!answer.ok) expect(word(answer.failure).sentence).toContain(`${path()}${says}`);
    }
    expect(text()).toBe(wrong);
  });

  it('keeps what others repeat by an alias when the waiver that they repeat is taken out', async () => {
    const lines = [
      'waivers:',
      '  - &first',
      '    control: etcd-owner',
      '    place: &node cp-1',
      '    cluster: prod',
    ];
    const rest = ['    reason: &why long', '    owner: Shop', '    found: root:root'];
    const other = '  - { control: dns, place: *node, cluster: prod, reason: *why, owner: Network, found: x }';
    writeFileSync(path(), [...lines, ...rest, '  # kept', other, ''].join('\n'));
    const added = await waiverFile(path(), true).add([waiver('etcd-owner')], 'prod');
    expect(added.ok && added.value.map((w) => [w.owner, w.reason])).toEqual([
      ['Network', 'long'],
      ['Platform', 'the move is in March'],
    ]);
    expect(text()).toContain('# kept');
    await waiverFile(path(), true).remove([{ control: 'dns', place: 'cp-1', cluster: 'prod' }]);
    const left = await waiversNow(path());
    expect(left.ok && left.value.map((w) => w.owner)).toEqual(['Platform']);
  });

  it('takes words in any writing', async () => {
    const reason = 'می\u200cخواهیم 👩\u200d💻\nשלום\u200f';
    const added = await waiverFile(path(), true).add([waiver('a', { reason })], 'prod');
    expect(added.ok && added.value[0]?.reason).toBe(reason);
  });

  it('is left alone where it is read-only, or a link to nothing', async () => {
    writeFileSync(path(), reviewed);
    chmodSync(path(), 0o444);
    const dangling = join(folder, 'link.yaml');
    symlinkSync(join(folder, 'not/there.yaml'), dangling);
    for (const [at, says] of [
      [path(), 'it is read-only'],
      [dangling, 'a link to a file that is not there'],
    ] as const) {
      const added = await waiverFile(at, true).add([waiver('a')], 'prod');
      expect(added.ok ? '' : word(added.failure).sentence).toContain(says);
    }
    expect(text()).toBe(reviewed);
    expect(lstatSync(dangling).isSymbolicLink()).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)('stays its owner’s though root edits it', async () => {
    writeFileSync(path(), reviewed);
    chownSync(path(), 1234, 1234);
    await waiverFile(path(), true).add([waiver('a')], 'prod');
    expect(statSync(path())).toMatchObject({ uid: 1234, gid: 1234 });
  });

  it('holds nothing when there is nothing but comments in it', async () => {
    writeFileSync(path(), '# none yet\n');
    expect(await waiversNow(path())).toEqual({ ok: true, value: [] });
    await waiverFile(path(), true).add([waiver('a')], 'prod');
    expect(text()).toMatch(/^# none yet\n/);
  });
});
