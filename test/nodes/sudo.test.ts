import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { word } from '../../src/domain/failure.ts';
import type { ConnectQuestion } from '../../src/domain/ports.ts';
import { standing } from '../../src/domain/session.ts';
import { addressOf, applyOn, manifest, runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToConnect, walkToProbe } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster, type Suite } from './cluster.ts';
import type { Machine } from './machine.ts';

const capability = nodesCapability();

const able = ['root', 'ops', 'opspw', 'ops-dash', 'ops-zsh', 'ops-fish', 'ops-csh', 'ops-busybox'] as const;
const unable = ['nosudo', 'ttyuser'] as const;

/** Everything hostile that a login can meet at once. */
const unfriendly = String.raw`
set -e
for home in /root /home/*; do
  cat > $home/.bashrc <<'RC'
echo "Welcome to production! $(date)"; echo "disk almost full" >&2
umask 077; export LC_ALL=de_DE.UTF-8 LANG=tr_TR.UTF-8 CDPATH=/etc GREP_OPTIONS=-v; alias cat='echo no'
cd /etc 2>/dev/null; set -o noclobber
RC
  cp $home/.bashrc $home/.profile; cp $home/.bashrc $home/.zshenv
  echo 'echo "welcome from csh"; umask 077; setenv LC_ALL de_DE.UTF-8' > $home/.cshrc
  mkdir -p $home/.config/fish
  echo 'echo "welcome from fish"; echo oops >&2; umask 077; set -x LC_ALL de_DE.UTF-8' > $home/.config/fish/config.fish
done
echo 'LC_ALL=de_DE.UTF-8' >> /etc/environment
printf 'Defaults umask=0077, umask_override\nDefaults lecture=always\n' > /etc/sudoers.d/zz-strict; chmod 440 /etc/sudoers.d/zz-strict
printf 'Banner /etc/motd\nMaxSessions 2\nMaxAuthTries 2\n' > /etc/ssh/sshd_config.d/00-strict.conf
echo 'Authorised users only. password: ' > /etc/motd
for folder in /tmp /var/tmp /dev/shm; do mount -t tmpfs -o noexec,mode=1777 none $folder; done
systemctl reload ssh`;

