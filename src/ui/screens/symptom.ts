import { blank, line, paragraph, span } from '../line.ts';
import { highlighted } from '../lists.ts';
import { type Screen, textPage } from '../page.ts';
import { symptomMenu } from '../symptom-menu.ts';
import { fieldLine } from './ask.ts';
import { menuPage } from './start.ts';

/** What is seen of the broken cluster. */
export const symptom: Screen = (state, look) => {
  const items = symptomMenu(state);
  if (items.length === 0)
    return textPage([], [line(span(' Nothing is known yet of what may break this distribution.', 'dim'))]);
  return menuPage('What do you see?', items, highlighted(state), look, [
    'Nothing is changed until every possible cause has been asked for, and you have seen and confirmed its cure.',
  ]);
};

/** A line of a log, to find the cause that has it. */
export const logLine: Screen = (state, look) =>
  textPage(
    [blank, line(span(' Which line of a log or of a scanner?', 'strong')), blank],
    [
      fieldLine(state.view.field, look),
      blank,
      ...paragraph(
        'The line in which a service, a pod or the kernel says what is wrong, or one that a scanner reports. It is compared here with the lines that known causes leave behind, and kept nowhere.',
        look.columns,
        'dim',
      ),
    ],
  );
