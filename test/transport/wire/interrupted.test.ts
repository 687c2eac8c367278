import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Change, changeFolder, type Step } from '../../../src/domain/step.ts';
import { deedExchange } from '../../../src/transport/wire/index.ts';
import { hash, manifest } from './manifest.ts';
import { hear, isRoot, makeNode, marker, type Node, plainShell, shells, start } from './shell.ts';

if (!isRoot) console.warn('left out: interrupted changes, because they need root');

/** Every tool a change calls, so that it can be cut off right before each single call. */
const tools = 'cat chmod chown cp cut find grep head id mkdir mv rm sha256sum stat sync useradd userdel';

/**
 * Numbers the calls of all tools, and kills the whole process group right before the one whose number is in `kill`. The last
 * number is only where to look on from: calls of one pipe come together, and each takes a number of its own.
 */
const killer = (tool: string): string => `#!/bin/sh
here=/usr/local/sbin
[ -e $here/kill ] || exec ${tool} "$@"
read -r at < $here/kill
n=0
{ read -r n < $here/calls/last || n=0; } 2>/dev/null
set -C
n=$((n + 1))
while ! true > $here/calls/$n; do n=$((n + 1)); done 2>/dev/null
echo $n >| $here/calls/last
if [ $n = $at ]; then kill -9 0; fi
exec ${tool} "$@"
`;

/** Dash is cut off at every call; the other shells make the same calls, so some of theirs are enough. */
const pace = (shell: string): number => (shell === 'dash' ? 1 : 4);

