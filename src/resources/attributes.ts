import type { Stat } from '../domain/evidence.ts';
import type { Step } from '../domain/step.ts';

/** What is asked of a path's mode, owner and group. `mode` is a ceiling: no bit outside it may be set. */
export type WantedAttributes = {
  readonly mode?: string | undefined;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
};

/** What of a path is not as wanted, in words; empty when all is well. */
export function attributeProblems(stat: Stat, wanted: WantedAttributes): readonly string[] {
  return [
    ...(wanted.mode !== undefined && ceiling(stat.mode, wanted.mode) !== stat.mode ? [stat.mode] : []),
    ...(ownerDiffers(stat, wanted) ? [`${stat.owner}:${stat.group}`] : []),
  ];
}

/** What was wanted of a path, in words. */
export function attributeWords(wanted: WantedAttributes): string {
  const owner = wanted.owner ?? 'any';
  const group = wanted.group ?? 'any';
  return [
    ...(wanted.mode === undefined ? [] : [`${wanted.mode} or stricter`]),
    ...(wanted.owner === undefined && wanted.group === undefined ? [] : [`${owner}:${group}`]),
  ].join(' ');
}

/** A mode with every bit outside the ceiling taken away; stricter modes stay as they are. */
function ceiling(mode: string, max: string): string {
  return (Number.parseInt(mode, 8) & Number.parseInt(max, 8)).toString(8).padStart(4, '0');
}

/** The attributes a path has after its change. */
export function attributesAfter(stat: Stat, wanted: WantedAttributes): Stat {
  return {
    ...stat,
    mode: wanted.mode === undefined ? stat.mode : ceiling(stat.mode, wanted.mode),
    owner: wanted.owner ?? stat.owner,
    group: wanted.group ?? stat.group,
  };
}

/** The steps that bring a path's own mode and owner to what is wanted; the owner first, for a chown may drop mode bits. */
export function attributeSteps(path: string, stat: Stat, wanted: WantedAttributes): readonly Step[] {
  const after = attributesAfter(stat, wanted);
  return [
    ...(ownerDiffers(stat, wanted)
      ? [
          {
            kind: 'set-owner' as const,
            path,
            owner: after.owner,
            group: after.group,
            before: `${stat.owner}:${stat.group}`,
            tree: false,
          },
        ]
      : []),
    ...(after.mode === stat.mode
      ? []
      : [{ kind: 'set-mode' as const, path, mode: after.mode, before: stat.mode }]),
  ];
}

function ownerDiffers(stat: Stat, wanted: WantedAttributes): boolean {
  return (
    (wanted.owner !== undefined && wanted.owner !== stat.owner) ||
    (wanted.group !== undefined && wanted.group !== stat.group)
  );
}
