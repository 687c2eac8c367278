import type { Benchmark, Profile } from '../domain/control.ts';
import type { Event, NodeAddress, Recorded } from '../domain/event.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { newestFor, runningInstead } from '../domain/fitness.ts';
import { replay } from '../domain/replay.ts';
import type { Session } from '../domain/session.ts';
import { troubleId } from '../domain/trouble.ts';
import { inRange, parseVersion } from '../domain/version.ts';
import { check, connectMs, speakerOf } from '../engine/check.ts';
import type { Invocation } from '../flags.ts';
import { createRedactor } from '../journal/redactor.ts';
import { checks, exitCode } from '../report/index.ts';
import { type ConnectorOptions, createConnector } from '../transport/ssh.ts';
import { createWorkstation, kubeconfigBeside } from '../transport/workstation.ts';
import { complain } from './complain.ts';
import { connectEarly } from './early.ts';
import { namedNodes } from './nodes.ts';
import { operator, version } from './program.ts';
import { loadProfiles, newSessionId, sshOptions } from './services.ts';

/** Asks every control on the named nodes and prints the verdicts; nothing is changed and nobody is asked anything. */
export async function runCheck(
  invocation: Invocation,
  ssh: ConnectorOptions = sshOptions(invocation),
): Promise<number> {
  const wanted = await readWanted(invocation);
  if (!wanted.ok) return complain(wanted.failure);
  const { nodes, cluster, render, forks } = wanted.value;
  const [trouble] = invocation.values.get('trouble') ?? [];
  const level = trouble === undefined ? wanted.value.level : 2;
  const redactor = createRedactor();
  const early = connectEarly(createConnector({ ...ssh, onSecret: redactor.add }), speakerOf(nodes), {
    readOnly: true,
    deadlineMs: connectMs,
    answerer: nobody,
  });
  const chosen = await readProfile(invocation);
  if (!chosen.ok) {
    await early.abandon();
    return complain(chosen.failure);
  }
  const { profiles } = chosen.value;
  let { profile } = chosen.value;
  const [file] = invocation.values.get('template') ?? [];
  const servers = invocation.values.has('rancher')
    ? await (await import('./rancher.ts')).openRancher(invocation, redactor.add)
    : undefined;
  const url = servers?.start;
  let { benchmark } = chosen.value;
  let records: Recorded[] = [];
  const record = async (event: Event): Promise<void> => {
    records.push({ at: new Date().toISOString(), event: redactor.redact(event) });
  };
  let closed: Promise<unknown> | undefined;
  const run = async (): Promise<void> => {
    await closed;
    await record({
      kind: 'session-started',
      id: newSessionId(new Date()),
      program: `k8s-harden ${version()}`,
      operator: operator(),
      readOnly: true,
      lab: false,
    });
    if (trouble !== undefined) await record({ kind: 'purpose-chosen', purpose: 'repair' });
    await record({ kind: 'distribution-chosen', distribution: profile.distribution.id });
    if (trouble === undefined) await record({ kind: 'benchmark-chosen', benchmark: benchmark.id, level });
    else await record({ kind: 'trouble-chosen', trouble: benchmark.id });
    await record({ kind: 'nodes-set', cluster, nodes });
    if (url !== undefined) await record({ kind: 'rancher-named', url });
    ({ closed } = await check({
      profile,
      others: profiles.map((p) => p.distribution),
      benchmark,
      level,
      nodes,
      connector: early.connector,
      workstation: createWorkstation({
        readOnly: true,
        ...(file ? { kubeconfig: kubeconfigBeside(file) } : {}),
      }),
      ...(url === undefined || !servers
        ? {}
        : { rancher: { target: servers.target(url, true), words: servers.words(url) } }),
      forks,
      answerer: nobody,
      record,
    }));
  };
  await run();
  // Nobody said which distribution: where every node runs another one, that one counts.
  const other = ['distribution', 'benchmark'].some((flag) => invocation.values.has(flag))
    ? undefined
    : runningInstead(replay(records).nodes, profiles);
  if (other) {
    const same = trouble === undefined ? ok(other.benchmarks[0] ?? benchmark) : namedTrouble(other, trouble);
    if (!same.ok) return complain(same.failure);
    profile = other;
    benchmark = same.value;
    records = [];
    await run();
  }
  // Nobody said which benchmark: where the first does not fit what the nodes run and another does, that one counts.
  const better =
    invocation.values.has('benchmark') || trouble !== undefined
      ? undefined
      : betterBenchmark(replay(records), profile, benchmark);
  if (better) {
    benchmark = better;
    records = [];
    await run();
  }
  const session = replay(records);
  process.stdout.write(render({ session, records, profile, chain: 'not ended' }));
  await closed;
  return exitCode(session, profile);
}

