/** What the lists of past sessions need to know of one to say how it stands. */
type Past = {
  readonly lab: boolean;
  readonly ended: boolean;
  readonly unfinished: number;
  readonly damage?: string | undefined;
};

/** In which state a past session is, in the one word that every list has for it. */
export function pastState({ damage, unfinished, ended }: Past): string {
  if (damage !== undefined) return 'damaged';
  if (unfinished > 0) return 'unfinished';
  return ended ? 'ended' : 'not ended';
}

/** What became of a practice session's cluster, and with it of every change there; undefined for one on real nodes. */
export function practiceWords({ lab, ended }: Past): string | undefined {
  if (!lab) return undefined;
  return ended ? 'its cluster is gone' : 'its cluster ends with it';
}
