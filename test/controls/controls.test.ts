import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Control, Profile } from '../../src/domain/control.ts';
import { Practice, shippedProfiles } from './practice.ts';

const profiles = await shippedProfiles();
const all = profiles.flatMap((profile) => profile.controls.map((control) => ({ profile, control })));

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

type Case = z.infer<typeof caseSchema>;

/** The cases of RKE2 lie here, those of another distribution in the folder of its name, for ids are unique in one only. */
const folderOf = (distribution: string): string =>
  distribution === 'rke2' ? 'test/controls' : join('test/controls', distribution);

const casesOf = (distribution: string, id: string): readonly (readonly [string, Case])[] => {
  const folder = join(folderOf(distribution), id);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [
      name.replace('.yaml', ''),
      caseSchema.parse(parse(readFileSync(join(folder, name), 'utf8'))),
    ]);
};

/** A control that asks only people has nothing that a case could show. */
const automated = (control: Control): boolean => control.wants.some((want) => want.type !== 'attested');

const distributions = profiles.map((profile) => profile.distribution.id);

const foldersOf = (distribution: string): readonly string[] =>
  readdirSync(folderOf(distribution), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !distributions.includes(entry.name))
    .map((entry) => entry.name);

const named = all.map(({ profile, control }) => ({ distribution: profile.distribution.id, control }));

test.each(
  named
    .filter(({ control }) => automated(control))
    .map(({ distribution, control }) => [distribution, control.id] as const),
)('%s: %s has a good and a bad case', (distribution, id) => {
  const names = casesOf(distribution, id).map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining(['good', 'bad']));
});

test.each(distributions)('%s: no case is left of a control that is gone', (of) => {
  const ids = named.filter(({ distribution }) => distribution === of).map(({ control }) => control.id);
  expect(foldersOf(of).filter((name) => !ids.includes(name))).toEqual([]);
});

const tried = distributions.flatMap((of) => foldersOf(of).map((id) => [of, id] as const));

describe.each(tried)('%s: %s', (distribution, id) => {
  test.each(casesOf(distribution, id))('%s', async (name, given) => {
    const { profile, control } = find(distribution, id);
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
  });
});

async function cure(
  practice: Practice,
  profile: Profile,
  control: Control,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  for (const id of ids) {
    const other = find(profile.distribution.id, id).control;
    const { plan } = await practice.look(other);
    if (plan.kind !== 'nothing') await practice.apply(other, plan);
  }
  await practice.restart();
  expect((await practice.look(control)).verdict).toMatchObject({ kind: 'pass' });
}

function find(distribution: string, id: string): { readonly profile: Profile; readonly control: Control } {
  const found = all.find(
    ({ profile, control }) => profile.distribution.id === distribution && control.id === id,
  );
  if (!found) throw new Error(`no control ${id} in ${distribution}`);
  return found;
}
