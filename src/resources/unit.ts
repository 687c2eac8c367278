import * as z from 'zod';
import { known } from '../domain/answer.ts';
import { readUnit } from '../domain/evidence.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Verdict } from '../domain/verdict.ts';
import { oneWord } from './values.ts';
import { refused } from './write.ts';

const schema = z
  .strictObject({ name: oneWord, active: z.boolean().optional(), enabled: z.boolean().optional() })
  .refine((w) => w.active !== undefined || w.enabled !== undefined, {
    message: 'needs active or enabled',
  });

type Wanted = z.infer<typeof schema>;

type Observed = { readonly exists: boolean; readonly active: string; readonly enabled: string };

function stateQuestion({ name }: Wanted): Question {
  return { kind: 'unit', name };
}

/** A systemd unit: whether it runs, and whether it starts at boot. */
export const unit: Resource<Wanted, Observed> = {
  type: 'unit',
  schema,
  ask: (wanted) => [stateQuestion(wanted)],
  read: (wanted, answers) => {
    const answer = answerTo(answers, stateQuestion(wanted));
    if (answer.kind === 'absent') return known({ exists: false, active: 'inactive', enabled: '' });
    const shown = readUnit(answer, wanted.name);
    if (!shown.known) return shown;
    const active = shown.value.get('ActiveState');
    if (active === undefined) return { known: false, reason: `systemctl said no state of ${wanted.name}` };
    return known({
      exists: shown.value.get('LoadState') !== 'not-found',
      active,
      enabled: shown.value.get('UnitFileState') ?? '',
    });
  },
  judge,
  change,
};

function judge(wanted: Wanted, observed: Observed): Verdict {
  const aim = [
    ...(wanted.active === undefined ? [] : [wanted.active ? 'active' : 'inactive']),
    ...(wanted.enabled === undefined ? [] : [wanted.enabled ? 'enabled' : 'not enabled']),
  ].join(', ');
  const found = observed.exists
    ? [observed.active, observed.enabled].filter((w) => w !== '').join(', ')
    : `there is no ${wanted.name}`;
  const good = activeAsWanted(wanted, observed) && enabledAsWanted(wanted, observed);
  return { kind: good ? 'pass' : 'fail', found, wanted: aim };
}

function change(wanted: Wanted, observed: Observed): Plan {
  if (!activeAsWanted(wanted, observed)) {
    const verb = wanted.active ? 'start' : 'stop';
    return refused(
      `to ${verb} ${wanted.name} is not something this program does by itself`,
      `systemctl ${verb} ${wanted.name}`,
    );
  }
  if (enabledAsWanted(wanted, observed)) return { kind: 'nothing' };
  const verb = wanted.enabled ? 'enable' : 'disable';
  const simple = observed.exists && observed.enabled === (wanted.enabled ? 'disabled' : 'enabled');
  if (!simple) {
    const state = observed.exists ? observed.enabled || 'without a state' : 'not there';
    return refused(
      `${wanted.name} is ${state}, so systemctl ${verb} would not do`,
      'Find out who set it up that way.',
    );
  }
  return {
    kind: 'steps',
    steps: [{ kind: 'set-unit', unit: wanted.name, verb, before: observed.enabled }],
    restarts: false,
  };
}

function activeAsWanted(wanted: Wanted, { exists, active }: Observed): boolean {
  if (wanted.active === undefined) return true;
  const runs = exists && (active === 'active' || active === 'reloading');
  const rests = !exists || active === 'inactive' || active === 'failed';
  return wanted.active ? runs : rests;
}

function enabledAsWanted(wanted: Wanted, { exists, enabled }: Observed): boolean {
  if (wanted.enabled === undefined) return true;
  const starts = exists && (enabled.startsWith('enabled') || enabled === 'alias');
  const stays = !exists || enabled === 'disabled' || enabled.startsWith('masked') || enabled === '';
  return wanted.enabled ? starts : stays;
}
