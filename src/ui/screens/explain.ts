import type { Control } from '../../domain/control.ts';
import { findingKey, isRepair, verdictOf } from '../../domain/session.ts';
import type { Lesson } from '../../domain/trouble.ts';
import { rangeWords } from '../../domain/version.ts';
import { type AppState, chosen, controlById } from '../../store/state.ts';
import { openControl } from '../appliable.ts';
import { numbers } from '../board.ts';
import { nameOf } from '../cause-name.ts';
import { blank, line, paragraph, span } from '../line.ts';
import { highlightedIn, openControlPlaces } from '../lists.ts';
import { type Screen, textPage } from '../page.ts';
import { planWords } from '../planned.ts';
import { impactSentence, rolesWord } from '../words.ts';
import { lessonAt } from './lesson.ts';

/** Why a control matters, what it may break, where it is written. */
export const explain: Screen = (state, look) => {
  const of = openControl(state);
  if (!of) return textPage([], [line(span(' No control is open.', 'dim'))]);
  const { benchmark } = chosen(state);
  const { columns } = look;
  const part = (title: string, text: string): ReturnType<typeof paragraph> =>
    text === '' ? [] : [line(span(` ${title}`, 'strong')), ...paragraph(text, columns, 'plain', 3), blank];
  const lesson = lessonAt(state, of.id);
  const needs = of.needs.map((id) => controlById(state, id)?.title ?? id);
  return textPage(
    [line(span(` ${nameOf(state, of)}`, 'strong')), blank],
    [
      ...foundText(state, of).flatMap(([title, text]) => part(title, text)),
      ...(lesson ? lessonText(lesson) : [['Why', of.why] as const]).flatMap(([title, text]) =>
        part(title, text),
      ),
      ...part('What may stop working, and how you would notice', of.breaks),
      ...part('What applying it touches', impactSentence(of)),
      ...part('It is for', of.target === 'node' ? rolesWord(of.roles) : `the ${of.target}`),
      ...part('Kubernetes versions', of.versions ? rangeWords(of.versions) : ''),
      ...part('It needs first', needs.join('\n')),
      ...part(
        lesson ? 'Trouble' : 'Benchmark',
        benchmark ? `${benchmark.title}: ${numbers(state, of.id)}` : '',
      ),
      ...part('Where it is written', of.sources.join('\n')),
      ...part('Its name in this program', of.id),
    ],
  );
};

/** What was found on the highlighted place, whole: the screen of the control has not always room for it. */
function foundText(state: AppState, of: Control): readonly (readonly [title: string, text: string])[] {
  const place = highlightedIn(state, { id: 'places', ids: openControlPlaces(state) }) ?? '';
  const verdict = verdictOf(state.session, of.id, place);
  if (!verdict) return [];
  const skipped = state.session.skips[findingKey(of.id, place)] ?? '';
  return [
    ['Against the plan', isRepair(state.session) ? '' : planWords(state, of.id, place)],
    [`Found on ${place}`, verdict.found],
    ['Wanted', verdict.wanted],
    ['Its reason', verdict.reason ?? ''],
    ['Skipped, because', skipped],
  ];
}

/** What a trouble teaches of a control, one level deeper. */
function lessonText(lesson: Lesson): readonly (readonly [title: string, text: string])[] {
  return [
    ['What is asked', lesson.asks],
    ['Why it is asked', lesson.why],
    ['A healthy answer', lesson.healthy],
    ['What a bad answer means here', lesson.means],
    ['One level deeper', lesson.deeper ?? ''],
  ];
}
