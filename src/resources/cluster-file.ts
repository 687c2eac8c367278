import { known, type Read } from '../domain/answer.ts';
import { type Member, membershipOf, otherCluster } from '../domain/cluster-members.ts';
import { type ClusterFile, fillWords, type Place } from '../domain/distribution.ts';
import { readStat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { compareVersions, parseVersion } from '../domain/version.ts';
import { treeSteps, valueAt } from './tree.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

/** The file of the whole cluster, with its words filled in, where a path is that file; undefined for any other. */
export function clusterFileAt(path: string, { distribution, words }: Place): ClusterFile | undefined {
  const file = distribution.clusterFile && fillWords(distribution.clusterFile, words);
  return file?.path === path ? file : undefined;
}

/** What must be asked of the files that go with a cluster's own; nothing for any other file. */
export function besideQuestions({ path }: { readonly path: string }, place: Place): readonly Question[] {
  return clusterFileAt(path, place)?.beside.map((each) => ({ kind: 'stat', path: each })) ?? [];
}

/** The first of the files that go with a cluster's own and are not there; undefined when all are. */
export function besideMissing(
  { path }: { readonly path: string },
  answers: Answers,
  place: Place,
): Read<string | undefined> {
  for (const each of clusterFileAt(path, place)?.beside ?? []) {
    const stat = readStat(answerTo(answers, { kind: 'stat', path: each }), each);
    if (!stat.known) return stat;
    if (stat.value?.type !== 'file') return known(each);
  }
  return known(undefined);
}

/** The nodes that the file of a cluster names; what has no address is none. */
export function membersOf(tree: unknown): readonly Member[] {
  const nodes = valueAt(tree, ['nodes']);
  return (Array.isArray(nodes) ? nodes : []).flatMap((node: unknown): readonly Member[] => {
    const text = (key: string): string => String(valueAt(node, [key]) ?? '').trim();
    const [address, internal] = [text('address'), text('internal_address')];
    if (address === '') return [];
    return [
      {
        name: text('hostname_override') || address,
        addresses: [address, internal].filter((each) => each !== ''),
        ...(internal === '' ? {} : { internal }),
      },
    ];
  });
}

/** What the text of a cluster's file says; why that is not known, where it cannot be read. */
export function clusterIn(text: string, path: string): Read<unknown> {
  const parsed = parseYaml(text, path);
  return parsed.known ? valuesOf(parsed.value, path) : parsed;
}

/** Why the file of a cluster must not be applied as it is, and what to do: it is another cluster's, or would bring another version. */
export function whyNotApplied(file: ClusterFile, tree: unknown, place: Place) {
  const members = membersOf(tree);
  const other =
    place.nodes && members.length > 0
      ? otherCluster(file.path, membershipOf(members, place.nodes))
      : undefined;
  return other ?? whyOtherVersion(file, tree, place);
}

/** Why applying the file of a cluster would bring another version to one of its nodes, and what to do. */
export function whyOtherVersion(file: ClusterFile, tree: unknown, place: Place) {
  const reason = otherVersion(file, tree, place);
  return reason === undefined
    ? undefined
    : {
        reason,
        instead:
          'Upgrade first, or name the version that runs; what is right for one version can keep another from starting.',
      };
}

/** That it names another version than runs, or none, which leaves the choice to the program. */
function otherVersion(file: ClusterFile, tree: unknown, { version, nodes = [] }: Place): string | undefined {
  if (file.version === undefined) return undefined;
  const named = valueAt(tree, treeSteps(file.version)) ?? '';
  const apply = file.apply.slice(0, 2).join(' ');
  // A version of zeros is one that no node told.
  const runs = version[0] === 0 ? 'what runs could not be read' : `${version.join('.')} runs`;
  if (named === '')
    return `${file.path} names no ${file.version}, so the next ${apply} would bring the version that the ${file.apply[0]} on that machine takes by itself, and ${runs}`;
  const wanted = parseVersion(String(named));
  const says = `${file.path} names ${named} as ${file.version}`;
  if (!wanted || compareVersions(wanted, version) !== 0)
    return `${says}, and ${runs}: the next ${apply} would bring that version`;
  const others = nodes.flatMap(({ name, facts }): readonly string[] => {
    const own = parseVersion(facts?.version ?? '');
    return own && compareVersions(own, wanted) !== 0 ? [`${own.join('.')} runs on ${name}`] : [];
  });
  return others.length === 0
    ? undefined
    : `${says}, and ${others.join(', ')}: the next ${apply} would bring that version there too`;
}
