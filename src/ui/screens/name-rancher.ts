import { blank, line, paragraph, span } from '../line.ts';
import { type Screen, textPage } from '../page.ts';
import { fieldLine } from './ask.ts';

/** The address of the Rancher server. */
export const nameRancher: Screen = (state, look) =>
  textPage(
    [blank, line(span(' Which Rancher server manages this cluster?', 'strong')), blank],
    [
      fieldLine(state.view.field, look),
      blank,
      ...paragraph('Its address, such as https://rancher.example.org.', look.columns),
      ...paragraph(
        'Its API is asked over HTTPS, and its certificate is always verified; one of a CA of your own needs --rancher-ca when you start. A token of an administrator is asked for next.',
        look.columns,
        'dim',
      ),
      ...paragraph(
        'Without a server, what the benchmark wants of Rancher is for you to look at.',
        look.columns,
        'dim',
      ),
    ],
  );
