// Lines of logs are shown as programs wrote them, whatever those said; no secret may come through anywhere.
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { replay } from '../../src/domain/replay.ts';
import { parseCommandLine } from '../../src/flags.ts';
import { readJournal } from '../../src/journal/read.ts';
import { labCluster, overlay } from '../../src/lab/cluster.ts';
import { type Lab, startLab } from '../../src/lab/server.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { formats } from '../../src/report/index.ts';
import { runCheck } from '../../src/run/check.ts';
import { createConnector } from '../../src/transport/ssh.ts';
import { createRun, type Run, walkToCauses } from '../support/run.ts';
import { drawn } from '../ui/frame.tsx';

const full = 'no space left on device';
const limit = 'limit reached on type Server for key ""';

/** What each node's service said, for one check each, and what of it must not be seen. */
const planted: readonly {
  readonly control: string;
  readonly place: string;
  readonly text: string;
  readonly telling: string;
}[] = [
  said('disk-for-logs', 'cp-1', `${full}: root:Passw0rd@tcp(10.0.0.9:3306)/k`, 'Passw0rd'),
  said('disk-for-logs', 'cp-2', `${full}: password 'hunter22abc' for ops`, 'hunter22abc'),
  said('disk-for-logs', 'cp-3', `msg="${full}: token \\"hunter23abc\\" of cp-2"`, 'hunter23abc'),
  said('disk-for-logs', 'worker-1', `${full}: Cookie: lang=en; R_SESS=token-abcde:zzz9yyy8`, 'zzz9yyy8'),
  said('disk-for-logs', 'worker-2', `${full}: curl -sku admin:hunter24 https://h/v3`, 'hunter24'),
  said('event-limit', 'cp-1', `${limit}: Set-Cookie: R_SESS=token-abcde:xxx9www8; Path=/`, 'xxx9www8'),
  said(
    'event-limit',
    'cp-2',
    `${limit}: {"kind":"SecretList","items":[{"data":{"a}b":"QQ==","foo":"aHVudGVyMjU="}}]}`,
    'aHVudGVyMjU',
  ),
  said(
    'event-limit',
    'cp-3',
    `${limit}: Environment="RKE2_TOKEN=abc hunter26" --token-auth not given`,
    'hunter26',
  ),
];

function said(control: string, place: string, text: string, telling: string) {
  return { control, place, text, telling };
}

let lab: Lab;
let run: Run;

beforeAll(async () => {
  const nodes = Object.fromEntries(
    ['cp-1', 'cp-2', 'cp-3', 'worker-1', 'worker-2'].map((name, i) => {
      const lines = planted.filter((line) => line.place === name);
      const unit = name.startsWith('cp') ? 'rke2-server' : 'rke2-agent';
      return [
        name,
        { journal: { [unit]: lines.map(({ text }, n) => ({ at: 1700000400 + 10 * i + n, text })) } },
      ];
    }),
  );
  const data = await readPractice([resolve(import.meta.dirname, '../../profiles')], 'rke2');
  const cluster = data.ok ? labCluster(overlay(data.value, { nodes })) : data;
  if (!cluster.ok) throw new Error(JSON.stringify(cluster.failure));
  lab = await startLab(cluster.value, { readYaml: parse });
  run = await createRun({
    connector: createConnector({ lab: true, knownHosts: lab.knownHosts, identity: lab.clientKey }),
    nodes: lab.nodes,
    answer: () => 'yes',
  });
  await walkToCauses(run, 'trouble-connections-break');
  run.actions.go('controls');
  await run.until('the causes', (s) => s.session.step === 'controls');
}, 60_000);

afterAll(async () => {
  run?.actions.quit('left');
  await run?.remove();
  await lab?.close();
});

/** The start of every line was found and is there, and of no line its secret. */
function holdsNoSecret(text: string, where: string): void {
  // A screen may break a line anywhere.
  const unbroken = text.replaceAll(/\s+/g, '');
  for (const line of planted) {
    expect(line.text, where).toContain(line.telling);
    expect(unbroken.includes(line.telling), `${line.telling} in ${where}`).toBe(false);
  }
  for (const start of [full, 'limit reached on type Server for key', '[redacted]'])
    expect(text, where).toContain(start);
}

it.each(['text', 'json'])('check prints none of the secrets, as %s', { timeout: 60_000 }, async (format) => {
  const nodes = lab.nodes.flatMap((n) => ['--node', `${n.name}=${n.user}@${n.host}:${n.port}`]);
  const read = parseCommandLine(['check', '--trouble', 'connections-break', '--format', format, ...nodes]);
  if (!read.ok) throw new Error(JSON.stringify(read.failure));
  const printed: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => printed.push(String(text)) > 0),
  );
  try {
    await runCheck(read.value, { lab: true, knownHosts: lab.knownHosts, identity: lab.clientKey });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  holdsNoSecret(printed.join(''), `check ${format}`);
  expect(printed.join('')).toContain('--token-auth not given');
});

it('no screen of a repair shows them', () => {
  const state = run.state();
  const found = new Set(
    Object.values(state.session.findings).flatMap((f) => (f.verdict.kind === 'fail' ? [f.control] : [])),
  );
  for (const { control } of planted) expect([...found]).toContain(control);
  const views = [...found].flatMap((control) =>
    [undefined, { kind: 'explain' } as const, { kind: 'commands' } as const].map((overlay) => ({
      ...state.view,
      control,
      ...(overlay ? { overlay } : {}),
    })),
  );
  holdsNoSecret(
    [state.view, ...views].map((view) => drawn({ ...state, view }, 200, 120)).join('\n'),
    'the screen',
  );
});

it('neither its journal nor an export holds them', async () => {
  const folder = join(run.folder, 'sessions');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
  expect(files).toHaveLength(1);
  const path = join(folder, files[0] ?? '');
  holdsNoSecret(await readFile(path, 'utf8'), 'the journal');
  const journal = await readJournal(path);
  if (!journal.ok) throw new Error(JSON.stringify(journal.failure));
  const { records } = journal.value;
  const profile = run.state().profiles.find((p) => p.distribution.id === 'rke2');
  for (const { id, render, refuses } of formats) {
    const input = {
      session: replay(records),
      records,
      ...(profile ? { profile } : {}),
      chain: 'whole' as const,
    };
    if (refuses?.(input)) continue;
    for (const { telling } of planted)
      expect(render(input).includes(telling), `${telling} in ${id}`).toBe(false);
  }
});
