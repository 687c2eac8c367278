import { createHash } from 'node:crypto';
import type { Deed, DeedReport } from '../../src/domain/ports.ts';
import type { Question } from '../../src/domain/question.ts';
import { changeFolder, type Step } from '../../src/domain/step.ts';
import { configFileQuestions } from '../../src/resources/config-files.ts';
import { placeFor } from '../resources/place.ts';
import { changeOf } from './practice.ts';

/** A file or folder that a case finds before it begins. */
export type Given = { readonly text?: string; readonly mode: string; readonly owner?: string };

/** One thing put to both sides. */
export type Act =
  | { readonly ask: Question }
  | { readonly deed: Deed; readonly ends: DeedReport['kind'] }
  /** Waits until an answer has it, on the side's own clock. */
  | { readonly until: Question; readonly has: string };

/** A case of the parity table: what is there, what is put, and what of an answer is the side's own business. */
export type Case = {
  readonly name: string;
  readonly given?: Readonly<Record<string, Given>>;
  readonly acts: readonly Act[];
  /** What must be equal of an answer's text; all of it unless said. */
  readonly telling?: (text: string, question: Question) => unknown;
};

/** Where the files of a case lie, on every side. */
export const top = '/tmp/k8s-harden-parity';

const rooted = { owner: 'root', group: 'root' } as const;

function stepsOn(...steps: readonly Step[]) {
  return changeOf('cp-1', ...steps);
}

function seen(text: string) {
  return { kind: 'present', sha256: createHash('sha256').update(text).digest('hex') } as const;
}

function stat(path: string): Act {
  return { ask: { kind: 'stat', path } };
}

/** The very command with which the configuration's folder is listed. */
function listing(folder: string): Question {
  const question = configFileQuestions(placeFor({})).at(-1);
  if (question?.kind !== 'command') throw new Error('the folder is not listed by a command');
  return { kind: 'command', words: question.words.with(2, folder) };
}

/** Applying and taking back, looked at before, between and after. */
function thereAndBack(look: readonly Question[], ...steps: readonly Step[]): readonly Act[] {
  const change = stepsOn(...steps);
  const asks = look.map((ask): Act => ({ ask }));
  const state: Act = { ask: { kind: 'change-state', session: change.session, change: change.id } };
  return [
    ...asks,
    { deed: { kind: 'change', change }, ends: 'done' },
    ...asks,
    state,
    { deed: { kind: 'undo', change, force: false }, ends: 'done' },
    ...asks,
    state,
  ];
}

const write: Step = {
  kind: 'write-file',
  path: `${top}/new`,
  content: "it's\nhere\n",
  mode: '0640',
  ...rooted,
  before: { kind: 'absent' },
};
const edit: Step = { ...write, path: `${top}/a`, content: 'after\n', before: seen('before\n') };
const looks = (...paths: readonly string[]) =>
  paths.flatMap((path): Question[] => [
    { kind: 'stat', path },
    { kind: 'file', path },
  ]);
const drift = stepsOn(edit);
const failing = stepsOn(write, {
  kind: 'set-owner',
  path: `${top}/a`,
  owner: 'nosuch',
  group: 'nosuch',
  before: 'root:root',
  tree: false,
});
const twice = stepsOn(edit);
const earlier = stepsOn(edit);
const backByScript = stepsOn({
  kind: 'run',
  words: ['sh', `${changeFolder(earlier)}/undo.sh`],
  why: 'what an earlier session did is taken back',
});
const kept: Act = { ask: { kind: 'kept' } };

