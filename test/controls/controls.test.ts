import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Control, Profile } from '../../src/domain/control.ts';
import { Practice, shippedProfiles } from './practice.ts';

const folder = 'test/controls';
const profiles = await shippedProfiles();
const all = profiles.flatMap((profile) => profile.controls.map((control) => ({ profile, control })));

/** A state of the practice cluster, and what a control must make of it. */
const caseSchema = z.strictObject({
  distribution: z.string().default('rke2'),
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

const casesOf = (id: string): readonly (readonly [string, Case])[] =>
  readdirSync(join(folder, id))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [
      name.replace('.yaml', ''),
      caseSchema.parse(parse(readFileSync(join(folder, id, name), 'utf8'))),
    ]);

/** A control that asks only people has nothing that a case could show. */
const automated = (control: Control): boolean => control.wants.some((want) => want.type !== 'attested');

const folders = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

test.each(all.filter(({ control }) => automated(control)).map(({ control }) => control.id))(
  '%s has a good and a bad case',
  (id) => {
    expect(folders).toContain(id);
    expect(casesOf(id).map(([name]) => name)).toEqual(expect.arrayContaining(['good', 'bad']));
  },
);

test('no case is left of a control that is gone', () => {
  const ids = all.map(({ control }) => control.id);
  expect(folders.filter((name) => !ids.includes(name))).toEqual([]);
});

describe.each(folders)('%s', (id) => {
  test.each(casesOf(id))('%s', async (name, given) => {
    const { profile, control } = find(given.distribution, id);
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
    await practice.restart();
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