describe.skipIf(!capability.ok).each<Suite>(['bookworm', 'trixie'])('logins on %s', (suite) => {
  let cluster: Cluster;
  let node: Machine;
  const asked: ConnectQuestion[] = [];
  const found = new Map<string, ReturnType<Run['state']>>();

  const runFor = (users: readonly string[], password: () => string) =>
    runOn(cluster, {
      nodes: users.map((user) => ({ ...addressOf(node, user), name: user })),
      answer: (question) => {
        asked.push(question);
        return question.kind === 'sudo-password' ? password() : undefined;
      },
    });

  beforeAll(async () => {
    cluster = await bootNodes({
      suite,
      rke2: { version: 'v1.23.17+rke2r1' },
      nodes: [{ name: 'w-1', role: 'agent' }],
    });
    node = cluster.node('w-1');
    await node.must(unfriendly);
  });

  afterAll(async () => {
    await cluster?.close();
  });

  /** Under one name at a time, for one machine under many names is refused. */
  const within = async (user: string, f: (run: Run) => Promise<void>): Promise<void> => {
    const run = await runFor([user], () => cluster.password);
    try {
      await walkToConnect(run, 'cis-1.6');
      if (run.state().session.nodes[0]?.failure === undefined) {
        run.actions.probe();
        await run.until('probed', (s) => s.session.probed);
        await run.idle();
      }
      await f(run);
    } finally {
      run.actions.quit('left');
      await run.remove();
    }
  };

  it('lead to root, each in its way, or say why not', async () => {
    for (const user of [...able, ...unable])
      await within(user, async (run) => {
        found.set(user, run.state());
      });
    const nodes = [...found.values()].flatMap((state) => state.session.nodes);
    expect(Object.fromEntries(nodes.map((n) => [n.name, n.facts?.sudo ?? n.failure?.code]))).toEqual({
      root: 'root',
      ...Object.fromEntries(able.slice(1).map((user) => [user, 'passwordless'])),
      opspw: 'password',
      nosudo: 'sudo-not-allowed',
      ttyuser: 'sudo-needs-tty',
    });
    const sentence = (name: string) => {
      const failure = nodes.find((n) => n.name === name)?.failure;
      return failure && word(failure).sentence;
    };
    expect(sentence('nosudo')).toBe('nosudo may not use sudo on nosudo.');
    expect(sentence('ttyuser')).toBe('sudo on ttyuser insists on a terminal (requiretty) for ttyuser.');
    expect(
      asked
        .filter((q) => q.kind === 'sudo-password')
        .map((q) => q.node)
        .sort(),
    ).toEqual(['nosudo', 'opspw']);
  });

  it('give the same answers to every account', () => {
    const of = (user: string) =>
      Object.values(found.get(user)?.session.findings ?? {})
        .filter((f) => f.place === user)
        .map((f) => [f.control, f.verdict.kind, f.verdict.found]);
    expect(of('root').length).toBeGreaterThan(5);
    expect(of('root')).toContainEqual(['kernel-values', 'fail', expect.stringContaining('0 now')]);
    expect(of('root').filter(([, kind]) => kind === 'unknown')).toEqual([]);
    for (const user of able) expect(of(user), user).toEqual(of('root'));
  });

  it.each(able)('let %s change and undo, whatever its shell, umask and noise', async (user) => {
    await within(user, async (run) => {
      const before = await manifest(node);
      await applyOn(run, 'kernel-values', [user]);
      expect(verdictIn(run, 'kernel-values', user)?.kind, run.state().output.join('\n')).toBe('pass');
      expect(
        await node.must('stat -c "%a %U:%G" /etc/sysctl.d/90-kubelet.conf; cat /proc/sys/kernel/panic'),
      ).toBe('644 root:root\n10\n');
      run.actions.undo(
        standing(run.state().session).map((c) => c.change.id),
        false,
      );
      await run.idle();
      expect(standing(run.state().session), run.state().output.join('\n')).toEqual([]);
      expect(verdictIn(run, 'kernel-values', user)?.kind).toBe('fail');
      expect(await manifest(node)).toBe(before);
      expect(await node.must('stat -c %a /var/lib/k8s-harden; cat /proc/sys/kernel/panic')).toBe('700\n0\n');
    });
  });

  it('try a wrong password once and never again by themselves', async () => {
    const refusals = async () =>
      Number(
        await node.must(
          "journalctl -q --no-pager _COMM=sudo | grep -c 'pam_unix(sudo:auth): auth.*user=opspw' || true",
        ),
      );
    const before = await refusals();
    const given: string[] = [];
    const wrong = await runFor(['opspw'], () => {
      given.push('not the password');
      return 'not the password';
    });
    try {
      await walkToProbe(wrong, 'cis-1.6').catch(() => undefined);
    } finally {
      wrong.actions.quit('left');
      await wrong.remove();
    }
    const failure = wrong.state().session.nodes[0]?.failure;
    expect(failure).toEqual({ code: 'sudo-wrong-password', node: 'opspw', user: 'opspw' });
    expect(failure && word(failure).sentence).toBe('sudo on opspw did not accept that password of opspw.');
    expect(given).toHaveLength(1);
    expect((await refusals()) - before).toBe(1);
    expect(wrong.state().session.findings).toEqual({});
  });

  it.each([
    ['password', 'password'],
    ['keyboard-interactive', 'prompt'],
  ])('go on from a key to the %s that the server wants as well', async (method, kind) => {
    const rule = `Match User ops\n  AuthenticationMethods publickey,${method}\n`;
    await node.must(`printf '${rule}' > /etc/ssh/sshd_config.d/99-two.conf; sshd -t && systemctl reload ssh`);
    const questions: ConnectQuestion[] = [];
    const run = await runOn(cluster, {
      nodes: [{ ...addressOf(node, 'ops'), name: 'ops' }],
      answer: (question) => {
        questions.push(question);
        return cluster.password;
      },
    });
    try {
      await walkToConnect(run, 'cis-1.6');
      const [of] = run.state().session.nodes;
      expect(of?.failure && word(of.failure).sentence).toBeUndefined();
      expect(of?.facts?.sudo).toBe('passwordless');
      expect(questions.map((question) => question.kind)).toEqual([kind]);
    } finally {
      run.actions.quit('left');
      await run.remove();
      await node.must('rm /etc/ssh/sshd_config.d/99-two.conf; systemctl reload ssh');
    }
  });
});