/** What a plain shell on files of its own can answer: needs root, and touches nothing else. */
export const shellCases: readonly Case[] = [
  {
    name: 'stat',
    given: {
      a: { text: 'a\n', mode: '0644' },
      empty: { text: '', mode: '0600', owner: 'nobody' },
      d: { mode: '0750' },
    },
    acts: [
      stat(`${top}/a`),
      stat(`${top}/empty`),
      stat(`${top}/d`),
      stat(`${top}/none`),
      stat(`${top}/a/none`),
    ],
  },
  {
    name: 'file',
    given: {
      a: { text: 'two\n\nlines', mode: '0644' },
      d: { mode: '0755' },
      big: { text: 'x'.repeat(1024 * 1024 + 1), mode: '0644' },
    },
    acts: ['a', 'd', 'big', 'none'].map((name): Act => ({ ask: { kind: 'file', path: `${top}/${name}` } })),
  },
  {
    name: 'folder',
    given: {
      'd/b.yaml': { text: 'b', mode: '0644' },
      'd/B.yaml': { text: 'B\n', mode: '0644' },
      'd/.hidden.yaml': { text: 'h\n', mode: '0644' },
      'd/c.txt': { text: 'c', mode: '0644' },
      'd/e/f.yaml': { text: 'f', mode: '0644' },
      empty: { mode: '0755' },
      a: { text: '', mode: '0644' },
    },
    acts: ['d', 'd/', 'empty', 'a', 'none'].map(
      (name): Act => ({ ask: { kind: 'folder', path: `${top}/${name}`, suffix: '.yaml' } }),
    ),
  },
  {
    name: 'the files of a folder with their stat',
    given: {
      'd/b.yaml': { text: 'b', mode: '0644' },
      'd/a.yaml': { text: '', mode: '0600', owner: 'nobody' },
      'd/e/f.yaml': { text: 'f', mode: '0644' },
      empty: { mode: '0755' },
    },
    acts: ['d', 'empty', 'd/a.yaml', 'none'].map((name): Act => ({ ask: listing(`${top}/${name}`) })),
    // Their order and their times are the file system's own business.
    telling: (text) =>
      text
        .split('\n')
        .map((line) => line.replace(/\|\d+\|\d+(\|[^|]*)$/, '$1'))
        .sort(),
  },
  {
    name: 'the text of a file by cat',
    given: {
      a: { text: 'two\n\nlines', mode: '0600', owner: 'nobody' },
      empty: { text: '', mode: '0644' },
      d: { mode: '0755' },
      big: { text: 'x'.repeat(1024 * 1024 + 1), mode: '0644' },
    },
    acts: ['a', 'empty', 'd', 'big', 'none', 'a/none'].map(
      (name): Act => ({ ask: { kind: 'command', words: ['cat', `${top}/${name}`] } }),
    ),
  },
  {
    name: 'what matches in a file by grep',
    given: {
      keys: { text: '[{"strong":{"keys":[]}},{"weak":{}}]\n{"weak":{}}\n', mode: '0600' },
      empty: { text: '', mode: '0644' },
      plain: { text: 'nothing of the kind\n', mode: '0644' },
    },
    acts: ['keys', 'empty', 'plain', 'none'].map(
      (name): Act => ({
        ask: { kind: 'command', words: ['grep', '-o', '-E', '-e', '"(strong|weak)":', `${top}/${name}`] },
      }),
    ),
  },
  {
    name: 'strays',
    given: { 'd/a': { text: '', mode: '0644', owner: 'nobody' }, 'd/e/b': { text: '', mode: '0644' } },
    acts: [
      { ask: { kind: 'strays', path: `${top}/d`, owner: 'nobody', group: 'nogroup' } },
      { ask: { kind: 'strays', path: `${top}/d/a`, owner: 'nobody', group: 'nogroup' } },
      { ask: { kind: 'strays', path: `${top}/none`, owner: 'nobody', group: 'nogroup' } },
    ],
    telling: (text) => text.trim().split('\n').sort(),
  },
  {
    name: 'account and group',
    acts: [
      { ask: { kind: 'account', name: 'root' } },
      { ask: { kind: 'account', name: 'roo' } },
      { ask: { kind: 'account', name: 'r.ot' } },
      { ask: { kind: 'group', name: 'nogroup' } },
      { ask: { kind: 'group', name: 'nosuch' } },
    ],
  },
  {
    name: 'access',
    given: {
      a: { text: '', mode: '0600' },
      b: { text: '', mode: '0604' },
      'd/c': { text: '', mode: '0644' },
      d: { mode: '0700' },
      own: { text: '', mode: '0400', owner: 'nobody' },
    },
    acts: (['a', 'b', 'd', 'd/c', 'own', 'none'] as const).flatMap((name) =>
      (['r', 'x'] as const).flatMap((want) =>
        (['root', 'nobody'] as const).map(
          (user): Act => ({ ask: { kind: 'access', path: `${top}/${name}`, user, want } }),
        ),
      ),
    ),
  },
  {
    name: 'machine',
    acts: [{ ask: { kind: 'machine' } }],
    telling: (text) => text.split('\n').map((line) => line.split('=')[0]),
  },
  {
    name: 'a new file and an edited one, there and back',
    given: { a: { text: 'before\n', mode: '0604', owner: 'nobody' } },
    acts: thereAndBack(looks(`${top}/new`, `${top}/a`), write, edit),
  },
  {
    name: 'a folder with a file in it, there and back',
    given: { a: { text: '', mode: '0644' } },
    acts: thereAndBack(
      looks(`${top}/d`, `${top}/d/b`),
      { kind: 'make-folder', path: `${top}/d`, mode: '0700', ...rooted },
      { ...write, path: `${top}/d/b` },
    ),
  },
  {
    name: 'a folder under another name, there and back',
    given: { 'd/a': { text: 'kept\n', mode: '0640' } },
    acts: thereAndBack(looks(`${top}/d/a`, `${top}/e/a`), {
      kind: 'move-folder',
      path: `${top}/d`,
      to: `${top}/e`,
    }),
  },
  {
    name: 'a mode and an owner, there and back',
    given: { a: { text: '', mode: '0644' } },
    acts: thereAndBack(
      looks(`${top}/a`),
      { kind: 'set-mode', path: `${top}/a`, mode: '0600', before: '0644' },
      {
        kind: 'set-owner',
        path: `${top}/a`,
        owner: 'nobody',
        group: 'nogroup',
        before: 'root:root',
        tree: false,
      },
    ),
  },
  {
    name: 'the owners of a tree, there and back',
    given: { 'd/a': { text: '', mode: '0644', owner: 'nobody' }, 'd/e/b': { text: '', mode: '0644' } },
    acts: thereAndBack(
      [`${top}/d`, `${top}/d/a`, `${top}/d/e`, `${top}/d/e/b`].map((path) => ({ kind: 'stat', path })),
      {
        kind: 'set-owner',
        path: `${top}/d`,
        owner: 'nobody',
        group: 'nogroup',
        before: 'root:root',
        tree: true,
      },
    ),
  },
  {
    name: 'drift, before and after',
    given: { a: { text: 'before\n', mode: '0644' } },
    acts: [
      { deed: { kind: 'change', change: stepsOn({ ...edit, before: seen('else\n') }) }, ends: 'refused' },
      {
        deed: { kind: 'change', change: stepsOn(write, { ...edit, before: { kind: 'absent' } }) },
        ends: 'refused',
      },
      ...looks(`${top}/new`, `${top}/a`).map((ask): Act => ({ ask })),
      { deed: { kind: 'change', change: drift }, ends: 'done' },
      {
        deed: { kind: 'change', change: stepsOn({ ...edit, content: 'theirs\n', before: seen('after\n') }) },
        ends: 'done',
      },
      { deed: { kind: 'undo', change: drift, force: false }, ends: 'refused' },
      ...looks(`${top}/a`).map((ask): Act => ({ ask })),
      { deed: { kind: 'undo', change: drift, force: true }, ends: 'done' },
      ...looks(`${top}/a`).map((ask): Act => ({ ask })),
    ],
  },
  {
    name: 'a step that fails, and all is put back',
    given: { a: { text: 'before\n', mode: '0644' } },
    acts: [
      { deed: { kind: 'change', change: failing }, ends: 'put-back' },
      ...looks(`${top}/new`, `${top}/a`).map((ask): Act => ({ ask })),
      { deed: { kind: 'change', change: stepsOn({ ...write, path: `${top}/none/a` }) }, ends: 'put-back' },
    ],
  },
  {
    name: 'what an earlier session changed, taken back by the script it left',
    given: { a: { text: 'before\n', mode: '0644' } },
    acts: [
      { deed: { kind: 'change', change: earlier }, ends: 'done' },
      kept,
      { ask: { kind: 'file', path: `${top}/a` } },
      { deed: { kind: 'change', change: backByScript }, ends: 'done' },
      kept,
      { ask: { kind: 'file', path: `${top}/a` } },
    ],
    // Other cases leave their changes on the same machine.
    telling: (text, question) =>
      question.kind === 'kept'
        ? text.split('\n').filter((line) => line === 'end' || line.includes(earlier.id))
        : text,
  },
  {
    name: 'twice, and never',
    given: { a: { text: 'before\n', mode: '0644' } },
    acts: [
      { deed: { kind: 'change', change: twice }, ends: 'done' },
      { deed: { kind: 'change', change: twice }, ends: 'refused' },
      { deed: { kind: 'undo', change: twice, force: false }, ends: 'done' },
      { deed: { kind: 'undo', change: twice, force: false }, ends: 'done' },
      { deed: { kind: 'undo', change: stepsOn(write), force: true }, ends: 'refused' },
      { ask: { kind: 'change-state', session: 'session-1', change: 'never' } },
    ],
  },
];
