import type { Step } from '../domain/step.ts';
import { flag, like, list, members, oneOf, type Shape, text, variants } from './shape.ts';

// What undo puts into a shell as it stands must be what it says it is.
const mode = like(/^[0-7]{3,5}$/, 'a mode');
const sha256 = like(/^[0-9a-f]{64}$/, 'a SHA-256');
const words = list(text);
const before = variants('kind', { absent: members({}), present: members({ sha256 }) });

const steps: Readonly<Record<Step['kind'], Shape>> = {
  'write-file': members(
    { path: text, content: text, mode, owner: text, group: text, before },
    { textBefore: text },
  ),
  'make-folder': members({ path: text, mode, owner: text, group: text }),
  'move-folder': members({ path: text, to: text }),
  'set-mode': members({ path: text, mode, before: mode }),
  'set-owner': members({ path: text, owner: text, group: text, before: text, tree: flag }),
  'set-kernel': members({ key: text, value: text, before: text }),
  'create-account': members({ name: text, comment: text, shell: text, withGroup: flag }),
  'create-group': members({ name: text }, { gid: text }),
  'set-unit': members({ unit: text, verb: oneOf('enable', 'disable', 'mask', 'unmask'), before: text }),
  'patch-object': members({ kubectl: words, object: words, patch: text, back: text }),
  'create-object': members({ kubectl: words, object: words, manifest: text }),
  'rancher-object': members({
    path: text,
    title: text,
    does: oneOf('set', 'activate', 'deactivate', 'remove'),
    before: text,
    after: text,
  }),
  run: members({ words, why: text }, { vouch: text, known: text, undo: list(words) }),
};

/** An id of a change: the name of a folder, and nothing that a shell would read otherwise. */
export const changeName = like(/^[A-Za-z0-9][A-Za-z0-9._-]{0,511}$/, 'the id of a change');

/** A change as its intent records it. */
export const change = members({
  id: changeName,
  session: like(/^[A-Za-z0-9][A-Za-z0-9:_-]{0,127}$/, 'the id of a session'),
  control: text,
  node: text,
  via: text,
  steps: list(variants('kind', steps)),
});
