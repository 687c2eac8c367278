import { fail, ok, type Result } from '../domain/failure.ts';
import { runningInstead } from '../domain/fitness.ts';
import { checkUpgrade } from '../engine/upgrade.ts';
import type { Invocation } from '../flags.ts';
import { createRedactor } from '../journal/redactor.ts';
import { upgradeExit, upgradeJson, upgradeText } from '../report/index.ts';
import { type ConnectorOptions, createConnector } from '../transport/ssh.ts';
import { createWorkstation } from '../transport/workstation.ts';
import { complain } from './complain.ts';
import { nobody, readProfile } from './named-profile.ts';
import { namedNodes } from './nodes.ts';
import { sshOptions } from './services.ts';
import { expectShortLife } from './short-lived.ts';
import { warnOfMachines } from './warn-machines.ts';

const renders = { text: upgradeText, json: upgradeJson } as const;

/** Says what would break on the version that --upgrade-to names; nothing is changed and nobody is asked anything. */
export async function runUpgradeCheck(
  invocation: Invocation,
  ssh: ConnectorOptions = sshOptions(invocation),
): Promise<number> {
  expectShortLife();
  const wanted = await readWanted(invocation);
  if (!wanted.ok) return complain(wanted.failure);
  const { cluster, nodes, to, render } = wanted.value;
  const chosen = await readProfile(invocation);
  if (!chosen.ok) return complain(chosen.failure);
  const { profiles } = chosen.value;
  let { profile } = chosen.value;
  const redactor = createRedactor();
  const connector = createConnector({ ...ssh, onSecret: redactor.add });
  const others = profiles.map((p) => p.distribution);
  const forks = Number(invocation.values.get('forks')?.[0] ?? 16);
  const workstation = createWorkstation({ readOnly: true });
  const ask = () =>
    checkUpgrade({ profile, others, to, nodes, connector, workstation, forks, answerer: nobody });
  let upgrade = await ask();
  // Nobody said which distribution: where every node runs another one, that one counts.
  const other = invocation.values.has('distribution') ? undefined : runningInstead(upgrade.nodes, profiles);
  if (other) {
    profile = other;
    upgrade = await ask();
  }
  warnOfMachines(upgrade.nodes);
  process.stdout.write(render({ upgrade: redactor.redact(upgrade), profile, cluster }));
  return upgradeExit(upgrade);
}

async function readWanted(invocation: Invocation) {
  const value = (name: string): string | undefined => invocation.values.get(name)?.[0];
  const named = await namedNodes(invocation);
  if (!named.ok) return named;
  if (named.value.nodes.length === 0) return usage('check needs nodes: give --node or --inventory.');
  const alien = ['benchmark', 'level'].find((flag) => invocation.values.has(flag));
  if (alien) return usage(`--${alien} does not go with --upgrade-to, which asks no control; leave it out.`);
  const format = value('format') ?? 'text';
  if (format !== 'text' && format !== 'json')
    return usage(`--format ${format}: for check it is text or json.`);
  const to = (value('upgrade-to') ?? '').replace(/^v?/, 'v');
  return ok({ ...named.value, to, render: renders[format] });
}

function usage(message: string): Result<never> {
  return fail({ code: 'usage', message });
}
