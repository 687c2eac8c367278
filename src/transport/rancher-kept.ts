import type { Answer } from '../domain/answer.ts';
import type { DeedReport } from '../domain/ports.ts';
import type { Change } from '../domain/step.ts';
import { systemCode, systemWords } from '../domain/system-error.ts';
import { rancherUndoScript } from './rancher-undo-script.ts';
import { type Kept, keptFolder, keptState, openKept } from './workstation-kept.ts';
import { lockHere, lockHolder, unlockHere } from './workstation-lock.ts';

/** How far a change came, and its way back by hand. */
export type RancherMarks = Pick<Kept, 'mark' | 'marked' | 'end'>;

/** Where the progress of changes of a Rancher server is kept: on the operator's machine, for the server has no place for it. */
export type RancherKeeper = {
  readonly open: (change: Change) => Promise<RancherMarks>;
  readonly state: (session: string, change: string) => Promise<Answer>;
  readonly lock: (holder: string, take: boolean) => Promise<DeedReport>;
  readonly unlock: (holder: string) => Promise<DeedReport>;
  readonly holder: () => Promise<Answer>;
};

/** Keeps it beside the sessions, with a script that takes a change back; `url` and the CA's path stand in the script. */
export function createRancherKeeper(of: { readonly url: string; readonly caPath?: string }): RancherKeeper {
  return {
    open: async (change) => {
      const kept = await openKept(keptFolder(change.session, change.id));
      await kept.script(rancherUndoScript(change, of));
      return kept;
    },
    state: async (session, change) => {
      try {
        return await keptState(session, change);
      } catch (error) {
        return systemCode(error) === 'ENOENT'
          ? { kind: 'absent' }
          : { kind: 'failed', exit: 1, message: systemWords(error) };
      }
    },
    lock: lockHere,
    unlock: unlockHere,
    holder: async () => {
      const holder = await lockHolder();
      return holder === undefined ? { kind: 'absent' } : { kind: 'said', text: holder };
    },
  };
}
