import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { word } from '../../src/domain/failure.ts';
import { createConnector } from '../../src/transport/ssh.ts';
import { resolveHost } from '../../src/transport/ssh-config.ts';
import { runTool, sharing } from '../../src/transport/tool.ts';
import { newFolder, nodeAt } from './support/loopback.ts';

const noSsh = spawnSync('ssh', ['-V']).error !== undefined;

let folder: ReturnType<typeof newFolder>;
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => folder.remove());

/** Whether a process is there that still runs; one that ended and waits to be taken away does not. */
function runs(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

function wrote(name: string): string {
  return existsSync(folder.at(name)) ? readFileSync(folder.at(name), 'utf8').trim() : '';
}

describe("one of OpenSSH's own programs", () => {
  it('says what it wrote and how it ended', async () => {
    expect(await runTool('sh', ['-c', 'cat; echo out; echo err >&2; exit 3'])).toEqual({
      kind: 'ran',
      exit: 3,
      out: 'out\n',
      err: 'err\n',
    });
    expect(await runTool(folder.at('nothing'), [])).toEqual({ kind: 'missing' });
    expect(await runTool('sh', ['-c', 'kill -9 $$'])).toMatchObject({ kind: 'ran', exit: 255 });
  });

  it('that does not end is ended with all it began', async () => {
    const script = `sh -c 'echo $$ > ${folder.at('pid')}; sleep 300; true'; true`;
    expect(await runTool('sh', ['-c', script], 1_000)).toEqual({ kind: 'late', seconds: 1 });
    const pid = Number(wrote('pid'));
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => runs(pid)).toBe(false);
  });

  it('that leaves somebody behind with its output has answered all the same', async () => {
    const script = `sleep 300 & echo $! > ${folder.at('pid')}; echo out`;
    const run = await runTool('sh', ['-c', script], 1_000);
    process.kill(Number(wrote('pid')));
    expect(run).toEqual({ kind: 'ran', exit: 0, out: 'out\n', err: '' });
  });

  it('is run once for all who ask the same at the same time, and anew later', async () => {
    let now = 0;
    const ask = sharing(2_000, () => now);
    const words = ['-c', `echo x >> ${folder.at('calls')}; sleep 0.1; echo $0`, 'a'];
    const both = await Promise.all([ask('sh', words), ask('sh', words)]);
    expect(both[0]).toMatchObject({ out: 'a\n' });
    expect(both[1]).toBe(both[0]);
    now = 1_999;
    expect(await ask('sh', words)).toBe(both[0]);
    expect(wrote('calls')).toBe('x');
    expect(await ask('sh', [...words.slice(0, 2), 'b'])).toMatchObject({ out: 'b\n' });
    now = 4_000;
    await ask('sh', words);
    expect(wrote('calls')).toBe('x\nx\nx');
  });
});

describe.skipIf(noSsh)('ssh -G', () => {
  it('that does not answer is the reason that is given', async () => {
    writeFileSync(folder.at('config'), 'Match exec "sleep 300"\n  User x\n');
    const source = {
      ssh: 'ssh',
      run: (program: string, words: readonly string[]) => runTool(program, words, 1_000),
      file: folder.at('config'),
      agent: undefined,
      knownHosts: undefined,
      identity: undefined,
    };
    const read = await resolveHost({ host: 'cp-1', port: 0, user: '' }, source);
    expect(!read.ok && word(read.failure).sentence).toBe(
      `${folder.at('config')} cannot be read: ssh -G cp-1 did not answer within 1 s. See whether the command of a Match exec in it ends.`,
    );
  });

  it('that fails without a word is named with how it ended', async () => {
    writeFileSync(folder.at('ssh'), '#!/bin/sh\nexit 7\n');
    chmodSync(folder.at('ssh'), 0o755);
    const source = {
      ssh: folder.at('ssh'),
      file: undefined,
      agent: undefined,
      knownHosts: undefined,
      identity: undefined,
    };
    const read = await resolveHost({ host: 'cp-1', port: 0, user: '' }, source);
    expect(!read.ok && word(read.failure).sentence).toMatch(/cannot be read: ssh -G ended with 7/);
  });

  it('is asked once for the jump host of many nodes', async () => {
    writeFileSync(
      folder.at('config'),
      'Host jump\n  HostName 127.0.0.1\n  Port 1\nHost *\n  ProxyJump jump\n'.replace('Host *', 'Host a b'),
    );
    writeFileSync(folder.at('ssh'), `#!/bin/sh\necho "$*" >> '${folder.at('calls')}'\nexec ssh "$@"\n`);
    chmodSync(folder.at('ssh'), 0o755);
    const connector = createConnector({
      sshBinary: folder.at('ssh'),
      sshConfig: folder.at('config'),
      knownHosts: folder.at('known_hosts'),
      agent: false,
    });
    const answerer = async () => 'no' as const;
    const results = await Promise.all(
      ['a', 'b', 'a'].map((host) =>
        connector.connect(
          { ...nodeAt(1), name: host, host },
          { readOnly: true, deadlineMs: 8_000, answerer },
        ),
      ),
    );
    expect(results.map((r) => r.ok)).toEqual([false, false, false]);
    const hosts = wrote('calls')
      .split('\n')
      .map((line) => line.split(' ').at(-1));
    expect(hosts.toSorted()).toEqual(['a', 'b', 'jump']);
  });
});
