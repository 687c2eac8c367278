import { blank, line, paragraph, span } from '../line.ts';
import { type Screen, textPage } from '../page.ts';
import { fieldLine } from './ask.ts';

/** The name of the cluster. */
export const editCluster: Screen = (state, look) =>
  textPage(
    [blank, line(span(' What is the cluster called?', 'strong')), blank],
    [
      fieldLine(state.view.field, look),
      blank,
      ...paragraph(
        'It stands in the header of every screen and in the record. You type it to confirm a restart.',
        look.columns,
        'dim',
      ),
    ],
  );

/** The file to read the nodes from. */
export const importInventoryScreen: Screen = (state, look) =>
  textPage(
    [blank, line(span(' Which inventory file?', 'strong')), blank],
    [
      fieldLine(state.view.field, look),
      blank,
      ...paragraph(
        'A YAML file that lists the nodes with host, user, port and role. Its path, from the folder you started in.',
        look.columns,
        'dim',
      ),
    ],
  );
