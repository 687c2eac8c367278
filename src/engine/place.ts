import type { Answer } from '../domain/answer.ts';
import type { Control } from '../domain/control.ts';
import { type Distribution, fillWords, type Place, type Role, resolveWords } from '../domain/distribution.ts';
import type { NodeFacts } from '../domain/event.ts';
import { compareVersions, inRange, parseVersion, type Version } from '../domain/version.ts';

/** The version that stands in for one we could not read; `unreadable` keeps what depends on it from being judged. */
const noVersion: Version = [0, 0, 0];

/** The words of the Rancher cluster file on the operator's machine: its path, and one that is set only when it was named. */
const templateWords = { path: 'cluster-template', named: 'cluster-template-named' } as const;

/** Words for a file of the operator's machine, and for the state that rke keeps beside it. */
export function namedFileWords(path: string): Readonly<Record<string, string>> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const folder = path.slice(0, path.length - name.length);
  return {
    [templateWords.path]: path,
    [templateWords.named]: 'yes',
    'cluster-state': `${folder}${name.replace(/\.[^.]*$/, '')}.rkestate`,
  };
}

/** What a control needs to know about a node, from the facts found there. */
export function placeOf(distribution: Distribution, node: string, facts: NodeFacts): Place {
  const version = (facts.version && parseVersion(facts.version)) || noVersion;
  const dataDir = facts.dataDir ?? '';
  return {
    node,
    roles: facts.roles,
    distribution,
    version,
    words: wordsOf(distribution, version, dataDir),
    ...(facts.unsure ? { unsure: facts.unsure } : {}),
    ...(facts.managedBy ? { managedBy: facts.managedBy } : {}),
  };
}

const resolved = new WeakMap<Distribution, Map<string, Place['words']>>();

/** One object for all nodes of a version and a data folder, so that what depends on the words is worked out once. */
export function wordsOf(distribution: Distribution, version: Version, dataDir: string): Place['words'] {
  const made = resolved.get(distribution) ?? new Map<string, Place['words']>();
  resolved.set(distribution, made);
  const key = `${version.join('.')} ${dataDir}`;
  const word = distribution.config?.dataDir.word;
  const moved = dataDir === '' || word === undefined ? {} : { [word]: dataDir };
  const words = made.get(key) ?? resolveWords(distribution, version, moved);
  made.set(key, words);
  return words;
}

/** Why a control does not apply on a place; undefined when it does. */
export function inapplicable(control: Control, place: Place): string | undefined {
  if (control.notApplicable !== undefined) return control.notApplicable;
  const roleless = !control.roles.some((role) => place.roles.includes(role));
  if (control.target === 'node' && place.unsure?.roles === undefined && roleless) {
    return `for ${wordRoles(control.roles)}; ${place.node} is ${wordRoles(place.roles)}`;
  }
  if (control.target === 'workstation' && !place.words[templateWords.named]) {
    const what = place.distribution.clusterFile ? 'cluster.yml' : 'Rancher cluster file';
    return `no ${what} was named; start with --template FILE to check one`;
  }
  if (control.versions === undefined) return undefined;
  if (compareVersions(place.version, noVersion) === 0) return undefined;
  return inRange(place.version, control.versions)
    ? undefined
    : `for Kubernetes ${control.versions}; ${place.node} runs ${place.version.join('.')}`;
}

/** Why a control cannot be judged or planned on a place though it may apply; undefined when it can. */
export function unreadable(control: Control, place: Place): string | undefined {
  const unlearned = unsureRole(control, place) ?? unsurePath(control, place);
  if (unlearned !== undefined) return unlearned;
  const open = /\{\{([a-z0-9-]+)\}\}/.exec(
    JSON.stringify([wantsAt(control, place), limitsAt(control, place)]),
  )?.[1];
  const unversioned = compareVersions(place.version, noVersion) === 0 && control.versions !== undefined;
  if (!unversioned && (open === undefined || open === 'namespace')) return undefined;
  return `the version of ${place.distribution.title} on ${place.node} could not be read`;
}

/** Why it is not known whether a control is for this node at all. */
function unsureRole({ target, roles }: Control, place: Place): string | undefined {
  if (target !== 'node' || !place.unsure) return undefined;
  const { unsure } = place;
  // Every node is a server or an agent, so what is for both holds whichever it is.
  const forAll = roles.includes('server') && roles.includes('agent');
  if (unsure.roles !== undefined && (place.roles.length === 0 || !forAll)) return unsure.roles;
  const forEtcdAlone = roles.includes('etcd') && !roles.some((r) => r !== 'etcd' && place.roles.includes(r));
  return forEtcdAlone ? unsure.etcd : undefined;
}

/** Why the paths in a control's wants are not known: they lie in a data folder that may have been moved. */
function unsurePath(control: Control, place: Place): string | undefined {
  const { distribution, version } = place;
  const word = distribution.config?.dataDir.word;
  if (place.unsure?.dataDir === undefined || word === undefined || control.target === 'workstation')
    return undefined;
  const mark = '\u0000';
  const marked = resolveWords(distribution, version, { [word]: mark });
  const uses = JSON.stringify(
    fillWords([control.wants, control.onlyIf ?? [], control.first ?? []], marked),
  ).includes('\\u0000');
  return uses ? place.unsure.dataDir : undefined;
}

const filled = new WeakMap<Place['words'], WeakMap<Control['wants'], Control['wants']>>();

/** The words of a control's wants, with this place's paths and names filled in. */
export function wantsAt(control: Control, place: Place): Control['wants'] {
  return filledAt(control.wants, place);
}

/** The wants of which one must hold for a control to matter, with their words filled in; empty where it always does. */
export function limitsAt({ onlyIf = [] }: Control, place: Place): Control['wants'] {
  return onlyIf.length === 0 ? onlyIf : filledAt(onlyIf, place);
}

function filledAt(wants: Control['wants'], place: Place): Control['wants'] {
  const made = filled.get(place.words) ?? new WeakMap<Control['wants'], Control['wants']>();
  filled.set(place.words, made);
  const here =
    made.get(wants) ?? wants.map((want) => ({ type: want.type, spec: fillWords(want.spec, place.words) }));
  made.set(wants, here);
  return here;
}

/** The text of an answer, or why there is none, thrown away by callers that only need the text. */
export function textOf(answer: Answer | undefined): string | undefined {
  return answer?.kind === 'said' ? answer.text : undefined;
}

function wordRoles(roles: readonly Role[]): string {
  return roles.length === 0 ? 'of no known role' : roles.join(' and ');
}
