import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import type { Result } from '../../src/domain/failure.ts';
import { createJournal, type JournalOptions } from '../../src/journal/journal.ts';
import { createRedactor } from '../../src/journal/redactor.ts';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A folder of its own for one test, gone afterwards. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'journal-test-'));
  folders.push(folder);
  return folder;
}

/** The value of a success; a failure fails the test. */
export function good<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

/** Options with a clock that moves one second a reading. */
export function options(folder: string, id = 's1', redactor = createRedactor()): JournalOptions {
  let second = 0;
  return { folder, id, redactor, clock: () => new Date(Date.UTC(2030, 0, 2, 3, 4, second++)) };
}

/** The first events of any session. */
export const opening: readonly Event[] = [
  {
    kind: 'session-started',
    id: 's1',
    program: 'k8s-harden 1',
    operator: 'mara@desk',
    readOnly: false,
    lab: false,
  },
  { kind: 'distribution-chosen', distribution: 'rke2' },
  {
    kind: 'nodes-set',
    cluster: 'prod-öst',
    nodes: [{ name: 'cp-1', host: '10.0.0.1', port: 22, user: 'ops' }],
  },
];

/** An event that begins a change. */
export function intended(id: string): Event {
  return {
    kind: 'change-intended',
    change: {
      id,
      session: 's1',
      control: 'kernel-values',
      node: 'cp-1',
      via: 'cp-1',
      steps: [{ kind: 'set-kernel', key: 'kernel.panic', value: '10', before: '0' }],
    },
    commands: ['sysctl -w kernel.panic=10'],
    restarts: false,
  };
}

/** A closed journal with these events in it; its path. */
export async function written(folder: string, events: readonly Event[], id = 's1'): Promise<string> {
  const journal = good(await createJournal(options(folder, id)));
  for (const event of events) good(await journal.record(event));
  await journal.close();
  return journal.path;
}
