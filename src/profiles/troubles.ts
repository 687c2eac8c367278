import type { Control, Profile } from '../domain/control.ts';
import type { Distribution } from '../domain/distribution.ts';
import type { Failure } from '../domain/failure.ts';
import {
  type Lesson,
  lookForYourself,
  type Trouble,
  type TroubleItem,
  troubleId,
} from '../domain/trouble.ts';
import { type Controls, noControl, wayBack } from './controls.ts';
import type { Findings } from './findings.ts';
import { isOwn, type PlacedCheck, type TroubleFiles } from './trouble-files.ts';
import type { NamedCheckData, OwnCheckData } from './trouble-schema.ts';
import { checkControl, type ValidateWant } from './wants.ts';
import { fillingsOf } from './words.ts';

type Own = { readonly control: Control; readonly lesson: Lesson; readonly check: PlacedCheck };

/** The troubles of one distribution and the checks that only they have. */
export function compileTroubles(
  files: TroubleFiles,
  distribution: Distribution,
  controls: Controls,
  validateWant: ValidateWant,
  findings: Findings,
): Required<Pick<Profile, 'troubles' | 'checks'>> {
  const isFor = ({ distributions }: PlacedCheck): boolean =>
    distributions === undefined || distributions.includes(distribution.id);
  const written = [...files.troubles.flatMap((t) => t.checks), ...files.every].filter(isFor);
  const own = new Map<string, Own>();
  const ids = new Set(controls.ids);
  const fillings = fillingsOf(distribution);
  for (const check of written) {
    const { document, at, data } = check;
    if (!isOwn(data)) continue;
    if (controls.ids.has(data.id)) {
      const message = `${data.id} is a control of ${distribution.id}; name it with control: ${data.id}, or take another id`;
      findings.take(document.invalid([...at, 'id'], message));
      continue;
    }
    ids.add(data.id);
    const { said, lesson, onlyIf } = apart(data);
    const wantsOf = (wants: OwnCheckData['wants'], key: 'wants' | 'onlyIf') =>
      checkControl(document, at, { ...said, wants }, distribution, fillings, validateWant, key);
    const read = wantsOf(said.wants, 'wants');
    const limits = onlyIf && wantsOf(onlyIf, 'onlyIf');
    for (const each of [read, limits])
      if (each && !each.ok) findings.take({ ok: false, failure: limited(each.failure, distribution.id) });
    if (!read.ok || limits?.ok === false) continue;
    const control = limits ? { ...read.value, onlyIf: limits.value.wants } : read.value;
    own.set(data.id, { control, lesson, check });
  }
  checkNeeds(own, ids, distribution.id, findings);
  const itemOf = (check: PlacedCheck): readonly Omit<TroubleItem, 'number'>[] => {
    const { document, at, data } = check;
    if (isOwn(data)) {
      const made = own.get(data.id);
      return made ? [{ level: 1, control: data.id, lesson: made.lesson }] : [];
    }
    if (!ids.has(data.control)) {
      const message = `${noControl(data.control)}; or leave ${distribution.id} out of its distributions`;
      findings.take(document.invalid([...at, 'control'], message));
      return [];
    }
    const lesson = taught(data, own.get(data.control)?.lesson, controls);
    if (typeof lesson !== 'string') return [{ level: 1, control: data.control, lesson }];
    if (!controls.ids.has(data.control)) return [];
    findings.take(document.invalid([...at, lesson], `is missing; ${data.control} is a control and has none`));
    return [];
  };
  const last = files.every.filter(isFor).flatMap(itemOf);
  const listed = files.troubles.flatMap(({ data, checks }): readonly Trouble[] => {
    const items = checks.filter(isFor).flatMap(itemOf);
    const { id, title, symptom } = data;
    return items.length === 0
      ? []
      : [troubleOf(distribution, troubleId(id), title, symptom, [...items, ...last])];
  });
  const all = troubleOf(distribution, lookForYourself, allTitle, allSymptom, [
    ...listed.flatMap(({ items }) => items.slice(0, items.length - last.length)),
    ...last,
  ]);
  return {
    troubles: listed.length === 0 ? [] : [...listed, all],
    checks: [...own.values()].map((o) => o.control),
  };
}

