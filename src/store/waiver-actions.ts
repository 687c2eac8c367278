import { findingKey, verdictOf } from '../domain/session.ts';
import { canBeWaived, clusterOf, isAbout, isOf, type Waiver, waivableIn } from '../domain/waiver.ts';
import type { Actions } from './actions.ts';
import type { Desk } from './desk.ts';

/** Leaving a control as it is, for this session or for later ones too, and taking that back. */
export function waiverActions(desk: Desk): Pick<Actions, 'skip' | 'waive' | 'unskip'> {
  const { recorder, get } = desk;

  const skip = async (control: string, places: readonly string[], reason: string): Promise<void> => {
    await Promise.all(places.map((place) => recorder.record({ kind: 'skipped', control, place, reason })));
  };

  const waive = async (
    control: string,
    places: readonly string[],
    { reason, owner, expires }: Parameters<Actions['waive']>[2],
  ): Promise<void> => {
    const { benchmark } = get().session;
    const cluster = clusterOf(get().session);
    const redact = desk.services.redact;
    const waivers = places.flatMap((place): Waiver[] => {
      const verdict = verdictOf(get().session, control, place);
      if (!verdict || !(canBeWaived(verdict.kind) || verdict.kind === 'waived')) return [];
      const { nodes } = waivableIn(get().session, control, place);
      return [
        {
          control,
          place,
          cluster,
          ...(nodes === undefined ? {} : { nodes }),
          ...(benchmark === undefined ? {} : { benchmark }),
          reason: redact(reason),
          owner: redact(owner),
          ...(expires === undefined ? {} : { expires }),
          found: redact(verdict.found),
        },
      ];
    });
    const others = places.filter((place) => !waivers.some((waiver) => waiver.place === place));
    if (waivers.length > 0) {
      const file = fileOf(desk);
      const written = await file?.add(waivers, cluster);
      if (written && !written.ok) return desk.report(written.failure);
      for (const waiver of waivers) await recorder.record({ kind: 'waived', ...waiver });
      if (written) await adopt(desk, written.value);
      const where = file ? `Written to ${file.file}` : 'Practice: it ends with this session';
      const left =
        others.length > 0 ? ` Only skipped, for nothing is known there: ${others.join(', ')}.` : '';
      desk.notice(`${where}.${left}`, 'good');
    } else desk.notice('Skipped in this session only: what is not known cannot be waived.', 'plain');
    await skip(control, others, reason);
  };

  const unskip = async (control: string, places: readonly string[]): Promise<void> => {
    const { session } = get();
    const at = places.map((place) => waivableIn(session, control, place));
    const own = at.filter((one) => session.waivers.some((waiver) => isOf(waiver, one)));
    if (own.length > 0) {
      const written = await fileOf(desk)?.remove(own);
      if (written && !written.ok) return desk.report(written.failure);
      for (const { place } of own) await recorder.record({ kind: 'unwaived', control, place });
      if (written) await adopt(desk, written.value);
    }
    for (const { place } of at.filter((one) => session.skips[findingKey(control, one.place)] !== undefined))
      await recorder.record({ kind: 'unskipped', control, place });
    const wider = at.filter((one) => get().session.waivers.some((waiver) => isAbout(waiver, one)));
    if (wider.length > 0)
      desk.notice(
        `A waiver in ${desk.services.waivers?.file ?? 'the file'} is for more than ${wider.map((w) => w.place).join(', ')} alone; take it out there, then start again.`,
        'plain',
      );
  };

  return {
    skip: (control, places, reason) => void skip(control, places, reason),
    waive: (control, places, waiver) => void waive(control, places, waiver),
    unskip: (control, places) => void unskip(control, places),
  };
}

/** Takes in what the file of waivers says now; a file that cannot be read is told, and nothing is waived by it. */
export async function readWaivers(desk: Desk): Promise<void> {
  const file = fileOf(desk);
  desk.patch({ waiversEnd: file === undefined });
  const read = await file?.read();
  if (!read) return;
  if (read.ok) return adopt(desk, read.value);
  desk.report(read.failure);
  await adopt(desk, []);
}

/** What is the same as the session knows already is not recorded again. */
async function adopt(desk: Desk, waivers: readonly Waiver[]): Promise<void> {
  if (JSON.stringify(waivers) === JSON.stringify(desk.get().session.waivers)) return;
  await desk.recorder.record({ kind: 'waivers-read', file: desk.services.waivers?.file ?? '', waivers });
}

/** A practice cluster is nobody's: what is waived there is written only into a file that was named for it. */
function fileOf({ services }: Desk) {
  return services.lab && !services.waivers?.named ? undefined : services.waivers;
}
