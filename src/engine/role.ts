import { known, type Read, unread } from '../domain/answer.ts';
import { type Container, readContainer } from '../domain/container.ts';
import type { Containers, Distribution, Role } from '../domain/distribution.ts';
import type { NodeFacts } from '../domain/event.ts';
import { readStat, readUnit } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { flagValue } from '../resources/flags.ts';

/** The roles of a node but for etcd; why they are not known, where something stood in the way. */
type RolesFound = { readonly roles: readonly Role[]; readonly unread?: string };

/** What must be asked to tell a node's role: its units, and the files that tell it where the distribution names some. */
export function roleQuestions({ units, roleFiles, containers }: Distribution): readonly Question[] {
  if (containers) return namesOf(containers).map((name): Question => ({ kind: 'container', name }));
  return [
    { kind: 'unit', name: units.server },
    { kind: 'unit', name: units.agent },
    ...Object.values(roleFiles ?? {}).map((path): Question => ({ kind: 'stat', path })),
  ];
}

/** Which role a node has, by its files where the distribution names some, else by its units, else as it was declared. */
export function rolesFound(
  distribution: Distribution,
  answers: Answers,
  declared: Role | undefined,
): RolesFound {
  // What only runs etcd is a server of which parts are switched off.
  const said: readonly Role[] = declared === 'etcd' ? ['server'] : declared ? [declared] : [];
  if (distribution.containers) return byContainers(distribution.containers, answers, declared);
  return distribution.roleFiles
    ? byFiles(distribution.roleFiles, distribution.units.server, answers, said)
    : byUnits(distribution, answers, said);
}

/** The version in the image of the first mark, where all marks are there. */
export function versionInImage(containers: Containers, answers: Answers): string | undefined {
  const marks = containers.marks.map((name) => containerIn(answers, name));
  if (!marks.every((mark) => mark.known && mark.value !== undefined)) return undefined;
  const [first] = marks;
  const image = first?.known ? (first.value?.image ?? '') : '';
  return new RegExp(containers.image).exec(image)?.[1];
}

/** What the cluster calls a node and where it reaches it, as the container of its node agent was told. */
export function calledInContainer(
  { marks: [agent = ''] }: Containers,
  answers: Answers,
): Pick<NodeFacts, 'nodeName' | 'address'> {
  const found = containerIn(answers, agent);
  const args = found.known ? (found.value?.args ?? []) : [];
  const nodeName = flagValue(args, 'hostname-override');
  const address = flagValue(args, 'node-ip');
  return { ...(nodeName ? { nodeName } : {}), ...(address ? { address } : {}) };
}

/** Whether the file that shows etcd on a server is there. */
export function etcdFound(path: string, answers: Answers): Read<boolean> {
  const stat = readStat(answerTo(answers, { kind: 'stat', path }), path);
  return stat.known ? known(stat.value !== undefined) : unread(stat.reason);
}

/** Files of both roles may be there, for one of them was left behind: what only a server runs tells which. */
function byFiles(
  { server, agent }: NonNullable<Distribution['roleFiles']>,
  unit: string,
  answers: Answers,
  said: readonly Role[],
): RolesFound {
  const serves = readUnit(answerTo(answers, { kind: 'unit', name: unit }), unit);
  const isServer = readStat(answerTo(answers, { kind: 'stat', path: server }), server);
  if (isServer.known && isServer.value && serves.known && isAlive(serves.value)) return { roles: ['server'] };
  for (const [role, path] of [['agent', agent] as const, ['server', server] as const]) {
    const stat = readStat(answerTo(answers, { kind: 'stat', path }), path);
    if (!stat.known) return { roles: said, unread: `its role is not known: ${stat.reason}` };
    if (stat.value) return { roles: [role] };
  }
  return { roles: said };
}

/** By the containers that are there, whether they run or not; where none of the distribution is, as it was declared. */
function byContainers(containers: Containers, answers: Answers, declared: Role | undefined): RolesFound {
  const said: readonly Role[] = declared ? [declared] : [];
  const there = (name: string): boolean => {
    const found = containerIn(answers, name);
    return found.known && found.value !== undefined;
  };
  const unread = namesOf(containers)
    .map((name) => containerIn(answers, name))
    .flatMap((found) => (found.known ? [] : [found.reason]))[0];
  if (unread !== undefined) return { roles: said, unread: `its role is not known: ${unread}` };
  if (!containers.marks.every(there)) return { roles: said };
  const roles: readonly Role[] = [
    ...(there(containers.server) ? (['server'] as const) : []),
    ...(there(containers.etcd) ? (['etcd'] as const) : []),
  ];
  return { roles: roles.length > 0 ? roles : ['agent'] };
}

function namesOf({ marks, server, etcd }: Containers): readonly string[] {
  return [...new Set([...marks, server, etcd])];
}

function containerIn(answers: Answers, name: string): Read<Container | undefined> {
  return readContainer(answerTo(answers, { kind: 'container', name }), name);
}

/**
 * A unit that runs decides; with none running, the one that is enabled; else what the operator declared, for the host is
 * prepared before the distribution is installed. While a unit could not be read, only one that runs decides.
 */
function byUnits({ units: names }: Distribution, answers: Answers, said: readonly Role[]): RolesFound {
  const read = (name: string) => readUnit(answerTo(answers, { kind: 'unit', name }), name);
  const units = [
    { role: 'server', state: read(names.server) },
    { role: 'agent', state: read(names.agent) },
  ] as const;
  const first = (key: string, holds: (value: string) => boolean) =>
    units.find(({ state }) => state.known && holds(state.value.get(key) ?? ''))?.role;
  const runs = units.find(({ state }) => state.known && isAlive(state.value))?.role;
  if (runs) return { roles: [runs] };
  const unread = units.flatMap(({ state }) => (state.known ? [] : [state.reason]))[0];
  if (unread !== undefined) return { roles: said, unread: `its role is not known: ${unread}` };
  const enabled = first('UnitFileState', (value) => value.startsWith('enabled'));
  return { roles: enabled ? [enabled] : said };
}

function isAlive(unit: ReadonlyMap<string, string>): boolean {
  return ['active', 'activating', 'reloading'].includes(unit.get('ActiveState') ?? '');
}
