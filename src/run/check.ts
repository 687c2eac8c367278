import type { NodeAddress } from '../domain/event.ts';
import { ok, type Result } from '../domain/failure.ts';
import { connectMs, speakerOf } from '../engine/speaker.ts';
import type { Invocation } from '../flags.ts';
import { createRedactor } from '../journal/redactor.ts';
import { type ConnectorOptions, createConnector } from '../transport/ssh.ts';
import { complain } from './complain.ts';
import { connectEarly } from './early.ts';
import { nobody, readProfile, usage } from './named-profile.ts';
import { namedNodes } from './nodes.ts';
import { sshOptions } from './services.ts';
import { waiversNow, waiversPath } from './waivers.ts';

/** Asks every control on the named nodes and prints the verdicts; nothing is changed and nobody is asked anything. */
export async function runCheck(
  invocation: Invocation,
  ssh: ConnectorOptions = sshOptions(invocation),
): Promise<number> {
  const wanted = await readWanted(invocation);
  if (!wanted.ok) return complain(wanted.failure);
  const waivers = await waiversNow(waiversPath(invocation));
  if (!waivers.ok) return complain(waivers.failure);
  const { nodes, format } = wanted.value;
  const [planFile] = invocation.values.get('plan') ?? [];
  const plan = planFile === undefined ? undefined : await (await import('./plan-file.ts')).loadPlan(planFile);
  if (plan && !plan.ok) return complain(plan.failure);
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
  // All else loads while the first server begins to answer.
  const { checkAndPrint } = await import('./checking.ts');
  const planning = invocation.command === 'plan';
  const reviewing =
    planning || plan
      ? (await import('./reviewing.ts')).reviewingFor(
          redactor,
          planning ? wanted.value.planAs : plan?.value,
          format,
        )
      : undefined;
  return checkAndPrint({
    invocation,
    ...wanted.value,
    ...chosen.value,
    connector: early.connector,
    redactor,
    waivers: waivers.value,
    ...(reviewing ? { reviewing } : {}),
  });
}

type Wanted = {
  readonly cluster: string;
  readonly nodes: readonly NodeAddress[];
  readonly level: 1 | 2;
  readonly forks: number;
  readonly format: 'text' | 'json';
  /** In which form a plan is wanted. */
  readonly planAs: 'markdown' | 'json';
};

async function readWanted(invocation: Invocation): Promise<Result<Wanted>> {
  const value = (name: string): string | undefined => invocation.values.get(name)?.[0];
  const named = await namedNodes(invocation);
  if (!named.ok) return named;
  const { command } = invocation;
  if (named.value.nodes.length === 0) {
    // Whoever only wants to know the names of the troubles has no nodes yet.
    const trouble = value('trouble') === undefined ? undefined : await readProfile(invocation);
    return trouble && !trouble.ok ? trouble : usage(`${command} needs nodes: give --node or --inventory.`);
  }
  const plain = command === 'plan' ? 'markdown' : 'text';
  const format = value('format') ?? plain;
  if (format !== plain && format !== 'json')
    return usage(`--format ${format}: for ${command} it is ${plain} or json.`);
  if (value('plan') && value('trouble')) return usage('--plan is for hardening; leave out --trouble.');
  const alien = ['benchmark', 'level'].find((flag) => value('trouble') && invocation.values.has(flag));
  if (alien) return usage(`--trouble has checks of its own; leave out --${alien}.`);
  const level = value('level') === '2' ? 2 : 1;
  return ok({
    ...named.value,
    level,
    forks: Number(value('forks') ?? 16),
    format: format === 'json' ? 'json' : 'text',
    planAs: format === 'json' ? 'json' : 'markdown',
  });
}
