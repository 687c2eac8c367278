import type { Benchmark, Profile } from '../domain/control.ts';
import type { Event, Recorded } from '../domain/event.ts';
import { type Failure, fail, ok, type Result, word } from '../domain/failure.ts';
import { replay } from '../domain/replay.ts';
import { check } from '../engine/check.ts';
import type { Invocation } from '../flags.ts';
import { createRedactor } from '../journal/redactor.ts';
import { checks, exitCode } from '../report/index.ts';
import { createConnector } from '../transport/ssh.ts';
import { createWorkstation } from '../transport/workstation.ts';
import { exits } from './exits.ts';
import { namedNodes } from './nodes.ts';
import { operator, version } from './program.ts';
import { loadProfiles, newSessionId, sshOptions } from './services.ts';

/** Asks every control on the named nodes and prints the verdicts; nothing is changed and nobody is asked anything. */
export async function runCheck(invocation: Invocation): Promise<number> {
  const input = await readInput(invocation);
  if (!input.ok) return complain(input.failure);
  const { profile, benchmark, level, nodes, cluster, render } = input.value;
  const redactor = createRedactor();
  const records: Recorded[] = [];
  const record = async (event: Event): Promise<void> => {
    records.push({ at: new Date().toISOString(), event: redactor.redact(event) });
  };
  await record({
    kind: 'session-started',
    id: newSessionId(new Date()),
    program: `k8s-harden ${version()}`,
    operator: operator(),
    readOnly: true,
    lab: false,
  });
  await record({ kind: 'distribution-chosen', distribution: profile.distribution.id });
  await record({ kind: 'benchmark-chosen', benchmark: benchmark.id, level });
  await record({ kind: 'nodes-set', cluster, nodes });
  await check({
    profile,
    benchmark,
    level,
    nodes,
    connector: createConnector({ ...sshOptions(invocation), onSecret: redactor.add }),
    workstation: createWorkstation({ readOnly: true }),
    forks: Number(invocation.values.get('forks')?.[0] ?? 16),
    answerer: async () => undefined,
    record,
  });
  const session = replay(records);
  process.stdout.write(render({ session, records, profile, chain: 'not ended' }));
  return exitCode(session, profile);
}

type Input = {
  readonly profile: Profile;
  readonly benchmark: Benchmark;
  readonly level: 1 | 2;
  readonly cluster: string;
  readonly nodes: readonly import('../domain/event.ts').NodeAddress[];
  readonly render: (typeof checks)[keyof typeof checks];
};

async function readInput(invocation: Invocation): Promise<Result<Input>> {
  const value = (name: string): string | undefined => invocation.values.get(name)?.[0];
  const usage = (message: string): Result<Input> => fail({ code: 'usage', message });
  const named = await namedNodes(invocation);
  if (!named.ok) return named;
  if (named.value.nodes.length === 0) return usage('check needs nodes: give --node or --inventory.');
  const format = value('format') ?? 'text';
  if (format !== 'text' && format !== 'json')
    return usage(`--format ${format}: for check it is text or json.`);
  const level = Number(value('level') ?? 1);
  if (level !== 1 && level !== 2) return usage(`--level ${value('level')}: it is 1 or 2.`);
  const loaded = await loadProfiles(invocation);
  if (!loaded.ok) return loaded;
  const id = value('distribution') ?? 'rke2';
  const profile = loaded.value.find((p) => p.distribution.id === id);
  if (!profile)
    return usage(
      `--distribution ${id}: it is one of ${loaded.value.map((p) => p.distribution.id).join(', ')}.`,
    );
  const wanted = value('benchmark');
  const benchmark = wanted ? profile.benchmarks.find((b) => b.id === wanted) : profile.benchmarks[0];
  if (!benchmark)
    return usage(`--benchmark ${wanted}: it is one of ${profile.benchmarks.map((b) => b.id).join(', ')}.`);
  return ok({
    profile,
    benchmark,
    level,
    cluster: named.value.cluster,
    nodes: named.value.nodes,
    render: checks[format],
  });
}

function complain(failure: Failure): number {
  const { sentence, hint } = word(failure);
  process.stderr.write(`k8s-harden: ${sentence}\n${hint}\n`);
  return exits.usage;
}
