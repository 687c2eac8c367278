import type { Control, Impact } from '../domain/control.ts';
import { type Distribution, fillWords, type Role } from '../domain/distribution.ts';
import { servicesOf } from './services-of.ts';

/** One or two words for what applying a control does beyond its own files; the filter finds them. */
export function impactWord(impact: Impact): string {
  switch (impact) {
    case 'none':
      return 'no restart';
    case 'traffic':
      return 'cuts traffic';
    case 'pod-start':
      return 'pods at risk';
    case 'service-restart':
      return 'restart';
    case 'pod-eviction':
      return 'pods refused';
    case 'reboot':
      return 'reboot';
    case 'irreversible':
      return 'no way back';
  }
}

/** The same as a sentence: its own, or that of its impact. What stands in the cluster's own file takes effect by the command that makes the cluster from it. */
export function impactSentence(
  control: Pick<Control, 'impact' | 'target' | 'risk'> & Partial<Pick<Control, 'wants'>>,
  distribution?: Pick<Distribution, 'clusterFile' | 'argumentFiles' | 'words'>,
): string {
  const { impact, target, risk } = control;
  if (risk !== undefined) return risk;
  switch (impact) {
    case 'none':
      return 'Nothing restarts, and no pod is touched.';
    case 'traffic':
      return 'MAY CUT TRAFFIC: connections that no rule lets through are cut at once. Nothing restarts.';
    case 'pod-start':
      return 'PODS MAY FAIL when they are next created: those that need what this takes away. Those that run go on, and nothing restarts.';
    case 'service-restart':
      if (target === 'workstation')
        return 'Takes effect when the command that makes the cluster from this file has run. That is a step of its own, later; it makes components of every node anew.';
      if (distribution?.clusterFile) {
        const { apply } = distribution.clusterFile;
        const path = fillWords(distribution.clusterFile.path, distribution.words);
        return `Takes effect when ${apply.slice(0, 2).join(' ')} has run with the changed ${path}; it makes components of every node anew.`;
      }
      if (distribution?.argumentFiles)
        return `Takes effect after a restart of ${servicesOf(control).join(' and ') || 'the component that reads it'}. That restart is a step of its own, later, one node at a time.`;
      return 'Takes effect after a restart of the node service. That restart is a step of its own, later, one server at a time.';
    case 'pod-eviction':
      return 'PODS MAY BE EVICTED, or refused when they are next created.';
    case 'reboot':
      return 'Takes effect after a reboot of the node, which this program never does by itself.';
    case 'irreversible':
      return 'CANNOT BE UNDONE. Take a snapshot first.';
  }
}

/** `1 node`, `3 nodes`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `cp-1`, `cp-1 and cp-2`, `cp-1, cp-2 and 3 more`. */
export function someOf(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names[0] ?? 'none';
  if (names.length <= most) return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;
}

/** How long ago something was, or at what time where the clock cannot tell. */
export function age(at: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(at)) / 1000);
  if (!(seconds >= 0)) return at.slice(11, 16);
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${count(Math.floor(seconds / 86_400), 'day')} ago`;
}

/** The roles of a control or node as people say them. */
export function rolesWord(roles: readonly Role[]): string {
  const words = roles.map((r) => (r === 'etcd' ? 'etcd nodes' : `${r}s`));
  return words.length === 0 ? 'no role' : someOf(words);
}

/** A sentence with its full stop, whether it came with one or not. */
export function stopped(sentence: string): string {
  return /[.!?:…]$/.test(sentence.trimEnd()) ? sentence : `${sentence}.`;
}
