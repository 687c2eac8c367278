import { describe, expect, it } from 'vitest';
import { stepCommands, stepGuard, stepSubject } from '../../src/domain/commands.ts';
import type { Step } from '../../src/domain/step.ts';
import { changeFolder, changeId, pathsToKeep } from '../../src/domain/step.ts';
import { undoCommands, undoScreen } from '../../src/domain/undo.ts';

const write: Step = {
  kind: 'write-file',
  path: "/etc/it's here",
  content: 'a\n',
  mode: '0600',
  owner: 'root',
  group: 'root',
  before: { kind: 'absent' },
};

const every: readonly Step[] = [
  write,
  { ...write, path: '/etc/x', before: { kind: 'present', sha256: 'ab' }, textBefore: '' },
  { kind: 'make-folder', path: '/etc/d', mode: '0700', owner: 'root', group: 'root' },
  { kind: 'move-folder', path: '/var/lib/x', to: '/var/lib/x.bad' },
  { kind: 'set-mode', path: '/etc/x', mode: '0600', before: '0644' },
  { kind: 'set-owner', path: '/etc/x', owner: 'etcd', group: 'etcd', before: 'root:root', tree: true },
  { kind: 'set-owner', path: '/etc/x', owner: 'etcd', group: 'etcd', before: 'root:root', tree: false },
  { kind: 'set-kernel', key: 'vm.panic_on_oom', value: '0', before: '1' },
  { kind: 'create-account', name: 'etcd', comment: 'etcd user', shell: '/sbin/nologin', withGroup: true },
  { kind: 'create-group', name: 'etcd' },
  { kind: 'create-group', name: 'etcd', gid: '998' },
  { kind: 'set-unit', unit: 'x.service', verb: 'disable', before: 'enabled' },
  {
    kind: 'patch-object',
    kubectl: ['kubectl'],
    object: ['sa', 'default'],
    patch: '{"a":1}',
    back: '{"a":null}',
  },
  { kind: 'create-object', kubectl: ['kubectl'], object: ['netpol', 'x'], manifest: 'kind: X\n' },
  { kind: 'run', words: ['rke2', 'etcd-snapshot', 'save'], why: 'a snapshot stays' },
];

describe.each(every.map((step) => [step.kind, step] as const))('%s', (_, step) => {
  it('says what runs, what it works on, and what takes it back', () => {
    expect(stepCommands(step).length).toBeGreaterThan(0);
    expect(stepSubject(step)).not.toBe('');
    expect(undoCommands(step, 0).length).toBeGreaterThan(0);
  });

  it('names no deadly command', () => {
    const text = [...stepCommands(step), ...undoCommands(step, 0), stepGuard(step) ?? ''].join('\n');
    expect(text).not.toMatch(/sysctl --system|systemd-sysctl|chmod -R|rm -r/);
  });
});

it('gives a group the number it must have', () => {
  expect(stepCommands({ kind: 'create-group', name: 'etcd', gid: '998' })).toEqual([
    'groupadd -r -g 998 etcd',
  ]);
  expect(stepCommands({ kind: 'create-group', name: 'etcd' })).toEqual(['groupadd -r etcd']);
});

it('quotes what it writes', () => {
  expect(stepCommands(write).join('\n')).toContain(`'/etc/it'\\''s here'`);
});

it('keeps the originals of files and of the account database, and nothing else', () => {
  expect(pathsToKeep(write)).toEqual(["/etc/it's here"]);
  expect(pathsToKeep({ kind: 'create-group', name: 'x' })).toContain('/etc/gshadow');
  expect(pathsToKeep({ kind: 'set-mode', path: '/x', mode: '0600', before: '0644' })).toEqual([]);
});

it('undoes the last step first, from the folder of the change', () => {
  const change = { id: 'c1', session: 's1', control: 'k', node: 'n', via: 'n', steps: every.slice(3, 5) };
  const lines = undoScreen(change);
  expect(lines[0]).toBe(`KEPT=${changeFolder(change)}`);
  expect(lines.findIndex((l) => l.includes('owners'))).toBeLessThan(
    lines.findIndex((l) => l.startsWith('chmod')),
  );
});

describe('the id of a change', () => {
  it('says which it is, of which control, and where', () => {
    expect(changeId(0, 'kernel-values', 'cp-1')).toBe('0001-kernel-values_at_cp-1');
    expect(changeId(11, 'x', 'fe80::1')).toBe('0012-x_at_fe80_3a__3a_1');
  });

  it('is no other one’s, however alike the names, and may name a folder', () => {
    const places = [
      'cp.1',
      'cp-1',
      'cp_1',
      'cp:1',
      'cp_2e_1',
      'cp/1',
      'cp__1',
      'a_at_b',
      'b',
      'é',
      '😀',
      'CP-1',
    ];
    const controls = ['kernel', 'kernel-cp', 'kernel_at_a', 'a'];
    const ids = controls.flatMap((control) => places.map((place) => changeId(3, control, place)));
    // One more pair that a mere hyphen would run together.
    ids.push(changeId(3, 'kernel', 'cp-cp-1'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9]{4}[A-Za-z0-9._-]+$/);
  });
});
