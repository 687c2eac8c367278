import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectQuestion } from '../../src/domain/ports.ts';
import { standing } from '../../src/domain/session.ts';
import { formats } from '../../src/report/index.ts';
import { writeExport } from '../../src/run/export.ts';
import { addressOf, applyOn, connectorTo, runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToProbe } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster } from './cluster.ts';
import { must } from './command.ts';
import type { Machine } from './machine.ts';
import { callsOn, type ProcessWatch, watchCalls, watchProcesses } from './watch.ts';

const capability = nodesCapability();
/** Those that a session with a CIS benchmark can be written in. */
const usual = formats.filter((format) => format.refuses === undefined);

const word = (lead: string): string => `${lead}-${randomBytes(9).toString('hex')}`;
const pem = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-384' })
    .privateKey.export({ type: 'sec1', format: 'pem' })
    .toString();

const keyInFile = pem();
const clientKey = Buffer.from(pem()).toString('base64');
const secrets = {
  sshPassword: `${word('ssh')}'"$x`,
  passphrase: word('open sesame'),
  sudoPassword: `${word('sudo')} with blanks`,
  promptAnswer: word('prompt'),
  token: randomBytes(16).toString('hex'),
  tokenInDropIn: `K10${randomBytes(32).toString('hex')}::server:${word('join')}`,
  agentToken: `${word('agent')} & more`,
  bearer: randomBytes(24).toString('base64url'),
  privateKey: keyInFile.split('\n')[1] ?? '',
  clientKeyData: clientKey.slice(40, 100),
};

/** Each secret as it is and in the forms in which it may be carried along. */
const forms: readonly (readonly [string, string])[] = Object.entries(secrets).flatMap(([name, text]) =>
  [
    text,
    JSON.stringify(text).slice(1, -1),
    text.replaceAll("'", `'\\''`),
    encodeURIComponent(text),
    Buffer.from(text).toString('base64').replaceAll('=', ''),
    Buffer.from(text).toString('hex'),
  ].map((form): [string, string] => [name, form]),
);

const leaks = (text: string): readonly string[] => [
  ...new Set(forms.filter(([, form]) => text.includes(form)).map(([name]) => name)),
];

