import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/domain/event.ts';
import { type ChangeState, noSession } from '../../src/domain/session.ts';
import type { Step } from '../../src/domain/step.ts';
import { undoBlocker } from '../../src/domain/undo-order.ts';

const kernel = (key: string): Step => ({ kind: 'set-kernel', key, value: '1', before: '0' });
const unit = (name: string): Step => ({ kind: 'set-unit', unit: name, verb: 'disable', before: 'enabled' });
const mode = (path: string): Step => ({ kind: 'set-mode', path, mode: '0600', before: '0644' });
const patch = (name: string): Step => ({
  kind: 'patch-object',
  kubectl: ['kubectl'],
  object: ['serviceaccount', name, '-n', 'shop'],
  patch: '{}',
  back: '{}',
});
const create = (name: string): Step => ({
  kind: 'create-object',
  kubectl: ['kubectl'],
  object: ['serviceaccount', name, '-n', 'shop'],
  manifest: '{}',
});
const run: Step = { kind: 'run', words: ['etcdctl', 'snapshot'], why: 'to have one' };

function made(id: string, step: Step, outcome: Outcome = { kind: 'done' }, node = 'cp-1'): ChangeState {
  const change = { id, session: 's', control: id, node, via: node, steps: [step] };
  return { change, commands: [], restarts: false, at: '', output: [], outcome };
}

/** Why the first cannot be undone before the second. */
function blocker(first: ChangeState, second: ChangeState): string | undefined {
  return undoBlocker({ ...noSession, changes: [first, second] }, first, []);
}

describe('a later change stands in the way of an undo', () => {
  it.each<[string, Step, Step, string]>([
    ['file', mode('/etc/x'), mode('/etc/x'), 'wrote the same file'],
    ['kernel key', kernel('kernel.panic'), kernel('kernel.panic'), 'changed kernel.panic'],
    ['kernel key, in both spellings', kernel('kernel/panic'), kernel('kernel.panic'), 'changed kernel.panic'],
    ['unit', unit('cups.service'), unit('cups.service'), 'changed cups.service'],
    ['object', create('a'), patch('a'), 'changed serviceaccount a -n shop'],
  ])('when it changed the same %s', (_, one, other, words) => {
    expect(blocker(made('a', one), made('b', other))).toBe(`undo “b” first: it ${words} later`);
  });

  it.each<[string, Step, Step]>([
    ['file', mode('/etc/x'), mode('/etc/y')],
    ['kernel key', kernel('kernel.panic'), kernel('kernel.dmesg_restrict')],
    ['unit', unit('cups.service'), unit('cups.socket')],
    ['object', patch('a'), patch('b')],
    ['thing: a command that only ran', run, run],
  ])('but not when it changed another %s', (_, one, other) => {
    expect(blocker(made('a', one), made('b', other))).toBeUndefined();
  });

  it('also when nobody knows how it ended, and not when nothing came of it or it was elsewhere', () => {
    const failure = { code: 'refused', message: 'no' } as const;
    const [first, step] = [made('a', kernel('kernel.panic')), kernel('kernel.panic')];
    expect(blocker(first, made('b', step, { kind: 'unknown', failure }))).toBe(
      'settle “b” first (U shows it): it changed kernel.panic later',
    );
    expect(blocker(first, made('b', step, { kind: 'refused', failure }))).toBeUndefined();
    expect(blocker(first, made('b', step, { kind: 'done' }, 'cp-2'))).toBeUndefined();
  });
});
