import { describe, expect, it } from 'vitest';
import { resources } from '../../src/resources/index.ts';

function refusal(type: string, spec: unknown): string {
  try {
    resources.get(type)?.schema.parse(spec);
  } catch (error) {
    return String(error);
  }
  return '';
}

const good: Record<string, object> = {
  kernel: { key: 'vm.panic_on_oom', value: 0, file: '/etc/sysctl.d/90-kubelet.conf' },
  file: { path: '{{data-dir}}/server', mode: '0700' },
  yaml: { path: '{{cluster-template}}', at: 'spec.a', equals: 'x' },
  setting: { key: 'profile', value: '{{profile}}' },
  argument: { process: 'kubelet', flag: 'v', atLeast: 1 },
  files: { folder: '{{data-dir}}/server/tls', suffix: '.key', mode: '0600' },
  generated: { path: '{{etcd-dir}}/config', at: 'a.b', equals: true, instead: 'Restart.' },
  match: { path: '{{data-dir}}/x', pattern: 'a', first: ['a'], instead: 'Rotate.' },
  kubelet: { flag: 'a', field: 'a.b', folder: '/x', equals: 1 },
  'argument-file': { service: 'kubelet', flag: 'v', atLeast: 1 },
  'admission-plugin': { plugin: 'A', file: '/x/a.yaml', samples: '/x/y', path: '/x/b.yaml' },
  account: { name: 'etcd', group: 'etcd', comment: 'x', shell: '/sbin/nologin' },
  unit: { name: 'x', enabled: false },
  object: { each: ['pods', '-A'], at: 'spec.a', equals: true },
  attested: { ask: 'Look.' },
};

describe.each(Object.entries(good))('%s', (type, spec) => {
  it('takes what was agreed, and takes its own outcome again', () => {
    expect(refusal(type, spec)).toBe('');
    const once = resources.get(type)?.schema.parse(spec);
    expect(resources.get(type)?.schema.parse(once)).toEqual(once);
  });

  it('refuses a key it does not know, by name', () => {
    expect(refusal(type, { ...spec, sudo: true })).toContain('sudo');
  });

  it('refuses a spec that is not a map', () => {
    for (const spec of [undefined, null, 'x', 1, []]) expect(refusal(type, spec)).not.toBe('');
  });
});

it.each([
  ['kernel', { key: 'a', value: 1, file: '/etc/sysctl.conf' }, 'sysctl.d'],
  ['kernel', { key: 'a', value: 1, file: '/etc/sysctl.d/../x.conf' }, 'sysctl.d'],
  ['file', { path: 'etc/x' }, 'absolute'],
  ['file', { path: '/x', mode: 600 }, 'mode'],
  ['file', { path: '/x', mode: '600' }, 'octal'],
  ['file', { path: '/x', tree: true }, 'owner'],
  ['file', { path: '/x', optional: true, absentIs: 'pass' }, 'absentIs'],
  ['yaml', { path: '/x', at: 'a' }, 'exactly one'],
  ['yaml', { path: '/x', at: 'a', equals: 1, oneOf: [1] }, 'exactly one'],
  ['argument', { process: 'x', flag: 'y' }, 'exactly one'],
  ['argument', { process: 'x', flag: '--y', present: true }, 'dashes'],
  ['argument', { process: 'x', flag: 'y', present: true, absent: true }, 'exactly one'],
  ['argument-file', { service: 'x', flag: 'y' }, 'exactly one'],
  ['argument-file', { service: 'x', flag: 'y', present: true, via: { setting: 'z' } }, 'via'],
  ['admission-plugin', { plugin: 'A', file: '/x', samples: '/y' }, 'exactly one'],
  ['kubelet', { flag: 'y', field: 'y', folder: '/x' }, 'exactly one'],
  ['files', { folder: '/x' }, 'needs a mode'],
  ['unit', { name: 'x' }, 'active or enabled'],
  ['object', { each: ['pods'], exists: ['pods'] }, 'exists'],
  ['object', { everyNamespaceHas: 'pods', create: 'kind: Pod' }, '{{namespace}}'],
  ['object', {}, 'needs each'],
  ['attested', { ask: 'x', show: { command: [] } }, 'command'],
])('%s refuses %j', (type, spec, words) => {
  expect(refusal(type, spec)).toContain(words);
});
