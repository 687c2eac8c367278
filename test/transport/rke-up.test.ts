import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
      `import { makeClusterHere } from ${entry};\nawait makeClusterHere(${JSON.stringify(words)}, () => {});\n`,
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
});
