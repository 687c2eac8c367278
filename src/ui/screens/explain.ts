import { rangeWords } from '../../domain/version.ts';
import { chosen, controlById } from '../../store/state.ts';
import { openControl } from '../appliable.ts';
import { numbers } from '../board.ts';
import { blank, line, paragraph, span } from '../line.ts';
import { type Screen, textPage } from '../page.ts';
import { impactSentence, rolesWord } from '../words.ts';

/** Why a control matters, what it may break, where it is written. */
export const explain: Screen = (state, look) => {
  const of = openControl(state);
  if (!of) return textPage([], [line(span(' No control is open.', 'dim'))]);
  const { benchmark } = chosen(state);
  const { columns } = look;
  const part = (title: string, text: string): ReturnType<typeof paragraph> =>
    text === '' ? [] : [line(span(` ${title}`, 'strong')), ...paragraph(text, columns, 'plain', 3), blank];
  const needs = of.needs.map((id) => controlById(state, id)?.title ?? id);
  return textPage(
    [line(span(` ${of.title}`, 'strong')), blank],
    [
      ...part('Why', of.why),
      ...part('What may stop working, and how you would notice', of.breaks),
      ...part('What applying it touches', impactSentence(of.impact)),
      ...part('It is for', of.target === 'node' ? rolesWord(of.roles) : `the ${of.target}`),
      ...part('Kubernetes versions', of.versions ? rangeWords(of.versions) : ''),
      ...part('It needs first', needs.join('\n')),
      ...part('Benchmark', benchmark ? `${benchmark.title}: ${numbers(state, of.id)}` : ''),
      ...part('Where it is written', of.sources.join('\n')),
      ...part('Its name in this program', of.id),
    ],
  );
};
