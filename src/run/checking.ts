import type { Benchmark, Profile } from '../domain/control.ts';
import type { Event, NodeAddress, Recorded } from '../domain/event.ts';
import type { Result } from '../domain/failure.ts';
import { newestFor, runningInstead } from '../domain/fitness.ts';
import type { Connector } from '../domain/ports.ts';
import { replay } from '../domain/replay.ts';
import type { Session } from '../domain/session.ts';
import { inRange, parseVersion } from '../domain/version.ts';
import type { Waiver } from '../domain/waiver.ts';
import { check } from '../engine/check.ts';
import type { Invocation } from '../flags.ts';
import type { Redactor } from '../journal/redactor.ts';
import { checks, exitCode } from '../report/index.ts';
import { createWorkstation, kubeconfigBeside } from '../transport/workstation.ts';
import { complain } from './complain.ts';
import { namedBenchmark, namedTrouble, nobody } from './named-profile.ts';
import { operator, version } from './program.ts';
import type { Reviewing } from './reviewing.ts';
import { newSessionId } from './services.ts';
import { waiversPath } from './waivers.ts';
import { warnOfMachines } from './warn-machines.ts';

/** What the command line asks to be checked, and how. */
export type Checking = {
  readonly invocation: Invocation;
  readonly cluster: string;
  readonly nodes: readonly NodeAddress[];
  readonly level: 1 | 2;
  readonly forks: number;
  readonly format: keyof typeof checks;
  readonly profiles: readonly Profile[];
  readonly profile: Profile;
  readonly benchmark: Benchmark;
  readonly connector: Connector;
  readonly redactor: Redactor;
  readonly waivers: readonly Waiver[];
  /** Has everything that is open planned too, and prints what comes of it in the place of the verdicts, or after them. */
  readonly reviewing?: Reviewing;
};

/** Asks, judges and prints; what the nodes run instead of what was assumed is asked once more. Gives the exit code. */
export async function checkAndPrint(of: Checking): Promise<number> {
  const { invocation, cluster, nodes, forks, profiles, connector, redactor } = of;
  let { profile, benchmark } = of;
  const [trouble] = invocation.values.get('trouble') ?? [];
  const level = trouble === undefined ? of.level : 2;
  const [file] = invocation.values.get('template') ?? [];
  const servers = invocation.values.has('rancher')
    ? await (await import('./rancher.ts')).openRancher(invocation, redactor.add)
    : undefined;
  const url = servers?.start;
  let records: Recorded[] = [];
  const record = async (event: Event): Promise<void> => {
    records.push({ at: new Date().toISOString(), event: redactor.redact(event) });
  };
  let closed: Promise<unknown> | undefined;
  const run = async (): Promise<Session> => {
    await closed;
    records = [];
    of.reviewing?.begin();
    await record({
      kind: 'session-started',
      id: newSessionId(new Date()),
      program: `k8s-harden ${version()}`,
      operator: operator(),
      readOnly: true,
      lab: false,
    });
    if (of.waivers.length > 0)
      await record({ kind: 'waivers-read', file: waiversPath(invocation), waivers: of.waivers });
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
      connector,
      workstation: createWorkstation({
        readOnly: true,
        ...(file ? { kubeconfig: kubeconfigBeside(file) } : {}),
      }),
      ...(url === undefined || !servers
        ? {}
        : { rancher: { target: servers.target(url, true), words: servers.words(url) } }),
      ...(of.reviewing ? { review: of.reviewing.reviewer(benchmark) } : {}),
      forks,
      answerer: nobody,
      record,
    }));
    return replay(records);
  };
  let session = await run();
  const other = runningInstead(session.nodes, profiles);
  const [named] = invocation.values.get('distribution') ?? [];
  if (other && named !== undefined && of.reviewing) {
    await closed;
    const { id, title } = other.distribution;
    const message = `--distribution ${named}: the nodes run ${title}. Use --distribution ${id}.`;
    return complain({ code: 'usage', message });
  }
  // Nobody said which distribution: where every node runs another one, that one counts.
  if (other && named === undefined) {
    const same = sameOf(other, invocation);
    if (!same.ok) {
      await closed;
      return complain(same.failure);
    }
    profile = other;
    benchmark = same.value;
    session = await run();
  }
  // Nobody said which benchmark: where the first does not fit what the nodes run and another does, that one counts.
  const better =
    invocation.values.has('benchmark') || trouble !== undefined
      ? undefined
      : betterBenchmark(session, profile, benchmark);
  if (better) {
    benchmark = better;
    session = await run();
  }
  warnOfMachines(session.nodes);
  const verdicts = checks[of.format]({ session, records, profile, chain: 'not ended' });
  process.stdout.write(of.reviewing ? of.reviewing.print(session, verdicts) : verdicts);
  await closed;
  return exitCode(session, profile);
}

/** What the command line names, of another distribution: its trouble, its benchmark, else its first benchmark. */
function sameOf(other: Profile, { values }: Invocation): Result<Benchmark> {
  const [trouble] = values.get('trouble') ?? [];
  if (trouble !== undefined) return namedTrouble(other, trouble);
  const name = values.get('benchmark')?.[0] ?? other.benchmarks[0]?.id ?? '';
  return namedBenchmark(other, name, `the nodes run ${other.distribution.title}, and for it `);
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
