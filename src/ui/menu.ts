import { type Benchmark, levelName, type Profile, selectControls } from '../domain/control.ts';
import { misfits, misfitWords, newerThanAll, newestFor } from '../domain/fitness.ts';
import { parseVersion, rangeWords } from '../domain/version.ts';
import { type AppState, chosen } from '../store/state.ts';
import { resumable } from './resumable.ts';
import { count } from './words.ts';

/** One line of a first menu. */
export type MenuItem = { readonly id: string; readonly label: string; readonly about: string };

/** How many changes of the sessions that can be resumed have no known end. */
export function unsettledChanges(state: AppState): number {
  return resumable(state).reduce((sum, s) => sum + s.unfinished, 0);
}

/** Whether a practice session is open, whose cluster ends with it. */
export function isPractice({ session, clusterGone }: AppState): boolean {
  return session.id !== '' && session.lab && session.ended === undefined && !clusterGone;
}

/** What the start screen offers. */
export function startMenu(state: AppState): readonly MenuItem[] {
  const open = resumable(state);
  const waiting = unsettledChanges(state);
  const running = state.session.id !== '' && state.session.ended === undefined;
  // Whoever comes back here out of the lab must not take its lines for more practice.
  const real = isPractice(state) ? ' of real nodes' : '';
  return [
    ...(running
      ? [
          {
            id: 'go-on',
            label: 'Go on with this session',
            about: state.session.lab
              ? 'It is open; every other line here asks, then ends it, and its practice cluster with it. The record stays.'
              : 'It is open; every other line here ends it first. It stays on record and can be resumed.',
          },
        ]
      : []),
    {
      id: 'harden',
      label: `Harden a cluster${real}`,
      about: 'Nothing changes before you have seen it and said yes.',
    },
    {
      id: 'read-only',
      label: `Look at a cluster${real}, read-only`,
      about: 'The same, but no change can be sent to any node.',
    },
    {
      id: 'repair',
      label: `Fix a broken cluster${real}`,
      about: 'From what you see to its cause and its cure. All evidence is read before anything is changed.',
    },
    ...(open.length > 0
      ? [
          {
            id: 'resume',
            label: 'Resume a session',
            about:
              waiting > 0
                ? 'What was announced last is named first: the node is asked how far it came, and it can be taken back.'
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

/** The distributions that have a profile: what was found on a node first, then what most is known of; what is at its end comes last. */
export function distributionMenu(state: AppState): readonly MenuItem[] {
  const rank = ({ distribution, benchmarks }: Profile): number =>
    (foundOn(state, distribution.id) ? 1000 : 0) - (distribution.endOfLife ? 500 : 0) + benchmarks.length;
  return state.profiles
    .toSorted((a, b) => rank(b) - rank(a))
    .map(({ distribution, benchmarks }) => ({
      id: distribution.id,
      label: distribution.title,
      about: [
        foundOn(state, distribution.id),
        distribution.endOfLife?.words ?? distribution.notice ?? `${count(benchmarks.length, 'benchmark')}.`,
      ]
        .filter(Boolean)
        .join(' '),
    }));
}

/** Where a distribution was found, and in which version; empty while it was not. */
function foundOn({ session }: AppState, id: string): string {
  const found = session.nodes.flatMap(({ name, facts }) => {
    if (facts?.instead?.distribution === id) return [`${name} runs ${facts.instead.version}`];
    return facts?.distribution === id && facts.version ? [`${name} runs ${facts.version}`] : [];
  });
  const [first] = found;
  if (first === undefined) return '';
  return `Found: ${first}${found.length > 1 ? `, and ${found.length - 1} more` : ''}.`;
}

/** Every benchmark of the distribution at each of its levels. */
export function benchmarkMenu(state: AppState): readonly MenuItem[] {
  const profile = state.profiles.find((p) => p.distribution.id === state.session.distribution);
  const fits = offered(state, profile);
  const first = fits?.benchmark;
  const sorted = profile?.benchmarks.toSorted((a, b) => Number(b === first) - Number(a === first)) ?? [];
  return sorted.flatMap((b) => {
    const levels = new Set(b.items.map((item) => item.level));
    return ([1, 2] as const)
      .filter((level) => level === 1 || levels.has(level))
      .map((level) => ({
        id: `${b.id} ${level}`,
        label: `${levelName(b, level)}: ${b.title}`,
        about:
          `${b.title}. ${count(b.items.filter((i) => i.level <= level).length, 'item')} in ${count(profile ? selectControls(profile, b, level).length : 0, 'control')}, Kubernetes ${rangeWords(b.kubernetes)}. ${b === first ? `${fits?.why}${beyond(state, profile)}` : fitness(state, b)}`.trim(),
      }));
  });
}

/** The benchmark to begin with, and why: the newest that fits every node whose version is known, or the newest while none is. */
function offered(
  { session }: AppState,
  profile: Profile | undefined,
): { readonly benchmark: Benchmark; readonly why: string } | undefined {
  const versions = session.nodes.flatMap(({ facts }) => {
    const version = parseVersion(facts?.version ?? '');
    return version ? [version] : [];
  });
  // A practice cluster is an old one on purpose, and its profile begins with what is for it.
  if (!profile || (versions.length === 0 && session.lab)) return undefined;
  const benchmark = newestFor(profile.benchmarks, versions);
  const why =
    versions.length > 0
      ? 'The newest that fits what the nodes run.'
      : 'The newest here. What the nodes run is not known yet; once it is, another may fit and is offered.';
  return benchmark && { benchmark, why };
}

/** What is to be said where a node is newer than all that was published. */
function beyond({ session }: AppState, profile: Profile | undefined): string {
  const newer = session.nodes.find(({ facts }) =>
    newerThanAll(profile?.benchmarks ?? [], parseVersion(facts?.version ?? '')),
  );
  return newer
    ? ` ${newer.name} runs ${newer.facts?.version}, newer than every published benchmark here.`
    : '';
}

/** What is to be said about a benchmark's versions and those of the nodes that are known; empty when all is well. */
export function fitness(state: AppState, benchmark: Benchmark): string {
  const { profile } = chosen(state);
  if (!profile) return '';
  const odd = misfits(state.session.nodes, profile, benchmark);
  return odd.map((misfit) => misfitWords(misfit, profile, benchmark)).join(' ');
}

/** The same of the chosen benchmark, with the way out where another fits. */
export function chosenFitness(state: AppState): string {
  const { profile, benchmark } = chosen(state);
  if (!profile || !benchmark) return '';
  const wayOut = misfits(state.session.nodes, profile, benchmark).some((m) => m.fits)
    ? ' Go back to Benchmark to choose it.'
    : '';
  return `${fitness(state, benchmark)}${wayOut}`;
}
