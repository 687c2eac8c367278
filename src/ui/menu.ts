import { inRange, parseVersion, type Version } from '../domain/version.ts';
import type { AppState } from '../store/state.ts';
import { count, rangeWords } from './words.ts';

/** One line of a first menu. */
export type MenuItem = { readonly id: string; readonly label: string; readonly about: string };

/** What the start screen offers. */
export function startMenu(state: AppState): readonly MenuItem[] {
  const open = state.sessions.filter((s) => !s.ended || s.unfinished > 0);
  const waiting = open.reduce((sum, s) => sum + s.unfinished, 0);
  const running = state.session.id !== '' && state.session.ended === undefined;
  return [
    ...(running
      ? [
          {
            id: 'go-on',
            label: 'Go on with this session',
            about: 'It is open; every other line here ends it first. It stays on record and can be resumed.',
          },
        ]
      : []),
    {
      id: 'harden',
      label: 'Harden a cluster',
      about: 'Nothing changes before you have seen it and said yes.',
    },
    {
      id: 'read-only',
      label: 'Look at a cluster, read-only',
      about: 'The same, but no change can be sent to any node.',
    },
    ...(open.length > 0
      ? [
          {
            id: 'resume',
            label: 'Resume a session',
            about:
              waiting > 0
                ? `${count(waiting, 'change has', 'changes have')} no known end and should be looked at.`
                : `${count(open.length, 'session is', 'sessions are')} waiting where you left.`,
          },
        ]
      : []),
    ...(state.sessions.length > 0
      ? [
          {
            id: 'past',
            label: 'Read or undo a past session',
            about: `${count(state.sessions.length, 'session')} on record.`,
          },
        ]
      : []),
    {
      id: 'lab',
      label: 'Practise in the lab',
      about: 'A made-up cluster inside this program; nothing real is touched.',
    },
  ];
}

/** The distributions that have a profile. */
export function distributionMenu(state: AppState): readonly MenuItem[] {
  return state.profiles.map(({ distribution, benchmarks }) => ({
    id: distribution.id,
    label: distribution.title,
    about: distribution.notice ?? count(benchmarks.length, 'benchmark'),
  }));
}

/** Every benchmark of the distribution at each of its levels. */
export function benchmarkMenu(state: AppState): readonly MenuItem[] {
  const profile = state.profiles.find((p) => p.distribution.id === state.session.distribution);
  return (profile?.benchmarks ?? []).flatMap((b) => {
    const levels = new Set(b.items.map((item) => item.level));
    return ([1, 2] as const)
      .filter((level) => level === 1 || levels.has(level))
      .map((level) => ({
        id: `${b.id} ${level}`,
        label: `Level ${level}: ${b.title}`,
        about:
          `${b.title}. ${count(b.items.filter((i) => i.level <= level).length, 'item')}, Kubernetes ${rangeWords(b.kubernetes)}. ${fitness(state, b.kubernetes)}`.trim(),
      }));
  });
}

/** What is to be said about a benchmark's versions and those of the nodes that are known; empty when all is well. */
export function fitness(state: AppState, range: string): string {
  const versions = state.session.nodes.flatMap((n) => {
    const version = parseVersion(n.facts?.version ?? '');
    return version && !inRange(version, range) ? [version] : [];
  });
  const [odd] = versions;
  if (!odd) return '';
  const own = odd.join('.');
  const others = state.profiles.flatMap((p) => p.benchmarks).filter((b) => b.kubernetes !== range);
  return others.some((b) => inRange(odd, b.kubernetes))
    ? `The cluster runs ${own}, which is outside; another benchmark fits better.`
    : `The cluster runs ${own}; ${isNewer(odd, range) ? 'the newest benchmark we have is older' : 'no benchmark we have was written for it'}.`;
}

function isNewer(version: Version, range: string): boolean {
  const bounds = [...range.matchAll(/\d+\.\d+(?:\.\d+)?/g)].map((m) => parseVersion(m[0]) ?? [0, 0, 0]);
  return bounds.every((b) => version[0] > b[0] || (version[0] === b[0] && version[1] >= b[1]));
}