describe.skipIf(!capability.ok)('ten secrets', () => {
  let cluster: Cluster;
  let server: Machine;
  let run: Run;
  let scratch: string;
  let watcher: ProcessWatch;
  const asked: ConnectQuestion['kind'][] = [];
  const shown: string[] = [];
  const journals = (machine: Machine) =>
    machine.must('journalctl -q --no-pager -o export | strings 2>/dev/null || journalctl -q --no-pager');
  let before: Readonly<Record<string, number>>;
  const countIn = (text: string) =>
    Object.fromEntries(
      Object.entries(secrets).map(([name, secret]) => [name, text.split(secret).length - 1]),
    );

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'k8s-harden-secrets-'));
    cluster = await bootNodes({
      rke2: { version: 'v1.23.17+rke2r1' },
      nodes: [
        { name: 'cp-1', role: 'server' },
        { name: 'w-1', role: 'agent' },
        { name: 'w-2', role: 'agent' },
      ],
    });
    server = cluster.node('cp-1');
    const [w1, w2] = [cluster.node('w-1'), cluster.node('w-2')];
    const login = (machine: Machine, account: string, password: string, sshd: string) =>
      machine.must(
        `cat > /run/in; head -n 1 /run/in | chpasswd; tail -n +2 /run/in > /etc/ssh/sshd_config.d/00-login.conf; rm /run/in ${
          account === 'ops' ? '/home/ops/.ssh/authorized_keys' : ''
        }; systemctl reload ssh`,
        `${account}:${password}\n${sshd}`,
      );
    await Promise.all([
      login(
        server,
        'ops',
        secrets.sshPassword,
        'PasswordAuthentication yes\nKbdInteractiveAuthentication no\n',
      ),
      login(
        w1,
        'opspw',
        secrets.sudoPassword,
        'PasswordAuthentication no\nKbdInteractiveAuthentication no\n',
      ),
      login(w2, 'ops', secrets.promptAnswer, 'PasswordAuthentication no\nKbdInteractiveAuthentication yes\n'),
    ]);
    const config = [
      `token: ${secrets.token}`,
      'tls-san: [cp.example]   # the name people use',
      'profile: cis-1.23',
      'registry-key: |',
      ...keyInFile
        .trim()
        .split('\n')
        .map((line) => `  ${line}`),
      'kubeconfig: |',
      '  users:',
      '  - name: admin',
      '    user:',
      `      client-key-data: ${clientKey}`,
      'protect-kernel-defaults: false',
      '',
    ].join('\n');
    const dropIn = `token: ${secrets.tokenInDropIn}\nagent-token: "${secrets.agentToken}"\n`;
    for (const machine of cluster.nodes) {
      await machine.must('cat > /etc/rancher/rke2/config.yaml', config);
      await machine.must(
        'mkdir -p /etc/rancher/rke2/config.yaml.d; cat > /etc/rancher/rke2/config.yaml.d/10-join.yaml',
        dropIn,
      );
      await watchCalls(machine);
    }
    const kubectl = '/var/lib/rancher/rke2/bin/kubectl';
    await server.must(
      `mv ${kubectl} ${kubectl}.real; cat > ${kubectl}; chmod 755 ${kubectl}`,
      `#!/bin/sh\nprintf '%s\\n' "$*" >> /run/called\ncase " $* " in *" patch "*) [ ! -e /run/deny ] || { echo 'webhook said no to {"Authorization": "Bearer ${secrets.bearer}"}' >&2; exit 1; }; ;; esac\nexec ${kubectl}.real "$@"\n`,
    );
    const identity = join(scratch, 'id');
    await copyFile(cluster.keyPath, identity);
    await must('ssh-keygen', ['-q', '-p', '-P', '', '-N', secrets.passphrase, '-f', identity]);
    before = countIn((await Promise.all(cluster.nodes.map(journals))).join('\n'));

    watcher = await watchProcesses();
    run = await runOn(cluster, {
      connector: connectorTo(cluster, { identity }),
      nodes: [addressOf(server, 'ops'), addressOf(w1, 'opspw'), addressOf(w2, 'ops')],
      answer: (question) => {
        asked.push(question.kind);
        switch (question.kind) {
          case 'password':
            return secrets.sshPassword;
          case 'passphrase':
            return secrets.passphrase;
          case 'rancher-token':
            throw new Error('no Rancher server is asked here');
          case 'prompt':
            return secrets.promptAnswer;
          case 'sudo-password':
            return secrets.sudoPassword;
          case 'host-key':
            return undefined;
        }
      },
      services: {
        writeExport: (format, session, records, profile) =>
          writeExport(
            format,
            { session, records, chain: 'not ended', ...(profile ? { profile } : {}) },
            join(scratch, `export.${format}`),
          ),
      },
    });
    // What a screen can show of a plan; the change itself must hold the file as it will be written.
    run.store.subscribe(({ plans, output, view, previews, progress }) => {
      const visible = Object.values(plans).map((plan) => ({ ...plan, change: undefined }));
      const text = JSON.stringify({ visible, output, view, previews, progress });
      if (shown.at(-1) !== text) shown.push(text);
    });
  });

  afterAll(async () => {
    watcher?.kill();
    run?.actions.quit('left');
    await run?.remove();
    await cluster?.close();
    await rm(scratch, { recursive: true, force: true });
  });

  it('are all used in a whole session', async () => {
    await walkToProbe(run, 'cis-1.6');
    expect(run.state().session.nodes.map((n) => n.facts?.sudo ?? n.failure)).toEqual([
      'passwordless',
      'password',
      'passwordless',
    ]);
    expect(new Set(asked)).toEqual(new Set(['password', 'passphrase', 'prompt', 'sudo-password']));
    for (const control of ['kernel-values', 'kernel-key-quotas', 'etcd-account'])
      await applyOn(run, control, ['cp-1']);
    run.actions.preview('profile');
    await run.idle();
    run.actions.acknowledge('profile');
    await run.until('acknowledged', (s) => s.session.acknowledged.profile !== undefined);
    await applyOn(run, 'profile', ['cp-1']);
    expect(verdictIn(run, 'profile', 'cp-1')?.kind, run.state().output.join('\n')).toBe('pending-restart');
    await applyOn(run, 'protect-kernel-defaults', ['cp-1']);
    expect(verdictIn(run, 'protect-kernel-defaults', 'cp-1')?.kind).toBe('pending-restart');
    const written = await server.must('cat /etc/rancher/rke2/config.yaml');
    expect(written).toContain(`token: ${secrets.token}`);
    expect(written).toContain('profile: cis-1.6');
    await server.must(': > /run/deny');
    await applyOn(run, 'default-service-accounts', ['cluster']);
    await server.must('rm /run/deny');
    expect(run.state().output.join('\n')).toContain('webhook said no');
    run.actions.undo(
      standing(run.state().session).map((c) => c.change.id),
      false,
    );
    await run.idle();
    expect(standing(run.state().session), run.state().output.join('\n')).toEqual([]);
    expect(await server.must('cat /etc/rancher/rke2/config.yaml')).toContain('profile: cis-1.23');
    for (const { id } of usual) {
      run.actions.exportAs(id);
      await run.until(`export ${id}`, (s) => s.view.notice?.text.includes(`export.${id}`) ?? false);
    }
  });

  it('are found by these looks at all', async () => {
    expect(
      leaks(await server.must('cat /etc/rancher/rke2/config.yaml /etc/rancher/rke2/config.yaml.d/*')),
    ).toEqual(['token', 'tokenInDropIn', 'agentToken', 'privateKey', 'clientKeyData']);
    expect(leaks(`x${secrets.sshPassword}y`)).toEqual(['sshPassword']);
  });

  it('stand in no journal, export or state', async () => {
    const path = run.state().journalPath;
    const journal = await readFile(path, 'utf8');
    expect(journal).toContain('"change-intended"');
    expect(journal).toContain('config.yaml');
    expect(leaks(journal)).toEqual([]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const exported = (await readdir(scratch)).filter((name) => name.startsWith('export.'));
    expect(exported).toHaveLength(usual.length);
    for (const name of exported) expect(leaks(await readFile(join(scratch, name), 'utf8')), name).toEqual([]);
    expect(leaks(JSON.stringify(run.state()))).toEqual([]);
  });

  it('were never on a screen: no plan, difference, output line or notice', () => {
    expect(shown.some((text) => text.includes('cis-1.23') && text.includes('[redacted]'))).toBe(true);
    expect(leaks(shown.join('\n'))).toEqual([]);
  });

  it('were in the arguments or the environment of no process, here or on the nodes', async () => {
    const watchedText = await watcher.end();
    expect(watchedText).toContain('ssh');
    expect(leaks(watchedText)).toEqual([]);
    const called = (await Promise.all(cluster.nodes.map(callsOn))).join('\n');
    expect(called).toMatch(/\/usr\/local\/sbin\/mv .*config\.yaml/);
    expect(called).toContain('patch serviceaccounts');
    expect(leaks(called)).toEqual([]);
  });

  it('did not get into the journals of the nodes, and on their disks only into originals and outputs that root alone reads', async () => {
    const after = countIn((await Promise.all(cluster.nodes.map(journals))).join('\n'));
    expect(after).toEqual(before);
    const kept = await server.must(
      'cd /var/lib/k8s-harden && stat -c %a . && find . -type f ! -name "*.original" ! -name "*.log" -exec cat {} +',
    );
    expect(kept.startsWith('700\n')).toBe(true);
    expect(kept).toContain('#!/bin/sh');
    expect(leaks(kept)).toEqual([]);
  });
});
