import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Control, controlOf, type Profile } from '../../src/domain/control.ts';
import { Practice } from './practice.ts';

/** A state of the practice cluster, and what a control must make of it. */
const caseSchema = z.strictObject({
  /** The node on which it is asked; for the cluster, where kubectl runs; for the workstation, what holds the file. */
  place: z.string(),
  patch: z.unknown().default({}),
  verdict: z.enum(['pass', 'fail', 'configured-not-active']).optional(),
  /** What its own change would be. A refused one must say why and what to do instead. */
  change: z.enum(['steps', 'refused', 'nothing']).optional(),
  /** A word that the refusal, or what is found, must have in it. */
  says: z.string().optional(),
  /** Whether it passes only once the service was restarted. */
  restart: z.boolean().default(false),
  /** Controls that make it pass, with a restart, where it has no change of its own. */
  cure: z.array(z.string()).default([]),
});

/** A case as its file states it. */
export type Case = z.infer<typeof caseSchema>;

/** A case and the name of its file. */
export type NamedCase = readonly [string, Case];

/** The cases in a folder; none where there is no such folder. */
export function readCases(folder: string): readonly NamedCase[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [
      name.replace('.yaml', ''),
      caseSchema.parse(parse(readFileSync(join(folder, name), 'utf8'))),
    ]);
}

/** Puts a control to the case: what it is found to be, that its change makes it pass, and that undo leaves all as it was. */
export async function tryCase(profile: Profile, control: Control, name: string, given: Case): Promise<void> {
  const expected = name === 'good' ? 'pass' : (given.verdict ?? 'fail');
  const change = given.change ?? (expected === 'pass' ? 'nothing' : 'steps');

  const practice = await Practice.open(profile, given.patch, given.place);
  const before = practice.state();
  const { verdict, plan } = await practice.look(control);
  const why = JSON.stringify({ verdict, plan }, null, 1);
  expect(verdict.kind, why).toBe(expected);
  expect(plan.kind, why).toBe(change);
  if (given.says) expect(JSON.stringify([verdict, plan])).toContain(given.says);

  if (plan.kind === 'refused') {
    expect([plan.reason, plan.instead]).not.toContain('');
    await cure(practice, profile, control, given.cure);
  }
  if (plan.kind !== 'steps') return;

  const applied = await practice.apply(control, plan);
  const after = await practice.look(control);
  const left = JSON.stringify(after, null, 1);
  expect(after.plan, left).toEqual({ kind: 'nothing' });
  expect(plan.restarts).toBe(control.impact === 'service-restart');
  expect(after.verdict.kind, left).toBe(given.restart ? 'pending-restart' : 'pass');

  await practice.undo(applied);
  expect(practice.state()).toEqual(before);
  expect((await practice.look(control)).verdict.kind).toBe(expected);
  if (!given.restart) return;

  await practice.apply(control, plan);
  await practice.restart(plan.units);
  expect((await practice.look(control)).verdict).toMatchObject({ kind: 'pass' });
}

async function cure(
  practice: Practice,
  profile: Profile,
  control: Control,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  for (const id of ids) {
    const other = controlOf(profile, id);
    if (!other) throw new Error(`no control ${id} in ${profile.distribution.id}`);
    const { plan } = await practice.look(other);
    if (plan.kind !== 'nothing') await practice.apply(other, plan);
  }
  await practice.restart();
  expect((await practice.look(control)).verdict).toMatchObject({ kind: 'pass' });
}