const allTitle = 'Look for yourself';
const allSymptom =
  'None of these is what you see, or you see several. Every check of every trouble is asked once, and what was found wrong comes first.';

/** A trouble of these checks, each once and numbered in their order. */
function troubleOf(
  { id: distribution }: Distribution,
  id: string,
  title: string,
  symptom: string,
  items: readonly Omit<TroubleItem, 'number'>[],
): Trouble {
  const once = items.filter((item, n) => items.findIndex((other) => other.control === item.control) === n);
  return {
    id,
    distribution,
    title,
    symptom,
    kubernetes: '>=0.0',
    items: once.map((item, n) => ({ ...item, number: String(n + 1) })),
  };
}

/** A check as the control it is, and what it teaches. */
function apart(data: OwnCheckData): {
  readonly said: OwnCheckData;
  readonly lesson: Lesson;
  readonly onlyIf: OwnCheckData['onlyIf'];
} {
  const { fault, asks, healthy, means, deeper, signs, distributions: _, onlyIf, ...said } = data;
  const lesson = { fault, asks, why: data.why, healthy, means, ...optional({ deeper, signs }) };
  return { said: said as OwnCheckData, lesson, onlyIf };
}

/** What is taught of a check that is only named: what is said of it here, else where it is written; or the key that is missing. */
function taught(
  data: NamedCheckData,
  there: Lesson | undefined,
  controls: Controls,
): Lesson | 'fault' | 'asks' | 'healthy' | 'means' {
  const why = data.why ?? there?.why ?? controls.whole.find((c) => c.id === data.control)?.why ?? '';
  const fault = data.fault ?? there?.fault;
  const asks = data.asks ?? there?.asks;
  const healthy = data.healthy ?? there?.healthy;
  const means = data.means ?? there?.means;
  if (fault === undefined) return 'fault';
  if (asks === undefined) return 'asks';
  if (healthy === undefined) return 'healthy';
  if (means === undefined) return 'means';
  const deeper = data.deeper ?? there?.deeper;
  return { fault, asks, why, healthy, means, ...optional({ deeper, signs: data.signs ?? there?.signs }) };
}

function optional(
  of: Readonly<Record<'deeper', string | undefined> & Record<'signs', readonly string[] | undefined>>,
): Pick<Lesson, 'deeper' | 'signs'> {
  return {
    ...(of.deeper === undefined ? {} : { deeper: of.deeper }),
    ...(of.signs === undefined ? {} : { signs: of.signs }),
  };
}

/** What a distribution lacks is the matter of the check, which may leave it out. */
function limited(failure: Failure, distribution: string): Failure {
  if (failure.code !== 'profile-invalid') return failure;
  return /does not define|does not say any/.test(failure.message)
    ? {
        ...failure,
        message: `${failure.message}, in ${distribution}; leave ${distribution} out of the distributions of this check`,
      }
    : failure;
}

function checkNeeds(
  own: ReadonlyMap<string, Own>,
  ids: ReadonlySet<string>,
  distribution: string,
  findings: Findings,
): void {
  for (const { control, check } of own.values()) {
    for (const [n, need] of control.needs.entries()) {
      const at = [...check.at, 'needs', n];
      if (!ids.has(need)) findings.take(check.document.invalid(at, `${noControl(need)} (${distribution})`));
      const round = wayBack((id) => own.get(id)?.control.needs, need, control.id, []);
      if (round)
        findings.take(
          check.document.invalid(
            at,
            `goes round in a circle: ${[control.id, ...round].join(' needs ')}; take one of these needs out`,
          ),
        );
    }
  }
}
