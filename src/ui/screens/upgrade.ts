import { blank, type Line, line, paragraph, span } from '../line.ts';
import { type Screen, textPage } from '../page.ts';
import { sign } from '../theme.ts';
import { fieldLine } from './ask.ts';

/** The version to look ahead to. */
export const upgradeTo: Screen = (state, look) =>
  textPage(
    [blank, line(span(' Which version would you upgrade to?', 'strong')), blank],
    [
      fieldLine(state.view.field, look),
      blank,
      ...paragraph('A whole version, such as v1.34.2.', look.columns),
      ...paragraph(
        'The nodes are asked what they run and what is configured for their next start, and what of it that version no longer takes. Nothing is changed.',
        look.columns,
        'dim',
      ),
    ],
  );

/** What would break on that version, what to do instead, and how much is in order. */
export const upgradeScreen: Screen = ({ upgrade }, look) => {
  const to = upgrade?.to ?? '';
  const head = [line(span(` What an upgrade to ${to} would break`, 'strong')), blank];
  if (upgrade?.kind !== 'ready')
    return textPage(head, [line(span(' Asking the nodes, without changing anything ...', 'busy'))]);
  return textPage(
    head,
    upgrade.lines.flatMap((text): readonly Line[] =>
      lineOf(text.replaceAll('·', sign('dot', look)), look.columns),
    ),
  );
};

/** A line of the report: its indent stays, and what is open stands out. */
function lineOf(text: string, columns: number): readonly Line[] {
  if (text === '') return [blank];
  const indent = /^ */.exec(text)?.[0].length ?? 0;
  const tone = /^(breaks|unknown|look)\b/.test(text) ? 'warn' : 'plain';
  return paragraph(text.trim(), columns, tone, indent + 1);
}
