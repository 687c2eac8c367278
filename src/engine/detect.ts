import { known, type Read, unread } from '../domain/answer.ts';
import { type Distribution, fillWords, type Role, resolveWords } from '../domain/distribution.ts';
import type { NodeFacts } from '../domain/event.ts';
import { readStat, readUnit } from '../domain/evidence.ts';
import type { Answers, Privilege } from '../domain/ports.ts';
import { type Question, questionKey } from '../domain/question.ts';
import { parseVersion } from '../domain/version.ts';
import { settingQuestions, settingValue } from '../resources/settings.ts';
import { missing, textOf } from './place.ts';

const machine: Question = { kind: 'machine' };

/** What to ask of a node to learn whether it runs this distribution, in which role and version, and who owns its configuration. */
export function detectionQuestions(distribution: Distribution): readonly Question[] {
  return [
    machine,
    { kind: 'lock' },
    { kind: 'unit', name: distribution.units.server },
    { kind: 'unit', name: distribution.units.agent },
    ...distribution.versionCommands.map((words): Question => ({ kind: 'command', words })),
    ...distribution.config.managedBy.map((m): Question => ({ kind: 'stat', path: m.file })),
    ...settingQuestions(defaultPlace(distribution)),
  ];
}

/** What the answers say the node is. Unknown when the machine itself did not answer. */
export function detect(
  distribution: Distribution,
  answers: Answers,
  privilege: Privilege,
  declared: Role | undefined,
): Read<NodeFacts> {
  const said = textOf(answers.get(questionKey(machine)));
  if (said === undefined) return unread(missing(answers.get(questionKey(machine)), machine));
  const fields = new Map(said.split('\n').map((line) => splitOnce(line)));
  const version = distribution.versionCommands
    .map((words) => textOf(answers.get(questionKey({ kind: 'command', words }))))
    .map((text) => (text ? /v?\d+\.\d+\.\d+\S*/.exec(text)?.[0] : undefined))
    .find((text) => text !== undefined && parseVersion(text) !== undefined);
  const roles = rolesFound(distribution, answers, declared);
  const dataDir = settingValue(defaultPlace(distribution), answers, distribution.config.dataDir.key);
  const owner = distribution.config.managedBy.find((m) => {
    const stat = readStat(
      answers.get(questionKey({ kind: 'stat', path: m.file })) ?? { kind: 'absent' },
      m.file,
    );
    return stat.known && stat.value !== undefined;
  });
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
    ...(owner ? { managedBy: { who: owner.who, instead: owner.instead } } : {}),
  });
}

/** The distribution as it is before anything is known of the node: its default words. */
export function defaultPlace(distribution: Distribution) {
  return {
    node: '',
    roles: ['server', 'agent'] as const,
    distribution,
    version: [0, 0, 0] as const,
    words: resolveWords(distribution, [0, 0, 0]),
  };
}

/** The words of a distribution filled into some text of it, for a node not yet known. */
export function fillDefault<T>(distribution: Distribution, value: T): T {
  return fillWords(value, resolveWords(distribution, [0, 0, 0]));
}

/**
 * A unit that runs decides; with none running, the one that is enabled; else what the operator declared,
 * for the host is prepared before the distribution is installed. A server is taken to run etcd until its configuration says otherwise.
 */
function rolesFound(
  distribution: Distribution,
  answers: Answers,
  declared: Role | undefined,
): readonly Role[] {
  const state = (name: string, key: string) => {
    const answer = answers.get(questionKey({ kind: 'unit', name }));
    const unit = answer ? readUnit(answer, name) : unread<ReadonlyMap<string, string>>('not asked');
    return unit.known ? (unit.value.get(key) ?? '') : '';
  };
  const { server, agent } = distribution.units;
  const runs = (name: string) => ['active', 'activating', 'reloading'].includes(state(name, 'ActiveState'));
  const enabled = (name: string) => state(name, 'UnitFileState').startsWith('enabled');
  const asServer: readonly Role[] = noEtcd(distribution, answers) ? ['server'] : ['server', 'etcd'];
  if (runs(server)) return asServer;
  if (runs(agent)) return ['agent'];
  if (enabled(server)) return asServer;
  if (enabled(agent)) return ['agent'];
  return declared === 'server' ? asServer : declared ? [declared] : [];
}

function noEtcd(distribution: Distribution, answers: Answers): boolean {
  return settingValue(defaultPlace(distribution), answers, 'disable-etcd') === 'true';
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf('=');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}
