import { log, rke2Line, roleOf, title } from './journal.ts';
import { preflight } from './rke2-checks.ts';
import { oneValue } from './rke2-config.ts';
import { configOf, finishStart, withoutKubelet } from './rke2-finish.ts';
import { type LabCluster, type ReadYaml, withNode } from './state.ts';
import { plainName, unitOf, withUnit } from './unit.ts';

/** Seconds of lab time: until a start comes to its end, and until a refused one is tried again. */
const startSeconds = 2;
const retrySeconds = 5;

/** A cluster after a unit of RKE2 was stopped: its kubelet goes, the containers stay. */
export function stopUnit(cluster: LabCluster, name: string, unitName: string, now: number): LabCluster {
  const node = cluster.nodes[name];
  const unit = node && unitOf(node, unitName);
  if (!node || !unit || unit.active === 'inactive') return cluster;
  const { due: _, ...rest } = unit;
  const stopped = withUnit(withoutKubelet(node), unitName, {
    ...rest,
    active: 'inactive',
    sub: 'dead',
    pid: 0,
    restarts: 0,
  });
  return withNode(cluster, log(stopped, unitName, now, `Stopped ${title(unitName)}.`));
}

/** A cluster in which a unit of RKE2 begins to start: refused at once in RKE2's words, or on its way. */
export function startUnit(
  cluster: LabCluster,
  name: string,
  unitName: string,
  now: number,
  readYaml: ReadYaml,
): LabCluster {
  const found = cluster.nodes[name];
  const unit = found && unitOf(found, unitName);
  if (!found || !unit) return cluster;
  const node = log(found, unitName, now, `Starting ${title(unitName)}...`);
  const role = roleOf(unitName);
  const config = configOf(node, role, readYaml);
  const refusal = typeof config === 'string' ? config : preflight(node, role, config);
  if (refusal !== undefined || typeof config === 'string') {
    const full = `${plainName(unitName)}.service`;
    const words = refusal ?? 'no configuration';
    const refused = [
      rke2Line(now, 'fatal', words),
      `${full}: Main process exited, code=exited, status=1/FAILURE`,
      `${full}: Failed with result 'exit-code'.`,
      `Failed to start ${title(unitName)}.`,
    ].reduce((at, text) => log(at, unitName, now, text), node);
    return withNode(
      cluster,
      withUnit(refused, unitName, {
        ...unit,
        active: 'activating',
        sub: 'auto-restart',
        result: 'exit-code',
        pid: 0,
        due: now + retrySeconds,
      }),
    );
  }
  const bare = oneValue(config, 'profile') === '';
  const said = bare ? log(node, unitName, now, rke2Line(now, 'warning', 'not running in CIS mode')) : node;
  const begun = log(said, unitName, now, rke2Line(now, 'info', `Starting rke2 ${node.version}`));
  // Another than the last, whenever that was: who watches a restart waits for it to differ.
  const pid = 1000 + (Math.floor(now * 10) % 60_000);
  return withNode(
    cluster,
    withUnit(begun, unitName, {
      ...unit,
      active: 'activating',
      sub: 'start',
      result: 'success',
      pid,
      due: now + startSeconds,
    }),
  );
}

/** A cluster at a later moment: starts that were on their way have come to their end, refused ones were tried again. */
export function advance(cluster: LabCluster, now: number, readYaml: ReadYaml): LabCluster {
  let next = cluster;
  for (let first = earliest(next, now); first; first = earliest(next, now)) {
    const { node, unitName, due } = first;
    const unit = node.units[unitName];
    if (!unit) break;
    if (unit.sub === 'auto-restart') {
      const restarts = unit.restarts + 1;
      const text = `${unitName}.service: Scheduled restart job, restart counter is at ${restarts}.`;
      const again = log(withUnit(node, unitName, { ...unit, restarts }), unitName, due, text);
      next = startUnit(withNode(next, again), node.name, unitName, due, readYaml);
    } else {
      const finished = finishStart(next, node, unitName, due, readYaml);
      next = finished ?? startUnit(next, node.name, unitName, due, readYaml);
    }
  }
  return next;
}

function earliest(cluster: LabCluster, now: number) {
  return Object.values(cluster.nodes)
    .flatMap((node) =>
      Object.entries(node.units).flatMap(([unitName, { due }]) =>
        due !== undefined && due <= now ? [{ node, unitName, due }] : [],
      ),
    )
    .sort((a, b) => a.due - b.due)[0];
}
