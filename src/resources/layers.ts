import * as z from 'zod';
import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';
import { readStat, type Stat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import { notApplicable, unknown, type Verdict } from '../domain/verdict.ts';
import { readListing, statFound } from './listing.ts';
import {
  asideOf,
  asideQuestion,
  type Gates,
  planRebuild,
  readGates,
  rebuildQuestions,
  rebuildSchema,
} from './rebuild.ts';
import { absolutePath } from './values.ts';
import { refused } from './write.ts';

const schema = z.strictObject({
  /** The folder that has a folder for each layer. */
  folder: absolutePath,
  /** What to do where the layers are damaged. */
  instead: z.string().min(1),
  /** How the node makes its containers anew; without it, nothing is changed. */
  rebuild: rebuildSchema.optional(),
});

type Wanted = z.infer<typeof schema>;

/** A file that tells, or a folder. */
type Found = readonly [path: string, stat: Stat];

/** What was found that tells, and when each layer was unpacked; undefined when there are no layers. */
type Observed = {
  readonly found: readonly Found[] | undefined;
  /** By the folder of the layer, in seconds since 1970. */
  readonly unpacked: ReadonlyMap<string, number>;
  readonly gates: Gates | undefined;
};

/** Programs that every image ships with the set-user-id bit, where it has them at all. */
const setuid = 'su|mount|umount|passwd|chsh|chfn|newgrp|gpasswd';
const telling = `.*/(fs|diff)/(tmp|var/tmp|etc/shadow|(usr/)?bin/(${setuid}))`;

/** In so many layers must such a file have been changed before it is called damage: one may be a container's own. */
const enough = 2;

/** Unpacking one layer takes no longer, in seconds. What changes in it later, no container runtime did. */
const unpacking = 600;

function questions({ folder }: Wanted): { readonly own: Question; readonly listing: Question } {
  const tests = ['-xdev', '-mindepth', '1', '-maxdepth', '5', '-regextype', 'posix-extended'];
  const own = `${folder.replaceAll(/[^\w/-]/g, '[$&]')}/[^/]+`;
  return {
    own: { kind: 'stat', path: folder },
    // Nothing is followed: a link in an image leads to a path of the host.
    listing: statFound([
      'find',
      '-P',
      folder,
      ...tests,
      '-regex',
      `${own}|${telling}`,
      '-not',
      '-type',
      'l',
      '-not',
      '-type',
      'c',
    ]),
  };
}

/**
 * Whether the layers of images still have the modes and owners that they came with, by files that are the same in every image. It is
 * called damage where they were changed after their layer was unpacked, and suspected otherwise. What a recursive chmod or chown did
 * cannot be taken back: nobody knows what each file had.
 */
export const layers: Resource<Wanted, Observed> = {
  type: 'layers',
  schema,
  ask: (wanted, place) => [
    ...Object.values(questions(wanted)),
    ...(wanted.rebuild ? [asideQuestion(wanted.rebuild, place)] : []),
  ],
  askToPlan: (wanted, answers, place) => {
    const observed = read(wanted, answers, place);
    return wanted.rebuild && observed.known && judge(wanted, observed.value, place).kind === 'fail'
      ? rebuildQuestions(wanted.rebuild, answers, place)
      : [];
  },
  read,
  judge,
  change: (wanted, observed, place) => {
    const { kind } = judge(wanted, observed, place);
    if (kind !== 'fail' && kind !== 'manual') return { kind: 'nothing' };
    // What a few odd files mean is for a person to judge, and no reason to take a node apart.
    if (kind === 'fail' && wanted.rebuild && observed.gates)
      return planRebuild(wanted.rebuild, observed.gates, place);
    return refused(
      'what a layer had before is written down nowhere, and containers share layers; no chmod brings that back',
      wanted.instead,
    );
  },
};

function read(wanted: Wanted, answers: Answers, place: Place): Read<Observed> {
  const asked = questions(wanted);
  const gates = wanted.rebuild ? readGates(wanted.rebuild, answers, place) : known(undefined);
  if (!gates.known) return gates;
  const own = readStat(answerTo(answers, asked.own), wanted.folder);
  if (!own.known) return own;
  const unpacked = new Map<string, number>();
  if (own.value === undefined) return known({ found: undefined, unpacked, gates: gates.value });
  const listing = answerTo(answers, asked.listing);
  if (listing.kind !== 'said') return unread(whyNot(listing, `the layers in ${wanted.folder}`));
  const read = readListing(listing.text);
  if (!read.known) return read;
  const isTelling = ([path]: Found): boolean => path !== layerOf(wanted, path);
  // Only making the folders in it sets this time: no chmod or chown does, whatever it reaches.
  for (const [path, { modified }] of read.value.filter((each) => !isTelling(each)))
    unpacked.set(path, modified);
  return known({ found: read.value.filter(isTelling), unpacked, gates: gates.value });
}

function layerOf({ folder }: Wanted, path: string): string {
  return path.split('/', folder.split('/').length + 1).join('/');
}

function judge(spec: Wanted, { found, unpacked, gates }: Observed, place: Place): Verdict {
  const { folder, rebuild } = spec;
  if (found === undefined && rebuild && gates?.aside)
    return {
      kind: 'pending-restart',
      found: `moved aside to ${asideOf(rebuild.store, place)}`,
      wanted: 'containers made anew',
      reason: 'the service makes them anew when it starts; put the node into service again once it is Ready',
    };
  if (found === undefined) return notApplicable(`${folder} does not exist`);
  const wanted = 'temporary folders 1777, set-user-id programs with their bit, all of root';
  if (found.length === 0) return unknown(`no layer in ${folder} has a file that would tell`, wanted);
  const wrong = found.filter(([path, stat]) => isWrong(path, stat));
  if (wrong.length === 0)
    return { kind: 'pass', found: `${found.length} looked at, all as images have them`, wanted };
  const since = ([path]: Found): number => (unpacked.get(layerOf(spec, path)) ?? Number.NaN) + unpacking;
  const later = wrong.filter((each) => each[1].changed > since(each));
  const layersOf = new Set(later.map(([path]) => layerOf(spec, path)));
  const [example] = [...later, ...wrong].map(([path, s]) => `${path} ${s.mode} ${s.owner}:${s.group}`);
  const counted = `${wrong.length} of ${found.length} are not as images have them, for example ${example}`;
  const [first] = later.map(([, { changed }]) => changed).toSorted((a, b) => a - b);
  const when =
    first === undefined ? '' : `; ${later.length} changed since ${day(first)}, long after they were unpacked`;
  const seen = `${counted}${likeness(wrong)}${when}`;
  if (layersOf.size >= enough && later.length * 2 > found.length)
    return {
      kind: 'fail',
      found: seen,
      wanted,
      reason: `these were changed from outside in ${layersOf.size} layers, in which nothing changes once they are unpacked: most likely a recursive chmod or chown`,
    };
  return {
    kind: 'manual',
    found: seen,
    wanted,
    reason:
      'damage is suspected and not shown: a few files may be so in their image, or changed by their own container; compare with a node that never had the trouble',
  };
}

function day(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function isWrong(path: string, { mode, uid }: Stat): boolean {
  const bits = Number.parseInt(mode, 8);
  if (uid !== 0) return true;
  if (path.endsWith('/tmp')) return bits !== 0o1777;
  // Nobody but root and its group ever needs it, and nobody runs it.
  if (path.endsWith('/etc/shadow')) return (bits & 0o137) !== 0;
  return (bits & 0o4000) === 0;
}

/** Many at once with one mode and owner are the mark of one command. */
function likeness(wrong: readonly Found[]): string {
  const kinds = wrong.map(([, { mode, owner, group }]) => `${mode} ${owner}:${group}`);
  const counts = [...new Set(kinds)].map((kind) => [kind, kinds.filter((k) => k === kind).length] as const);
  const [most] = counts.toSorted((a, b) => b[1] - a[1]);
  return most && most[1] > 1 ? `; ${most[1]} of them ${most[0]} alike` : '';
}
