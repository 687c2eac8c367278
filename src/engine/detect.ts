import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import {
  type Distribution,
  fillWords,
  type Role,
  resolveWords,
  type Unsure,
} from '../domain/distribution.ts';
import type { NodeFacts } from '../domain/event.ts';
import type { Answers, Privilege } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { parseVersion } from '../domain/version.ts';
import { settingQuestions, settingValue, variableOf } from '../resources/settings.ts';
import { type UnitCommand, unitCommand } from '../resources/unit-command.ts';
import { ownerOf, ownerQuestions } from './owner.ts';
import { textOf, wordsOf } from './place.ts';
import { calledInContainer, etcdFound, roleQuestions, rolesFound, versionInImage } from './role.ts';

const machine: Question = { kind: 'machine' };

/** What to ask of a node to learn whether it runs this distribution, in which role and version, and who owns its configuration. */
export function detectionQuestions(distribution: Distribution): readonly Question[] {
  const before = asked.get(distribution);
  if (before) return before;
  const questions: readonly Question[] = [
    machine,
    { kind: 'lock' },
    ...roleQuestions(distribution),
    ...distribution.versionCommands.map((words): Question => ({ kind: 'command', words })),
    ...ownerQuestions(distribution),
    ...(distribution.config ? settingQuestions(defaultPlace(distribution)) : []),
  ];
  asked.set(distribution, questions);
  return questions;
}

/** Every node is asked the same. */
const asked = new WeakMap<Distribution, readonly Question[]>();

/** What the answers say the node is. Unknown when the machine itself did not answer. */
export function detect(
  distribution: Distribution,
  answers: Answers,
  privilege: Privilege,
  declared: Role | undefined,
): Read<NodeFacts> {
  const said = textOf(answerTo(answers, machine));
  if (said === undefined) return unread(whyNot(answerTo(answers, machine), machine.kind));
  const fields = new Map(said.split('\n').map((line) => splitOnce(line)));
  const version = versionSaid(distribution, answers);
  const found = rolesFound(distribution, answers, declared);
  const unit = unitOf(distribution, answers, found.roles);
  const { dataDir, nodeName, address, etcd, unsure } = settled(distribution, answers, unit);
  const roles: readonly Role[] =
    found.roles.includes('server') && etcd ? [...found.roles, 'etcd'] : found.roles;
  const all: Unsure = { ...unsure, ...(found.unread === undefined ? {} : { roles: found.unread }) };
  const managedBy = ownerOf(distribution, answers);
  return known({
    hostname: fields.get('hostname') ?? '',
    machineId: fields.get('machine-id') ?? '',
    bootId: fields.get('boot-id') ?? '',
    os: fields.get('os') ?? '',
    user: fields.get('user') ?? '',
    sudo: privilege,
    ...(version !== undefined ? { distribution: distribution.id } : {}),
    ...(version !== undefined ? { version } : {}),
    roles,
    ...(dataDir !== undefined ? { dataDir } : {}),
    ...(nodeName !== undefined ? { nodeName } : {}),
    ...(address !== undefined ? { address } : {}),
    ...(Object.keys(all).length > 0 ? { unsure: all } : {}),
    ...(managedBy ? { managedBy } : {}),
  });
}

/** The version as the distribution prints it, or as an image is called. */
function versionSaid(distribution: Distribution, answers: Answers): string | undefined {
  if (distribution.containers) return versionInImage(distribution.containers, answers);
  return distribution.versionCommands
    .map((words) => textOf(answerTo(answers, { kind: 'command', words })))
    .map((text) => (text ? /v?\d+\.\d+\.\d+\S*/.exec(text)?.[0] : undefined))
    .find((text) => text !== undefined && parseVersion(text) !== undefined);
}

/** What the cluster calls a node: a configured name or its hostname, in lower case as Kubernetes has them. */
export function nodeNameOf({ nodeName, hostname }: Pick<NodeFacts, 'nodeName' | 'hostname'>): string {
  return (nodeName || hostname).toLowerCase();
}

/** The distribution as it is before anything is known of the node: its default words. */
export function defaultPlace(distribution: Distribution) {
  return {
    node: '',
    roles: ['server', 'agent'] as const,
    distribution,
    version: [0, 0, 0] as const,
    words: wordsOf(distribution, [0, 0, 0], ''),
  };
}

/** The words of a distribution filled into some text of it, for a node not yet known. */
export function fillDefault<T>(distribution: Distribution, value: T): T {
  return fillWords(value, resolveWords(distribution, [0, 0, 0]));
}

/** How the node agent is started here; undefined where its unit could not be read. */
function unitOf(
  distribution: Distribution,
  answers: Answers,
  roles: readonly Role[],
): UnitCommand | undefined {
  const { server, agent } = distribution.units;
  const read = unitCommand(answers, roles.includes('agent') ? agent : server);
  return read.known ? read.value : undefined;
}

/** What flags, files and variables settle, in the order in which they outrank one another. */
function settled(
  distribution: Distribution,
  answers: Answers,
  unit: UnitCommand | undefined,
): Pick<NodeFacts, 'dataDir' | 'nodeName' | 'address'> & { readonly etcd: boolean; readonly unsure: Unsure } {
  const { config, roleFiles } = distribution;
  if (!config) {
    // Containers have told of etcd already, on every node that runs it.
    if (distribution.containers)
      return { ...calledInContainer(distribution.containers, answers), etcd: false, unsure: {} };
    const etcd = roleFiles ? etcdFound(roleFiles.etcd, answers) : known(true);
    return {
      etcd: !etcd.known || etcd.value,
      unsure: etcd.known ? {} : { etcd: `whether it runs etcd was not learned: ${etcd.reason}` },
    };
  }
  const { file, dataDir: moved, nodeName, environment } = config;
  const variable = (key: string) => unit?.variables.get(variableOf(key, environment.prefix));
  const named = unit?.flag('--config', '-c') ?? variable('config-file');
  const elsewhere =
    named === undefined || named === fillDefault(distribution, file)
      ? undefined
      : `its unit starts it with the configuration ${named}, which was not read`;
  // One place for all keys: what the files say is remembered by it.
  const place = defaultPlace(distribution);
  const value = (key: string, ...flags: readonly string[]): Read<string | undefined> => {
    const flag = unit?.flag(...flags);
    if (flag !== undefined) return known(flag);
    if (elsewhere !== undefined) return unread(elsewhere);
    const set = settingValue(place, answers, key);
    return set.known ? known(set.value ?? variable(key)) : set;
  };
  const dataDir = value(moved.key, `--${moved.key}`, '-d');
  const called = nodeName === undefined ? known(undefined) : value(nodeName, `--${nodeName}`);
  const key = distribution.etcd?.without;
  const without = key === undefined ? known(undefined) : value(key, `--${key}`);
  return {
    ...(dataDir.known && dataDir.value !== undefined ? { dataDir: dataDir.value } : {}),
    ...(called.known && called.value !== undefined ? { nodeName: called.value } : {}),
    // A server is taken to run etcd until it is known that it does not.
    etcd: !(without.known && without.value === 'true'),
    unsure: {
      ...(dataDir.known ? {} : { dataDir: `where its data folder is was not learned: ${dataDir.reason}` }),
      ...(without.known ? {} : { etcd: `whether it runs etcd was not learned: ${without.reason}` }),
      ...(elsewhere === undefined ? {} : { config: elsewhere }),
    },
  };
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf('=');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}