/** The benchmark that fits the version of every node that was reached, when the one used fits none of them. */
function betterBenchmark(session: Session, profile: Profile, used: Benchmark): Benchmark | undefined {
  const reached = session.nodes.flatMap((n) => {
    const version = parseVersion(n.facts?.version ?? '');
    return version ? [version] : [];
  });
  if (reached.length === 0 || reached.some((v) => inRange(v, used.kubernetes))) return undefined;
  return newestFor(profile.benchmarks, reached);
}

/** Answers no question: nobody is there. */
export const nobody = async (): Promise<undefined> => undefined;

type Wanted = {
  readonly cluster: string;
  readonly nodes: readonly NodeAddress[];
  readonly level: 1 | 2;
  readonly forks: number;
  readonly render: (typeof checks)[keyof typeof checks];
};

async function readWanted(invocation: Invocation): Promise<Result<Wanted>> {
  const value = (name: string): string | undefined => invocation.values.get(name)?.[0];
  const named = await namedNodes(invocation);
  if (!named.ok) return named;
  if (named.value.nodes.length === 0) return usage('check needs nodes: give --node or --inventory.');
  const format = value('format') ?? 'text';
  if (format !== 'text' && format !== 'json')
    return usage(`--format ${format}: for check it is text or json.`);
  const alien = ['benchmark', 'level'].find((flag) => value('trouble') && invocation.values.has(flag));
  if (alien) return usage(`--trouble has checks of its own; leave out --${alien}.`);
  const level = value('level') === '2' ? 2 : 1;
  return ok({ ...named.value, level, forks: Number(value('forks') ?? 16), render: checks[format] });
}

/** The trouble of a distribution that the command line names. */
function namedTrouble({ distribution, troubles = [] }: Profile, name: string): Result<Benchmark> {
  const trouble = troubles.find(({ id }) => id === troubleId(name));
  if (trouble) return ok(trouble);
  const names = troubles.map(({ id }) => id.slice(troubleId('').length));
  return usage(
    `--trouble ${name}: for ${distribution.title} it is one of ${names.join(', ') || 'none, for there are none'}.`,
  );
}

/** The distribution and the benchmark or trouble that the command line names, else the first. */
export async function readProfile(invocation: Invocation): Promise<
  Result<{
    readonly profiles: readonly Profile[];
    readonly profile: Profile;
    readonly benchmark: Benchmark;
  }>
> {
  const value = (name: string): string | undefined => invocation.values.get(name)?.[0];
  const loaded = await loadProfiles(invocation);
  if (!loaded.ok) return loaded;
  const id = value('distribution') ?? 'rke2';
  const profile = loaded.value.find((p) => p.distribution.id === id);
  if (!profile)
    return usage(
      `--distribution ${id}: it is one of ${loaded.value.map((p) => p.distribution.id).join(', ')}.`,
    );
  const wanted = value('benchmark');
  const named = value('trouble');
  if (named !== undefined) {
    const trouble = namedTrouble(profile, named);
    return trouble.ok ? ok({ profiles: loaded.value, profile, benchmark: trouble.value }) : trouble;
  }
  const benchmark = wanted ? profile.benchmarks.find((b) => b.id === wanted) : profile.benchmarks[0];
  if (!benchmark)
    return usage(`--benchmark ${wanted}: it is one of ${profile.benchmarks.map((b) => b.id).join(', ')}.`);
  return ok({ profiles: loaded.value, profile, benchmark });
}

function usage<T>(message: string): Result<T> {
  return fail({ code: 'usage', message });
}
