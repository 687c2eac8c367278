// The commands that the published assessment prints, beside our own judgement of the same node: where one cannot fail or cannot pass.
import { describe, expect, test } from 'vitest';
import { Practice, shippedProfiles } from './practice.ts';

const profile = (await shippedProfiles()).find((p) => p.distribution.id === 'canonical');
if (!profile) throw new Error('no canonical');

const args = '/var/snap/k8s/common/args';
type Files = Readonly<Record<string, { readonly text?: string; readonly mode?: string }>>;

async function ours(id: string, node: string, files: Files = {}): Promise<string> {
  const control = profile?.controls.find((c) => c.id === id);
  if (!profile || !control) throw new Error(`no control ${id}`);
  const practice = await Practice.open(profile, { nodes: { [node]: { files } } }, node);
  return (await practice.look(control)).verdict.kind;
}

const file = (service: string, text: string): Files => ({ [`${args}/${service}`]: { text, mode: '0600' } });

/** `grep -E -q -- '--flag=(value)' FILE`: by the letter, so quotes are in its way. */
const grep = (text: string, pattern: RegExp): boolean => pattern.test(text);

/** `grep -E -q … || echo UNSET; test $? -eq 0`: the echo always succeeds. */
const grepOrEcho = (_text: string, _pattern: RegExp): boolean => true;

/** `[ mode -le 644 ]`: modes as if they were numbers. */
const decimalAtMost = (mode: string, most: number): boolean => Number(mode) <= most;

describe('what the published command cannot see', () => {
  test('V-242376: k8sd writes its values in quotes, and a compliant default looks wrong', async () => {
    expect(grep('--tls-min-version="VersionTLS12"\n', /--tls-min-version=(VersionTLS12|VersionTLS13)/)).toBe(
      false,
    );
    expect(await ours('controller-tls-version', 'cp-1')).toBe('pass');
  });

  test.each([
    [
      'V-242434',
      'kubelet-kernel-defaults',
      'kubelet',
      '--protect-kernel-defaults="false"\n',
      /--protect-kernel-defaults=true/,
    ],
    ['V-242387', 'kubelet-read-only-port', 'kubelet', '--read-only-port="10255"\n', /--read-only-port=0/],
    [
      'V-242392',
      'kubelet-authorization',
      'kubelet',
      '--authorization-mode="AlwaysAllow"\n',
      /--authorization-mode=Webhook/,
    ],
    [
      'V-242400',
      'apiserver-alpha-features',
      'kube-apiserver',
      '--feature-gates="AllAlpha=true"\n',
      /--feature-gate=AllAlpha=false/,
    ],
  ])('%s: the echo behind the search lets everything pass', async (_, id, service, text, pattern) => {
    expect(grep(text, pattern)).toBe(false);
    expect(grepOrEcho(text, pattern)).toBe(true);
    expect(await ours(id, 'cp-1', file(service, text))).toBe('fail');
  });

  test.each(['0577', '0607', '0622'])(
    'V-242408 and V-242459: mode %s counts as less than 644',
    async (mode) => {
      const bad = (Number.parseInt(mode, 8) & ~0o644) !== 0;
      expect([decimalAtMost(mode.slice(1), 644), bad]).toEqual([true, true]);
      const scheduler = { [`${args}/kube-scheduler`]: { text: '--v="2"\n', mode } };
      expect(await ours('arguments-folder', 'cp-1', scheduler)).toBe('fail');
      const database = '/var/snap/k8s/common/var/lib/etcd/data/member/snap/db';
      expect(await ours('etcd-data-files', 'cp-1', { [database]: { text: 'x', mode } })).toBe('fail');
    },
  );

  test.each([
    ['V-242407', 'kubelet-arguments-file', `${args}/kubelet`, '--v="2"\n'],
    ['V-242449', 'client-authority-mode', '/etc/kubernetes/pki/client-ca.crt', 'x'],
    ['V-242452', 'kubelet-kubeconfig-mode', '/etc/kubernetes/kubelet.conf', 'x'],
    ['V-242460', 'component-kubeconfigs', '/etc/kubernetes/admin.conf', 'x'],
    ['V-242466', 'pki-certificates', '/etc/kubernetes/pki/ca.crt', 'x'],
  ])(
    '%s: the published cure sets 644, which the published check refuses; here 600 passes and 644 fails',
    async (_, id, path, text) => {
      expect(await ours(id, 'cp-1', { [path]: { text, mode: '0644' } })).toBe('fail');
      expect(await ours(id, 'cp-1', { [path]: { text, mode: '0600' } })).toBe('pass');
      expect(await ours(id, 'cp-1', { [path]: { text, mode: '0400' } })).toBe('pass');
    },
  );

  test('V-242408: our cure leaves the folder the right to be entered', async () => {
    const control = profile.controls.find((c) => c.id === 'arguments-folder');
    if (!control) throw new Error('gone');
    const open = { nodes: { 'cp-1': { files: { [args]: { mode: '0775' } } } } };
    const practice = await Practice.open(profile, open, 'cp-1');
    const { plan } = await practice.look(control);
    expect(plan).toMatchObject({ kind: 'steps', steps: [{ kind: 'set-mode', path: args, mode: '0700' }] });
  });

  test('V-242418: one approved suite is no excuse for a weak one', async () => {
    const text = '--tls-cipher-suites="TLS_RSA_WITH_RC4_128_SHA,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"\n';
    expect(
      grep(text, /(TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256|TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)/),
    ).toBe(true);
    expect(await ours('apiserver-approved-suites', 'cp-1', file('kube-apiserver', text))).toBe('fail');
  });

  test('V-242457: who owns the file is asked beside its mode, and a second configuration is seen', async () => {
    const other = {
      [`${args}/kubelet`]: { text: '--v="2"\n', mode: '0600', owner: 'ubuntu', group: 'ubuntu' },
    };
    expect(await ours('kubelet-arguments-file', 'cp-1', other)).toBe('fail');
    expect(await ours('kubelet-no-config-file', 'cp-1', file('kubelet', '--config="/x.yaml"\n'))).toBe(
      'fail',
    );
  });

  test.each([
    [
      'V-245541',
      'kubelet-idle-timeout-short',
      'kubelet',
      '--streaming-connection-idle-timeout="2m"\n',
      /=5m/,
    ],
    ['V-242438', 'apiserver-request-timeout', 'kube-apiserver', '--request-timeout="60s"\n', /=300s/],
  ])('%s: a stricter value is as good as the one that is printed', async (_, id, service, text, pattern) => {
    expect(grep(text, pattern)).toBe(false);
    expect(await ours(id, 'cp-1', file(service, text))).toBe('pass');
  });
});
