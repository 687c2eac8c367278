import { planFiles } from '../../domain/review-plan.ts';
import { blank, line, paragraph, span } from '../line.ts';
import { type Screen, textPage } from '../page.ts';
import { noOrYes } from './ask.ts';

/** Whether to write the plan, and into which files. */
export const confirmPlan: Screen = (state, look) =>
  textPage(
    [line(span(' Write a plan of all that is open?', 'strong')), blank],
    [
      ...paragraph(
        `It is for review and changes no node. Two files are written to the folder you started in: ${planFiles(state.session.id).join(' and ')}. What stands there under these names is written over.`,
        look.columns,
      ),
      ...paragraph('The nodes are asked again for it, which takes a moment.', look.columns, 'dim'),
    ],
    [],
    noOrYes(state, look, 'No, write nothing', 'Yes, write both files'),
  );
