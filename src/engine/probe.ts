import type { Control, Want } from '../domain/control.ts';
import type { Distribution, Place } from '../domain/distribution.ts';
import type { Finding } from '../domain/event.ts';
import type { Answers, AskOptions, Target } from '../domain/ports.ts';
import { type Question, questionKey } from '../domain/question.ts';
import type { AnyResource } from '../domain/resource.ts';
import { visibleLines } from '../domain/unseen.ts';
import { combine, notApplicable, unknown, type Verdict } from '../domain/verdict.ts';
import { resources } from '../resources/index.ts';
import { leavingQuestions } from './leaves.ts';
import { inapplicable, limitsAt, unreadable, wantsAt } from './place.ts';

/** Every question that a set of controls needs on a place, each once. */
export function questionsOf(controls: readonly Control[], place: Place): readonly Question[] {
  const byKey = new Map<string, Question>();
  for (const control of controls) {
    if (inapplicable(control, place)) continue;
    for (const want of [...limitsAt(control, place), ...wantsAt(control, place)]) {
      for (const question of askedBy(want, place)) byKey.set(questionKey(question), question);
    }
  }
  return [...byKey.values()];
}

// Nodes alike share their wants with the words filled in, and are asked with the same objects: what is made of a question
// for the wire is then made once. Roles and session are all of a place that a want's questions hang on besides; a test holds
// every want of the profiles to that.
const asked = new WeakMap<Distribution, WeakMap<Want, Map<string, readonly Question[]>>>();

function askedBy(want: Want, place: Place): readonly Question[] {
  const { distribution, roles, session = '' } = place;
  const wants = asked.get(distribution) ?? new WeakMap<Want, Map<string, readonly Question[]>>();
  asked.set(distribution, wants);
  const byPlace = wants.get(want) ?? new Map<string, readonly Question[]>();
  wants.set(want, byPlace);
  const key = `${roles.join(' ')}, ${session}`;
  const questions = byPlace.get(key) ?? resourceOf(want.type).ask(want.spec, place);
  byPlace.set(key, questions);
  return questions;
}

/** The verdict of one control on one place, from answers alone. */
export function judge(control: Control, place: Place, answers: Answers): Verdict {
  const reason = inapplicable(control, place);
  if (reason !== undefined) return notApplicable(reason);
  const obstacle = unreadable(control, place);
  if (obstacle !== undefined) return unknown(obstacle);
  const of = (want: Want): Verdict => {
    const resource = resourceOf(want.type);
    const read = resource.read(want.spec, answers, place);
    return read.known ? resource.judge(want.spec, read.value, place) : unknown(read.reason);
  };
  const verdict = combine(wantsAt(control, place).map(of));
  return harmless(limited(limitsAt(control, place).map(of), verdict, place));
}

/** What was found is text from elsewhere; where it stood as JSON, the signs that a terminal acts on were still written out. */
function harmless(verdict: Verdict): Verdict {
  const found = visibleLines(verdict.found);
  const reason = verdict.reason === undefined ? undefined : visibleLines(verdict.reason);
  return found === verdict.found && reason === verdict.reason
    ? verdict
    : ({ ...verdict, found, ...(reason === undefined ? {} : { reason }) } as Verdict);
}

/** A verdict of what matters only where one of some limits holds. */
function limited(limits: readonly Verdict[], verdict: Verdict, place: Place): Verdict {
  const holding = ['pass', 'pending-restart', 'configured-not-active'];
  if (limits.length === 0 || limits.some(({ kind }) => holding.includes(kind))) return verdict;
  const unread = limits.find(({ kind }) => kind === 'unknown');
  if (unread === undefined) return notApplicable(`nothing on ${place.node} asks for it`);
  // Where it is as it should be anyway, it does not matter whether it is asked for.
  return verdict.kind === 'pass'
    ? verdict
    : unknown(`whether anything asks for it is not known: ${unread.reason ?? unread.found}`, verdict.wanted);
}

/** Asks the questions that `have` does not answer yet, in one batch; nothing is sent when there are none. */
export async function askMissing(
  target: Target,
  questions: readonly Question[],
  have: Answers,
  options: AskOptions,
): Promise<Answers> {
  const open = questions.filter((q) => !have.has(questionKey(q)));
  if (open.length === 0) return have;
  return new Map([...have, ...(await target.ask(open, options))]);
}

/** Probes a set of controls on one place in one round trip, or less when `have` answers some of it already. */
export async function probe(
  target: Target,
  controls: readonly Control[],
  place: Place,
  options: AskOptions,
  have: Answers = new Map(),
): Promise<{ readonly findings: readonly Finding[]; readonly answers: Answers }> {
  const answers = await askMissing(target, questionsOf(controls, place), have, options);
  const findings = controls.map((control) => ({
    control: control.id,
    place: place.node,
    verdict: judge(control, place, answers),
  }));
  return { findings, answers };
}

/** Probes one control for planning: its own questions, and those about what its change would leave in the cluster. */
export async function probeToPlan(
  target: Target,
  control: Control,
  place: Place,
  options: AskOptions,
): Promise<{ readonly findings: readonly Finding[]; readonly answers: Answers }> {
  const { findings, answers } = await probe(target, [control], place, options);
  return { findings, answers: await askToPlan(target, control, place, answers, options) };
}

/** So often an answer may lead to another question. */
const mostRounds = 5;

/** Asks what a plan needs besides the control's own questions; what is still open after a few rounds stays unasked. */
export async function askToPlan(
  target: Target,
  control: Control,
  place: Place,
  have: Answers,
  options: AskOptions,
): Promise<Answers> {
  let answers = await askMissing(target, leavingQuestions(control, place), have, options);
  if (inapplicable(control, place)) return answers;
  for (let round = 0; round < mostRounds; round++) {
    const asked = answers;
    const more = wantsAt(control, place).flatMap(
      (want) => resourceOf(want.type).askToPlan?.(want.spec, asked, place) ?? [],
    );
    answers = await askMissing(
      target,
      [...new Map(more.map((q) => [questionKey(q), q])).values()],
      asked,
      options,
    );
    if (answers === asked) break;
  }
  return answers;
}

/** The resource type of a want; the loader has refused unknown ones, so a missing one is a bug. */
export function resourceOf(type: string): AnyResource {
  const resource = resources.get(type);
  if (!resource) throw new Error(`no resource type ${type}`);
  return resource;
}
