import { expect, it } from 'vitest';
import { correctedFiles } from '../../src/resources/sysctl-offender.ts';

const file = '/etc/sysctl.d/99-zz-k8s-harden.conf';
const vendor = {
  path: '/usr/lib/sysctl.d/60-vendor.conf',
  text: 'net.bridge.bridge-nf-call-iptables = 0\nnet.bridge.bridge-nf-call-ip6tables = 0\n',
};

it('adds to our own file that is only planned yet, so that nobody owns it', () => {
  const planned = { path: file, text: 'net.bridge.bridge-nf-call-iptables = 1\n' };
  const aim = { key: 'net.bridge.bridge-nf-call-ip6tables', values: ['1'], file };
  expect(correctedFiles([aim], [vendor, planned], new Map())).toMatchObject([
    {
      path: file,
      content: `${planned.text}net.bridge.bridge-nf-call-ip6tables = 1\n`,
      mode: '0644',
      owner: 'root',
    },
  ]);
});

it('does not edit a file of the operator whose owner is not known', () => {
  const theirs = { path: '/etc/sysctl.d/70-x.conf', text: 'net.ipv4.ip_forward = 0\n' };
  const aim = { key: 'net.ipv4.ip_forward', values: ['1'], file };
  expect(correctedFiles([aim], [theirs], new Map())).toMatchObject({
    kind: 'refused',
    reason: 'who owns /etc/sysctl.d/70-x.conf, and its mode, is not known',
  });
});

it('names the line to correct by hand where a later file reaches us through a link', () => {
  const theirs = { path: '/etc/sysctl.d/zz.conf', text: '\nnet.ipv4.ip_forward = 0\n', link: 'elsewhere' };
  const aim = { key: 'net.ipv4.ip_forward', values: ['1'], file };
  expect(correctedFiles([aim], [theirs], new Map())).toEqual({
    kind: 'refused',
    reason: `/etc/sysctl.d/zz.conf:2 sets net.ipv4.ip_forward to 0 after ${file} at boot, and is reached through a symbolic link`,
    instead: 'Take that line out by hand, or let it set 1; then ask again.',
  });
});
