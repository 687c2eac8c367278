import type { Question } from '../../src/domain/question.ts';

/** A command, by one of its words, that a case does without, and why. */
export type Unneeded = { readonly word: string; readonly why: string };

const noDropIns: Unneeded = {
  word: '/etc/rancher/rke2/config.yaml.d',
  why: 'its stat says that the folder is not there, so there is nothing in it to list',
};
const noList: Unneeded = {
  word: 'pods',
  why: 'the policies tell by themselves: one for every pod, or the count alone, which asks no pod',
};
const journalSpoke: Unneeded = {
  word: '--show-cursor',
  why: 'the journal itself had lines, which shows better than its cursor that there is one',
};

/**
 * The commands whose answer changes nothing in one case, whatever becomes of it. Everywhere else a command without an answer must keep
 * the case from a pass; whoever adds a row says here why it need not.
 */
export const unneeded: Readonly<Record<string, readonly Unneeded[]>> = {
  'admission-plugin/there': [
    {
      word: '/var/snap/k8s/common/etc',
      why: 'the one file whose age counts has a stat of its own; the list is for the owner and mode of an edit',
    },
    {
      word: '/var/snap/k8s/common/etc/configurations',
      why: 'no sample is named, so the age of none counts',
    },
  ],
  'argument/asked-for-and-not-yet-restarted': [noDropIns],
  'configured-argument/not-configured': [noDropIns],
  'configured-argument/taken-out-since-the-start': [noDropIns],
  'log/before-the-last-good-start': [journalSpoke],
  'log/older-in-another-log': [journalSpoke],
  'module/loaded': [
    {
      word: '/etc/modprobe.d',
      why: 'its stat says that the folder is not there, so there is nothing in it to list',
    },
  ],
  'object/a-namespace-lacks-one-and-we-cannot-know-which': [
    { word: 'pods', why: 'the namespace has no policy at all, whatever its pods are' },
  ],
  'object/every-namespace-has-one': [noList],
  'object/policies-of-some-namespaces': [noList],
  'object/policies-that-hold-something-back': [noList],
  'setting/a-copy-that-kept-an-old-time': [noDropIns],
  'setting/a-flag-of-the-unit-is-right': [noDropIns],
  'setting/a-flag-that-another-setting-turned-on': [noDropIns],
  'setting/a-truth-value-of-yaml': [noDropIns],
  'setting/configured-after-the-last-start': [noDropIns],
  'setting/configured-and-no-process': [noDropIns],
  'setting/configured-and-running': [noDropIns],
  'setting/configured-before-the-last-start': [noDropIns],
  'setting/in-the-file': [noDropIns],
  'setting/only-its-mode-was-changed-after-the-start': [noDropIns],
  'setting/set-but-service-down': [noDropIns],
  'setting/the-default-counts': [noDropIns],
  'setting/values-of-this-version-pass': [noDropIns],
  'setting/what-is-written-while-nothing-runs': [noDropIns],
  'setting/written-after-start': [noDropIns],
  'setting/written-after-the-last-start': [noDropIns],
};

const noFileBelow =
  'find prints nothing where no folder below holds a file, and its exit says that it looked';
const noFileThere = 'no file in the folder; the list is for the owner and mode of an edit';

/** The commands, of all cases of a type or of one, that say something by printing nothing; everywhere else silence is no answer. */
export const silentIsAnswer: Readonly<Record<string, readonly Unneeded[]>> = {
  'handed-out': [{ word: 'find', why: noFileBelow }],
  kubelet: [{ word: 'find', why: noFileBelow }],
  'log/no-line-in-the-journal': [
    { word: 'NetworkManager', why: 'the cursor shows that the journal holds lines of others' },
  ],
  'log/units-that-never-logged': [
    { word: 'rke2-*', why: 'the cursor shows that the journal holds lines of others' },
  ],
  module: [{ word: 'find', why: noFileThere }],
  'out-of-reach': [
    {
      word: 'find',
      why: 'it prints nothing where nothing is open to everybody, and its exit says that it looked',
    },
  ],
  'rp-filter': [{ word: 'find', why: noFileThere }],
  sysctl: [{ word: 'find', why: noFileThere }],
};

/** Whether a table names a question for a case, by its own name or by its type. */
export function isNamed(
  table: Readonly<Record<string, readonly Unneeded[]>>,
  one: { readonly type: string; readonly name: string },
  question: Question,
): boolean {
  const rows = [...(table[one.type] ?? []), ...(table[`${one.type}/${one.name}`] ?? [])];
  return question.kind === 'command' && rows.some(({ word }) => question.words.includes(word));
}
