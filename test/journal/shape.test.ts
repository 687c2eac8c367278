import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Outcome, RestartOutcome } from '../../src/domain/event.ts';
import { canonical } from '../../src/journal/canonical.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { genesis, sealLine } from '../../src/journal/line.ts';
import { readJournal } from '../../src/journal/read.ts';
import { createRedactor } from '../../src/journal/redactor.ts';
import { listSessions } from '../../src/journal/sessions.ts';
import { good, intended, opening, options, temporaryFolder, written } from './fixture.ts';

type Loose = Readonly<Record<string, unknown>>;

/** A journal whose every line has its right hash, whatever stands in it. */
async function forged(
  folder: string,
  id: string,
  events: readonly unknown[],
  at = '2030-01-02T03:04:05.000Z',
) {
  let prev = genesis;
  let text = '';
  for (const [index, event] of events.entries()) {
    const line = sealLine({ seq: index + 1, prev }, at, canonical(event));
    prev = line.hash;
    text += `${line.text}\n`;
  }
  const path = join(folder, `${id}.jsonl`);
  await writeFile(path, text);
  return path;
}

const change = (patch: Loose) => {
  const event = intended('c1') as unknown as { readonly change: Loose };
  return { ...event, change: { ...event.change, ...patch } };
};
const step = (patch: Loose) =>
  change({ steps: [{ kind: 'set-mode', path: '/x', mode: '0600', before: '0644', ...patch }] });

const bad: readonly (readonly [unknown, string])[] = [
  [{ kind: 'purpose-chosen', purpose: 'destroy' }, 'purpose is not one of harden, repair'],
  [{ kind: 'trouble-chosen', trouble: 7 }, 'trouble is not text'],
  [{ kind: 'nodes-set', cluster: 'c', nodes: null }, 'nodes is not a list'],
  [{ kind: 'nodes-set', cluster: 'c', nodes: [null] }, 'nodes[0] is not an object'],
  [
    { kind: 'nodes-set', cluster: 'c', nodes: [{ name: 'a', port: 1, user: '' }] },
    'nodes[0].host is missing',
  ],
  [{ kind: 'nodes-set', cluster: 7, nodes: [] }, 'cluster is not text'],
  [{ kind: 'found', findings: [{ control: 'a', place: 'b' }] }, 'findings[0].verdict is missing'],
  [{ kind: 'node-failed', node: 'a', failure: { code: 'what' } }, 'failure.code is of a kind'],
  [{ kind: 'node-failed', node: 'a', failure: { code: 'refused' } }, 'failure.message is missing'],
  [{ kind: 'went-to', step: 'constructor' }, 'step is not one of start'],
  [{ kind: 'change-ended', change: 'c1', outcome: null, output: [] }, 'outcome is not an object'],
  [{ kind: 'undo-intended', change: 'x; touch /tmp/x', commands: [], force: false }, 'change is not the id'],
  [change({ id: 'x; touch /tmp/x' }), 'change.id is not the id of a change'],
  [change({ id: '../../etc' }), 'change.id is not the id of a change'],
  [change({ session: '$(id)' }), 'change.session is not the id of a session'],
  [change({ steps: undefined }), 'change.steps is missing'],
  [change({ steps: [{ kind: 'set-kernel', key: 'a' }] }), 'change.steps[0].value is missing'],
  [change({ steps: [{ kind: 'toString' }] }), 'change.steps[0].kind is of a kind'],
  [step({ mode: '0600; touch /tmp/x' }), 'change.steps[0].mode is not a mode'],
  [step({ before: '$(id)' }), 'change.steps[0].before is not a mode'],
  [{ kind: 'toString' }, 'of a kind this version does not know'],
];

it.each(bad)('a line whose hash is right but whose entry is not is damage: %j', async (event, message) => {
  const folder = await temporaryFolder();
  const path = await forged(folder, 'bad', [...opening, event]);
  const read = good(await readJournal(path));
  expect(read.records).toHaveLength(opening.length);
  expect(read.damage).toMatchObject({ line: 4, torn: false, message: expect.stringContaining(message) });
  expect(await openJournal(options(folder, 'bad'))).toMatchObject({
    ok: false,
    failure: { code: 'chain-broken', line: 4 },
  });
});

it('one such journal leaves the others in the list', async () => {
  const folder = await temporaryFolder();
  await written(folder, opening);
  await forged(folder, 'bad', [{ kind: 'nodes-set', cluster: 'c', nodes: null }]);
  await forged(folder, 'when', opening, 'yesterday');
  const listed = await listSessions(folder);
  expect(listed.map((s) => [s.id, s.nodes, s.closed]).toSorted()).toEqual([
    ['bad', 0, true],
    ['s1', 1, false],
    ['when', 0, true],
  ]);
  expect(listed.find((s) => s.id === 'bad')?.damage).toContain('nodes is not a list');
});

it('what the redactor covers can be read back, also in an id or a word', async () => {
  const folder = await temporaryFolder();
  const redactor = createRedactor();
  redactor.add('Kernel-Values-1');
  redactor.add('controls');
  const made = await written(folder, opening);
  const { journal } = good(await openJournal(options(folder, 's1', redactor)));
  good(await journal.record(intended('0001-Kernel-Values-1_at_cp-1')));
  good(await journal.record({ kind: 'went-to', step: 'controls' }));
  await journal.close();
  const { records, damage } = good(await readJournal(made));
  expect(damage).toBeUndefined();
  expect(records).toHaveLength(opening.length + 2);
});

const failure = { code: 'refused', message: 'no' } as const;
const restartEnds: { readonly [K in RestartOutcome['kind']]: RestartOutcome & { readonly kind: K } } = {
  healthy: { kind: 'healthy', seconds: 1 },
  'crash-looping': { kind: 'crash-looping', line: 'unknown flag: --x' },
  failed: { kind: 'failed', line: 'rke up ended with exit code 1' },
  stuck: { kind: 'stuck', line: 'starting', seconds: 300 },
  unhardened: { kind: 'unhardened', line: 'no profile' },
  unknown: { kind: 'unknown', failure },
};
const changeEnds: { readonly [K in Outcome['kind']]: Outcome & { readonly kind: K } } = {
  done: { kind: 'done' },
  'put-back': { kind: 'put-back', failure },
  refused: { kind: 'refused', failure },
  unknown: { kind: 'unknown', failure },
};

it.each([
  ...Object.values(restartEnds).map((outcome) => ({
    kind: 'restart-ended',
    node: 'cp-1',
    unit: 'x',
    outcome,
  })),
  ...Object.values(changeEnds).map((outcome) => ({
    kind: 'change-ended',
    change: 'c1',
    outcome,
    output: [],
  })),
])('a session goes on after every end: $kind $outcome.kind', async (event) => {
  const folder = await temporaryFolder();
  const before = event.kind === 'change-ended' ? [...opening, intended('c1')] : opening;
  const path = await forged(folder, 'whole', [...before, event]);
  const read = good(await readJournal(path));
  expect(read.damage).toBeUndefined();
  expect(read.records.at(-1)?.event).toEqual(event);
});
