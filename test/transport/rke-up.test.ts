import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../src/domain/step.ts';
import { createRedactor } from '../../src/journal/redactor.ts';
import { createWorkstation } from '../../src/transport/workstation.ts';
import { makeClusterHere } from '../../src/transport/workstation-cluster.ts';
import { newFolder } from './support/loopback.ts';

const words = ['rke', 'up', '--config', 'cluster.yml'];
const environment = { state: process.env.XDG_STATE_HOME, path: process.env.PATH };
let folder: ReturnType<typeof newFolder>;

beforeEach(() => {
  folder = newFolder();
  mkdirSync(folder.at('bin'));
  process.env.XDG_STATE_HOME = folder.at('state');
  process.env.PATH = `${folder.at('bin')}:${environment.path}`;
});
afterEach(() => {
  if (environment.state === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = environment.state;
  process.env.PATH = environment.path;
  folder.remove();
});

function rke(script: string): void {
  writeFileSync(folder.at('bin/rke'), `#!/bin/sh\n${script}\n`);
  chmodSync(folder.at('bin/rke'), 0o755);
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let left = 500; !holds(); left--) {
    if (left === 0) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('rke up, once begun', () => {
  it('goes on to its end when the terminal is closed, and is not begun a second time meanwhile', async () => {
    rke(
      `echo begun; touch ${folder.at('begun')}
       until [ -e ${folder.at('go')} ]; do sleep 0.05; done
       echo middle; echo middle >&2; touch ${folder.at('finished')}
       until [ -e ${folder.at('end')} ]; do sleep 0.05; done`,
    );
    const entry = JSON.stringify(`${process.cwd()}/src/transport/workstation-cluster.ts`);
    writeFileSync(
      folder.at('program.ts'),
      `import type { Change } from '../../src/domain/step.ts';
import { createWorkstation } from '../../src/transport/workstation.ts';
import { makeClusterHere } from ${entry};\nawait makeClusterHere(${JSON.stringify(words)}, () => {});\n`,
    );
    const outfile = folder.at('program.mjs');
    await build({
      entryPoints: [folder.at('program.ts')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      logLevel: 'silent',
    });
    // A session of its own, as a terminal gives one: what closes it ends the whole group.
    const program = spawn(process.execPath, [outfile], { detached: true, stdio: 'ignore' });
    const gone = new Promise((resolve) => program.once('exit', resolve));
    try {
      await until('the begin of rke', () => existsSync(folder.at('begun')));
      process.kill(-(program.pid as number), 'SIGHUP');
      await gone;
      writeFileSync(folder.at('go'), '');
      await until('the end of rke', () => existsSync(folder.at('finished')));
      const again = await makeClusterHere(words, () => undefined);
      expect(again).toMatchObject({
        kind: 'refused',
        failure: { code: 'refused', message: expect.stringMatching(/still runs.*rke-up\.log/) },
      });
    } finally {
      writeFileSync(folder.at('go'), '');
      writeFileSync(folder.at('end'), '');
    }
    const log = folder.at('state/k8s-harden/rke-up.log');
    expect(readFileSync(log, 'utf8')).toBe('begun\nmiddle\nmiddle\n');
    expect(statSync(log).mode & 0o777).toBe(0o600);
    rke('echo second');
    let next = await makeClusterHere(words, () => undefined);
    for (let left = 100; next.kind === 'refused' && left > 0; left--) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      next = await makeClusterHere(words, () => undefined);
    }
    expect(next).toEqual({ kind: 'done', output: ['second'] });
    expect(existsSync(folder.at('state/k8s-harden/rke-up.pid'))).toBe(false);
  });

  it('hands on a letter that was cut in two, and the last line without an end', async () => {
    rke("printf 'gr\\303'; sleep 0.3; printf '\\274n\\nlast'");
    const lines: string[] = [];
    expect(await makeClusterHere(words, (line) => lines.push(line))).toEqual({
      kind: 'done',
      output: ['grün', 'last'],
    });
    expect(lines).toEqual(['grün', 'last']);
  });

  it.each(['exit 1', 'exit 0'])('keeps what rke said without its secrets (%s)', async (end) => {
    rke(`echo 'FATA registry login bob password: Zq8passw0rdXY failed'; echo whole; ${end}`);
    const { redact } = createRedactor();
    const path = folder.at('cluster.yml');
    writeFileSync(path, 'nodes: []\n');
    await createWorkstation({ readOnly: false, mask: redact }).perform(
      { kind: 'make-cluster', words: ['rke', 'up', '--config', path] },
      { deadlineMs: 5000 },
    );
    const log = folder.at('state/k8s-harden/rke-up.log');
    expect(readFileSync(log, 'utf8')).toMatch(/^FATA registry login bob password: (?!Zq8).+\nwhole\n$/);
    expect(statSync(log).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.at('state/k8s-harden'))).not.toContain('rke-up.log.masked');
  });

  it('keeps nothing of what rke said where its secrets cannot be taken out', async () => {
    rke('echo said');
    const report = await makeClusterHere(
      words,
      () => undefined,
      () => {
        throw new Error('no');
      },
    );
    expect(report).toEqual({ kind: 'done', output: ['said'] });
    expect(existsSync(folder.at('state/k8s-harden/rke-up.log'))).toBe(false);
  });

  it('does not bring what somebody else wrote in between, until it was said once', async () => {
    rke(`cat "$3" >> ${folder.at('made')}`);
    const path = folder.at('cluster.yml');
    writeFileSync(path, 'old\n', { mode: 0o600 });
    const workstation = createWorkstation({ readOnly: false });
    const limit = { deadlineMs: 5000 };
    const change: Change = {
      ...{ id: 'c1', session: 's1', control: 'x', node: 'workstation', via: 'workstation' },
      steps: [
        {
          ...{ kind: 'write-file', path, content: 'new\n', mode: '0600' },
          ...{ owner: String(process.getuid?.()), group: String(process.getgid?.()) },
          before: { kind: 'present', sha256: createHash('sha256').update('old\n').digest('hex') },
        },
      ],
    };
    const make = { kind: 'make-cluster', words: ['rke', 'up', '--config', path] } as const;
    const [theirs, ours] = [/Somebody changed .*cluster\.yml since/, { kind: 'done' }];
    expect(await workstation.perform({ kind: 'change', change }, limit)).toMatchObject(ours);
    expect(await workstation.perform(make, limit)).toMatchObject(ours);
    writeFileSync(path, 'theirs\n');
    expect(await workstation.perform(make, limit)).toMatchObject({
      kind: 'refused',
      failure: { message: expect.stringMatching(theirs) },
    });
    expect(readFileSync(folder.at('made'), 'utf8')).toBe('new\n');
    expect(await workstation.perform(make, limit)).toMatchObject(ours);
    expect(await workstation.perform({ kind: 'undo', change, force: true }, limit)).toMatchObject(ours);
    expect(await workstation.perform(make, limit)).toMatchObject(ours);
    expect(readFileSync(folder.at('made'), 'utf8')).toBe('new\ntheirs\nold\n');
  });
});
