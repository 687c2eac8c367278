import type { Deed } from '../domain/ports.ts';
import { isCanonicalUnit, startCanonical, stopCanonical } from './canonical.ts';
import { performChange } from './change.ts';
import { performHold, performRelease } from './hold.ts';
import { type Performed, refused } from './performed.ts';
import { startUnit, stopUnit } from './rke2.ts';
import { type LabCluster, type LabNode, type ReadYaml, withNode } from './state.ts';
import { performUndo } from './take-back.ts';
import { plainName, unitOf } from './unit.ts';

/** What a deed does to a lab cluster, at a moment in seconds since 1970, and what is reported of it. */
export function performDeed(
  cluster: LabCluster,
  name: string,
  deed: Deed,
  now: number,
  readYaml: ReadYaml,
): Performed {
  const node = cluster.nodes[name];
  if (!node) return refused(cluster, { code: 'lab-cannot', what: `a node called ${name}` });
  switch (deed.kind) {
    case 'change':
      return performChange(cluster, node, deed.change, now, readYaml);
    case 'undo':
      return performUndo(cluster, node, deed.change, deed.force);
    case 'restart':
    case 'start':
    case 'stop':
      return performUnit(cluster, node, deed.kind, deed.unit, now, readYaml);
    case 'make-cluster':
      return refused(cluster, { code: 'lab-cannot', what: deed.words.join(' ') });
    case 'lock': {
      const other = node.lock !== undefined && node.lock !== deed.holder;
      if (other && !deed.take) return refused(cluster, { code: 'locked', node: name, holder: node.lock });
      return done(withNode(cluster, { ...node, lock: deed.holder }));
    }
    case 'unlock': {
      if (node.lock === undefined) return done(cluster);
      if (node.lock !== deed.holder)
        return refused(cluster, { code: 'locked', node: name, holder: node.lock });
      const { lock: _, ...free } = node;
      return done(withNode(cluster, free));
    }
    case 'hold':
      return performHold(cluster, node, deed.kubectl, deed.hold, deed.over);
    case 'release':
      return performRelease(cluster, node, deed.kubectl, deed.holder);
  }
}

function performUnit(
  cluster: LabCluster,
  node: LabNode,
  verb: 'restart' | 'start' | 'stop',
  name: string,
  now: number,
  readYaml: ReadYaml,
): Performed {
  const unit = unitOf(node, name);
  const full = `${plainName(name)}.service`;
  if (!unit) return systemctlRefuses(cluster, verb, 5, `Unit ${full} not found.`, full);
  const canonical = isCanonicalUnit(name);
  if (!canonical && !/^rke2-(server|agent)$/.test(plainName(name)))
    return refused(cluster, { code: 'lab-cannot', what: `systemctl ${verb} ${full}` });
  const stopped = (canonical ? stopCanonical : stopUnit)(cluster, node.name, name, now);
  if (verb === 'stop') return done(stopped);
  if (unit.enabled === 'masked') return systemctlRefuses(cluster, verb, 1, `Unit ${full} is masked.`, full);
  if (verb === 'start' && unit.active === 'active') return done(cluster);
  return done((canonical ? startCanonical : startUnit)(stopped, node.name, name, now, readYaml));
}

function systemctlRefuses(
  cluster: LabCluster,
  verb: string,
  exit: number,
  why: string,
  unit: string,
): Performed {
  const message = `systemctl ${verb} was refused (exit ${exit}): Failed to ${verb} ${unit}: ${why}`;
  return refused(cluster, { code: 'refused', message });
}

function done(cluster: LabCluster): Performed {
  return { cluster, report: { kind: 'done', output: [] } };
}