describe.skipIf(!isRoot)('a change that is cut off', () => {
  let node: Node;
  let work: string;
  beforeEach(async () => {
    node = await makeNode();
    work = join(node.folder, 'work');
  });
  afterEach(() => node.remove());

  const at = (name: string): string => join(node.folder, 'tools', name);
  const file = (path: string, content: string, before?: string): Step => ({
    kind: 'write-file',
    path,
    content,
    mode: '0644',
    owner: 'root',
    group: 'root',
    before: before === undefined ? { kind: 'absent' } : { kind: 'present', sha256: hash(before) },
  });
  const change = (id: string, ...steps: readonly Step[]): Change => ({
    id,
    session: 's1',
    control: 'c',
    node: 'cp-1',
    via: 'cp-1',
    steps,
  });
  const kept = (c: Change): string => join(node.folder, 'varlib', changeFolder(c).slice('/var/lib/'.length));
  const byHand = (c: Change) => start(node.words(plainShell), `sh ${changeFolder(c)}/undo.sh`).ended;
  // What was killed is there for a while yet on a busy machine, and its undo rightly waits for the end of it.
  const gone = async (c: Change): Promise<void> => {
    for (const name of ['pid', 'step.pid', 'undo.pid']) {
      const [pid] = (await readFile(join(kept(c), name), 'utf8').catch(() => '')).split(' ');
      const state = () => readFile(`/proc/${pid}/stat`, 'utf8').then((stat) => stat.replace(/.*\) /, '')[0]);
      if (pid) await expect.poll(() => state().catch(() => 'Z'), { interval: 5, timeout: 20_000 }).toBe('Z');
    }
  };
  const accounts = () =>
    Promise.all(
      ['passwd', 'group', 'shadow', 'gshadow'].map((n) => readFile(join(node.folder, 'etc', n), 'utf8')),
    );

  it.each(shells)(
    'at any call of %s leaves every file old or new, and its undo by hand restores all',
    { timeout: 300_000 },
    async (name, shell) => {
      const path = join(work, 'a.conf');
      await writeFile(path, 'old', { mode: 0o600 });
      for (const tool of tools.split(' ')) {
        const real = execFileSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim();
        await writeFile(at(tool), killer(real), { mode: 0o755 });
      }
      const before = await manifest(work);
      const names = await accounts();
      const steps = [
        file(path, 'new text', 'old'),
        { kind: 'make-folder', path: join(work, 'made'), mode: '0700', owner: 'root', group: 'root' },
        file(join(work, 'made/b.conf'), 'b'),
        { kind: 'create-account', name: 'wire-x', comment: '', shell: '/bin/sh', withGroup: true },
      ] as const satisfies readonly Step[];
      let ended = false;
      let begun = 0;
      for (let kill = 1; !ended; kill += pace(name)) {
        expect(kill).toBeLessThan(300);
        await rm(at('calls'), { recursive: true, force: true });
        await mkdir(at('calls'));
        await writeFile(at('kill'), `${kill}\n`);
        const c = change(`c${kill}`, ...steps);
        const report = await node.perform({ kind: 'change', change: c }, shell);
        ended = report.kind === 'done';
        if (!ended) expect(report).toMatchObject({ kind: 'unknown', failure: { code: 'link-lost' } });
        await rm(at('kill'));
        expect(['old', 'new text']).toContain(await readFile(path, 'utf8'));
        if (existsSync(join(work, 'made/b.conf')))
          expect(await readFile(join(work, 'made/b.conf'), 'utf8')).toBe('b');
        if (existsSync(join(kept(c), '0.begun'))) begun += 1;
        if (existsSync(join(kept(c), 'undo.sh'))) {
          await gone(c);
          const said = await byHand(c);
          expect(said.exit, `at call ${kill}: ${said.out}${said.err}`).toBe(0);
        }
        expect(await manifest(work), `at call ${kill}`).toEqual(before);
        expect(await accounts(), `at call ${kill}`).toEqual(names);
        await rm(kept(c), { recursive: true, force: true });
      }
      expect(begun * pace(name)).toBeGreaterThan(10);
    },
  );

  it.each(shells)(
    'in its undo by %s can be taken back by a second one',
    { timeout: 120_000 },
    async (name, shell) => {
      const path = join(work, 'a.conf');
      await writeFile(path, 'old', { mode: 0o600 });
      const before = await manifest(work);
      for (const tool of tools.split(' ')) {
        const real = execFileSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim();
        await writeFile(at(tool), killer(real), { mode: 0o755 });
      }
      let ended = false;
      for (let kill = 1; !ended; kill += pace(name)) {
        const c = change(`c${kill}`, file(path, 'new', 'old'), file(join(work, 'b'), 'b'));
        expect((await node.perform({ kind: 'change', change: c }, shell)).kind).toBe('done');
        await rm(at('calls'), { recursive: true, force: true });
        await mkdir(at('calls'));
        await writeFile(at('kill'), `${kill}\n`);
        const cut = await node.perform({ kind: 'undo', change: c, force: false }, shell);
        ended = cut.kind === 'done';
        if (!ended) expect(cut.kind).toBe('unknown');
        await rm(at('kill'));
        expect(['old', 'new']).toContain(await readFile(path, 'utf8'));
        await gone(c);
        const said = await byHand(c);
        expect(said.exit, `at call ${kill}: ${said.out}${said.err}`).toBe(0);
        expect(await manifest(work), `at call ${kill}`).toEqual(before);
      }
    },
  );

  it('while a step runs is known as running, and its undo waits', async () => {
    execFileSync('mkfifo', [join(work, 'told'), join(work, 'go')]);
    const c = change('c1', file(join(work, 'a'), 'x'), {
      kind: 'run',
      words: ['sh', '-c', 'echo ready > "$0/told"; read x < "$0/go"', work],
      why: 'it waits',
    });
    const exchange = deedExchange({ kind: 'change', change: c }, { marker: marker(), node: 'cp-1' });
    const { child, ended } = start(node.words(plainShell), exchange.script);
    await readFile(join(work, 'told'));
    const [main] = (await readFile(join(kept(c), 'pid'), 'utf8')).split(' ');
    const state = async () => {
      const [answer] = [
        ...(await node.ask([{ kind: 'change-state', session: 's1', change: 'c1' }])).values(),
      ];
      return answer?.kind === 'said' ? answer.text.split('\n') : [];
    };
    expect(await state()).toContain(`running ${main}`);
    expect(await node.perform({ kind: 'undo', change: c, force: false })).toMatchObject({ kind: 'refused' });
    expect(await node.perform({ kind: 'change', change: c })).toMatchObject({ kind: 'refused' });
    process.kill(Number(main), 'SIGKILL');
    expect((await byHand(c)).exit).toBe(4);
    expect((await state()).join()).toMatch(/running \d+/);
    const go = await open(join(work, 'go'), 'w');
    await go.write('go\n');
    await go.close();
    await ended;
    expect(child.exitCode ?? child.signalCode).not.toBeNull();
    expect((await state()).join()).not.toMatch(/running|ended/);
    expect((await byHand(c)).exit).toBe(0);
    expect(existsSync(join(work, 'a'))).toBe(false);
  });

  it.each(shells)('from its reader goes on to its end with %s', async (_, shell) => {
    for (const [id, last, word] of [
      ['good', 'true', 'done'],
      ['bad', 'false', 'put-back'],
    ] as const) {
      await rm(join(work, 'told'), { force: true });
      await rm(join(work, 'go'), { force: true });
      execFileSync('mkfifo', [join(work, 'told'), join(work, 'go')]);
      const talk = 'i=0; while [ $i -lt 2000 ]; do echo "much to say, to nobody"; i=$((i + 1)); done';
      const c = change(
        id,
        {
          kind: 'run',
          words: ['sh', '-c', `echo ready > "$0/told"; read x < "$0/go"; ${talk}`, work],
          why: 'it waits',
        },
        file(join(work, `${id}.conf`), 'x'),
        { kind: 'run', words: ['sh', '-c', `${talk}; ${last}`], why: 'it talks' },
      );
      const exchange = deedExchange({ kind: 'change', change: c }, { marker: marker(), node: 'cp-1' });
      const { child, ended } = start(node.words(shell), exchange.script);
      await readFile(join(work, 'told'));
      child.stdout?.destroy();
      child.stderr?.destroy();
      process.kill(-(child.pid ?? 0), 'SIGHUP');
      const go = await open(join(work, 'go'), 'w');
      await go.write('go\n');
      await go.close();
      const said = await ended;
      expect(hear(exchange, said)).toMatchObject({ kind: 'unknown', failure: { code: 'link-lost' } });
      expect((await readFile(join(kept(c), 'ended'), 'utf8')).trim()).toBe(word);
      expect(existsSync(join(work, `${id}.conf`))).toBe(word === 'done');
    }
  });

  it.each(shells)('before it was whole runs nothing in %s', { timeout: 60_000 }, async (_, shell) => {
    const c = change('c1', file(join(work, 'a'), 'x'.repeat(500)));
    const { script } = deedExchange({ kind: 'change', change: c }, { marker: marker(), node: 'cp-1' });
    for (let cut = 0; cut < script.length - '_wire\n'.length; cut += 53) {
      const said = await start(node.words(shell), script.slice(0, cut)).ended;
      expect(said.out.toString(), `cut at ${cut}`).toBe('');
    }
    expect(await readdir(work)).toEqual([]);
    expect(await readdir(join(node.folder, 'varlib'))).toEqual([]);
  });
});
