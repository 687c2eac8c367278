import { fail, ok } from '../domain/failure.ts';
import type { DeedReport, RancherService } from '../domain/ports.ts';
import { rancherLoginWord, rancherWord } from '../domain/rancher.ts';
import { createRancher } from '../transport/rancher.ts';
import type { RancherKeeper } from '../transport/rancher-kept.ts';
import type { RancherServer } from '../transport/rancher-server.ts';
import type { LabStore } from './store.ts';

/** What the lab's Rancher server is called; nothing listens there. */
export const labRancher = 'https://rancher.lab';

/** The Rancher server of a lab store, spoken to as a real one but in memory. In the lab no real one is ever asked. */
export function createLabRancher(store: LabStore): RancherService {
  const there = store.cluster().rancher !== undefined;
  const server: RancherServer = {
    url: labRancher,
    send: async (request) => store.sendRancher(request),
    tryLogin: async (account, known) => {
      const { passwords = {} } = store.cluster().rancher ?? {};
      return { kind: 'said', text: passwords[account] === known ? 'yes' : 'no' };
    },
  };
  const keeper = keptInMemory();
  return {
    ...(there ? { start: labRancher } : {}),
    address: () => (there ? ok(labRancher) : fail({ code: 'lab-cannot', what: 'ask a Rancher server' })),
    hasToken: () => there,
    enter: async () => ok('admin'),
    // A login in the lab leaves no trace, so nobody need agree to it.
    words: () => ({ [rancherWord]: labRancher, [rancherLoginWord]: 'yes' }),
    target: (_, readOnly) => createRancher({ server, readOnly, mayTryLogin: true, keeper }),
  };
}

function keptInMemory(): RancherKeeper {
  const kept = new Map<string, Map<string, string>>();
  const of = (session: string, id: string): Map<string, string> => {
    const key = `${session}/${id}`;
    const marks = kept.get(key) ?? new Map<string, string>();
    kept.set(key, marks);
    return marks;
  };
  const done = async (): Promise<DeedReport> => ({ kind: 'done', output: [] });
  return {
    open: async ({ session, id }) => {
      const marks = of(session, id);
      return {
        mark: async (step, mark, text = '') => void marks.set(`${mark} ${step}`, text),
        marked: async (step, mark) => marks.get(`${mark} ${step}`),
        end: async (how) => {
          for (const name of marks.keys()) if (name.startsWith('ended ')) marks.delete(name);
          marks.set(`ended ${how}`, '');
        },
      };
    },
    state: async (session, change) => {
      const marks = kept.get(`${session}/${change}`);
      return marks ? { kind: 'said', text: [...marks.keys()].join('\n') } : { kind: 'absent' };
    },
    lock: done,
    unlock: done,
    holder: async () => ({ kind: 'absent' }),
  };
}
