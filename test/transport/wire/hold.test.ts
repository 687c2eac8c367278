import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Deed } from '../../../src/domain/ports.ts';
import { deedExchange } from '../../../src/transport/wire/index.ts';
import { hear, marker, shells, start } from './shell.ts';

let folder: string;
let kubectl: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8s-harden-hold-'));
  kubectl = join(folder, 'kubectl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A kubectl that keeps what it is sent and says this. */
async function kubectlSays(lines: string): Promise<void> {
  const head = `#!/bin/sh\nprintf '%s\\n' "$*" >> ${folder}/words\n`;
  await writeFile(kubectl, `${head}case $* in *"-f -") cat > ${folder}/sent ;; esac\n${lines}\n`);
  await chmod(kubectl, 0o755);
}

const hold = { holder: "o'hara@here, session 1", node: 'cp-3', since: '2026-01-01T00:00:00.000Z' };

describe.each(shells)('the lock of a cluster under %s', (_, shell) => {
  const perform = async (deed: Deed) => {
    const exchange = deedExchange(deed, { marker: marker(), node: 'cp-1' });
    return hear(exchange, await start(shell, exchange.script).ended);
  };
  const take = (over?: string) =>
    perform({ kind: 'hold', kubectl: [kubectl], hold, ...(over ? { over } : {}) });
  const give = () => perform({ kind: 'release', kubectl: [kubectl], holder: hold.holder });
  const words = async () => (await readFile(join(folder, 'words'), 'utf8')).trim().split('\n');

  it('is created, or replaced by its version alone', async () => {
    await kubectlSays('echo created');
    expect(await take()).toMatchObject({ kind: 'done' });
    expect(JSON.parse(await readFile(join(folder, 'sent'), 'utf8'))).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'k8s-harden-restart', namespace: 'kube-system' },
      data: hold,
    });
    expect(await take('42')).toMatchObject({ kind: 'done' });
    expect(JSON.parse(await readFile(join(folder, 'sent'), 'utf8')).metadata.resourceVersion).toBe('42');
    expect(await words()).toEqual(['create', 'replace'].map((verb) => `${verb} --request-timeout=20s -f -`));
  });

  it.each([
    'Error from server (AlreadyExists): error when creating "STDIN": configmaps "k8s-harden-restart" already exists',
    'Error from server (Conflict): error when replacing "STDIN": Operation cannot be fulfilled',
    'Error from server (NotFound): error when replacing "STDIN": configmaps "k8s-harden-restart" not found',
  ])('is another’s: %s', async (message) => {
    await kubectlSays(`echo '${message}' >&2; exit 1`);
    expect(await take()).toMatchObject({ kind: 'refused', failure: { code: 'locked' } });
  });

  it('is not taken where kubectl fails or is not there', async () => {
    const missing = await take();
    expect(missing).toMatchObject({ kind: 'refused', failure: { message: 'The node has no kubectl.' } });
    await kubectlSays('echo forbidden >&2; exit 1');
    const failed = await take();
    expect(failed).toMatchObject({
      kind: 'refused',
      failure: { message: expect.stringMatching(/exit 1\): forbidden/) },
    });
  });

  it('is given back by its holder only', async () => {
    await kubectlSays(`case $1 in get) printf %s "o'hara@here, session 1" ;; esac`);
    expect(await give()).toMatchObject({ kind: 'done' });
    expect((await words()).at(-1)).toBe(
      'delete configmap k8s-harden-restart -n kube-system --ignore-not-found --request-timeout=20s',
    );
    await kubectlSays('case $1 in get) printf %s alice ;; esac');
    expect(await give()).toMatchObject({ kind: 'refused', failure: { code: 'locked', holder: 'alice' } });
    await kubectlSays(':');
    expect(await give()).toMatchObject({ kind: 'done' });
    expect((await words()).filter((line) => line.startsWith('delete'))).toHaveLength(1);
    await kubectlSays('echo refused >&2; exit 1');
    expect(await give()).toMatchObject({
      kind: 'refused',
      failure: { message: expect.stringMatching(/could not be given back/) },
    });
  });
});
