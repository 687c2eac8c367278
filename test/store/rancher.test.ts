import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConnectQuestion, RancherService } from '../../src/domain/ports.ts';
import { verdictOf } from '../../src/domain/session.ts';
import { openLab } from '../../src/run/lab.ts';
import { createRancherService } from '../../src/transport/rancher-service.ts';
import { type RancherStandIn, startRancher } from '../support/rancher-server.ts';
import { createRun, type Run, walkToProbe } from '../support/run.ts';

let stand: RancherStandIn;
let state: string;
let before: string | undefined;
const ends: (() => Promise<void>)[] = [];

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'k8s-harden-state-'));
  before = process.env.XDG_STATE_HOME;
  process.env.XDG_STATE_HOME = state;
  stand = await startRancher();
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = before;
  await stand.close();
  await rm(state, { recursive: true, force: true });
});

type Answer = (question: ConnectQuestion) => string | undefined;

/** The practice nodes of RKE. */
async function practice() {
  const lab = await openLab(() => {}, 'rke');
  if (!lab.ok) throw new Error('no lab');
  ends.push(lab.value.close);
  return lab.value.services;
}

/** A run on the practice nodes with a Rancher server of its own. */
async function runWith(
  rancher: RancherService | undefined | 'practice',
  answer: Answer = () => 'yes',
  before: { readonly folder?: string; readonly services?: Awaited<ReturnType<typeof practice>> } = {},
): Promise<Run & { readonly leave: () => Promise<void> }> {
  const services = before.services ?? (await practice());
  const server = rancher === 'practice' ? services.rancher : rancher;
  let left: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  const run = await createRun({
    connector: services.connector,
    nodes: services.startNodes,
    answer: (question) => (question.kind === 'host-key' ? 'yes' : answer(question)),
    ...(before.folder === undefined ? {} : { folder: before.folder }),
    // Only a session of practice ends with its cluster; one with a server of its own can be resumed.
    services: { lab: rancher === 'practice', ...(server ? { rancher: server } : {}), leave: () => left() },
  });
  const leave = async (): Promise<void> => {
    run.actions.quit('interrupted');
    await gone;
  };
  ends.unshift(async () => {
    await leave();
    await run.remove();
  });
  return { ...run, leave };
}

const kindOf = (run: Run, control: string): string | undefined =>
  verdictOf(run.state().session, control, 'rancher')?.kind;

async function apply(run: Run, control: string): Promise<void> {
  run.actions.plan(control);
  await run.idle();
  run.actions.apply(control, ['rancher']);
  await run.idle();
}

it('the practice server is asked, changed and put back', async () => {
  const run = await runWith('practice');
  await walkToProbe(run, 'hardening-2.1', 2, 'rke');
  expect(run.state().session.rancher).toBe('https://rancher.lab');
  expect(kindOf(run, 'rancher-local-cluster')).toBe('fail');
  expect(kindOf(run, 'rancher-node-drivers')).toBe('fail');
  run.actions.plan('rancher-node-drivers');
  await run.idle();
  const [plan] = Object.values(run.state().plans);
  expect(plan).toMatchObject({
    kind: 'ready',
    commands: expect.arrayContaining([
      '# node driver azure: {"active":true} becomes {"active":false}',
      'POST /v3/nodeDrivers/azure?action=deactivate',
    ]),
    undo: expect.arrayContaining(['POST /v3/nodeDrivers/azure?action=activate']),
  });
  await apply(run, 'rancher-node-drivers');
  await apply(run, 'rancher-administrators');
  expect(kindOf(run, 'rancher-node-drivers')).toBe('pass');
  expect(kindOf(run, 'rancher-administrators')).toBe('pass');
  const { changes } = run.state().session;
  expect(changes.map((c) => [c.change.via, c.machine])).toEqual([
    ['rancher', 'https://rancher.lab'],
    ['rancher', 'https://rancher.lab'],
  ]);
  run.actions.undo(
    changes.map((c) => c.change.id),
    false,
  );
  await run.idle();
  expect(run.state().session.changes.map((c) => c.undo?.outcome?.kind)).toEqual(['done', 'done']);
  expect(run.state().output.join('\n')).toContain('under the new id');
  expect(kindOf(run, 'rancher-node-drivers')).toBe('fail');
  expect(kindOf(run, 'rancher-administrators')).toBe('fail');
});

it('without a server, what is wanted of one is for the operator to look at', async () => {
  const run = await runWith(undefined);
  await walkToProbe(run, 'hardening-2.1', 2, 'rke');
  const verdict = verdictOf(run.state().session, 'rancher-node-drivers', 'rancher');
  expect(verdict).toMatchObject({ kind: 'manual', reason: 'no Rancher server was named' });
  run.actions.attest('rancher-node-drivers', ['rancher'], true, 'looked');
  await run.until('attested', () => kindOf(run, 'rancher-node-drivers') === 'pass');
});

it('a server is named in the middle, its token asked for, and neither the record nor the disk has it', async () => {
  const asked: ConnectQuestion[] = [];
  const tokens = ['token-a:wrong-one-0123456789', stand.token];
  const other = await startRancher();
  ends.push(other.close);
  const ca = `${stand.ca}${other.ca}`;
  const run = await runWith(
    createRancherService({ ca, mayTryLogin: false, onSecret: () => {} }),
    (question) => {
      asked.push(question);
      return tokens.shift();
    },
  );
  await walkToProbe(run, 'hardening-2.1', 1, 'rke');
  expect(asked).toEqual([]);
  run.actions.nameRancher(stand.url);
  await run.idle();
  expect(run.state().view.notice?.text).toContain('does not accept the token');
  expect(run.state().session.rancher).toBeUndefined();
  run.actions.nameRancher(`${stand.url}/v3`);
  await run.idle();
  expect(asked.map((question) => question.kind)).toEqual(['rancher-token', 'rancher-token']);
  expect(run.state().view.notice?.text).toBe(`${stand.url} is asked too, as admin.`);
  expect(kindOf(run, 'rancher-administrators')).toBe('fail');
  expect(kindOf(run, 'rancher-admin-password')).toBe('manual');
  await apply(run, 'rancher-administrators');
  expect(kindOf(run, 'rancher-administrators')).toBe('pass');
  expect(stand.lists.globalRoleBindings).not.toHaveProperty('grb-2');
  const record = await readFile(run.state().journalPath, 'utf8');
  expect(record).toContain('rancher-named');
  for (const secret of [stand.token, stand.token.split(':')[1] ?? '', 'wrong-one-0123456789'])
    expect(record + JSON.stringify(run.state())).not.toContain(secret);

  // Named another way, the change still belongs to the server on which it was made.
  tokens.push(other.token);
  run.actions.nameRancher(other.url);
  await run.idle();
  expect(run.state().session.rancher).toBe(other.url);
  expect(kindOf(run, 'rancher-administrators')).toBe('fail');
  const [change] = run.state().session.changes;
  run.actions.undo([change?.change.id ?? ''], false);
  await run.idle();
  expect(Object.values(stand.lists.globalRoleBindings ?? {})).toContainEqual({
    globalRoleId: 'admin',
    userId: 'user-2',
  });
  expect(other.seen.filter((one) => one.method !== 'GET')).toEqual([]);
});

it('a server that was named at the start and has no token is asked for one while connecting', async () => {
  const { ca, url } = stand;
  const service = createRancherService({ url, ca, mayTryLogin: true, onSecret: () => {} });
  const run = await runWith(service, (question) =>
    question.kind === 'rancher-token' ? stand.token : undefined,
  );
  await walkToProbe(run, 'hardening-2.1', 1, 'rke');
  expect(run.state().session.rancher).toBe(url);
  expect(kindOf(run, 'rancher-admin-password')).toBe('fail');
});

it('whoever gives no token goes on without the server', async () => {
  const { ca, url } = stand;
  const service = createRancherService({ url, ca, mayTryLogin: false, onSecret: () => {} });
  const run = await runWith(service, () => undefined);
  await walkToProbe(run, 'hardening-2.1', 1, 'rke');
  expect(run.state().session.rancher).toBeUndefined();
  expect(kindOf(run, 'rancher-node-drivers')).toBe('manual');
  expect(stand.seen).toEqual([]);
});

it('in the lab no real server is ever asked', async () => {
  const lab = await openLab(() => {});
  if (!lab.ok) throw new Error('no lab');
  ends.push(lab.value.close);
  const { rancher } = lab.value.services;
  expect(rancher?.start).toBeUndefined();
  expect(rancher?.address(stand.url)).toMatchObject({ ok: false });
});

it('a change whose end nobody saw is asked about when the session is resumed, and undone', async () => {
  const serviceOf = () => createRancherService({ ca: stand.ca, mayTryLogin: false, onSecret: () => {} });
  const services = await practice();
  const run = await runWith(serviceOf(), () => stand.token, { services });
  await walkToProbe(run, 'hardening-2.1', 1, 'rke');
  run.actions.nameRancher(stand.url);
  await run.idle();
  run.actions.plan('rancher-administrators');
  await run.idle();
  let dead = false;
  stand.misbehave = (request) => {
    if (request.method === 'DELETE') {
      delete stand.lists.globalRoleBindings?.['grb-2'];
      dead = true;
    }
    if (dead) request.socket.destroy();
    return dead;
  };
  run.actions.apply('rancher-administrators', ['rancher']);
  await run.idle();
  expect(run.state().session.changes[0]?.outcome?.kind).toBe('unknown');
  const { id } = run.state().session;
  await run.leave();
  stand.misbehave = undefined;

  const again = await runWith(serviceOf(), () => stand.token, { folder: run.folder, services });
  again.actions.resumeSession(id);
  await again.until('resumed', (s) => s.session.id === id && s.work.length === 0);
  again.actions.connect();
  await again.idle();
  const change = again.state().session.changes[0]?.change.id ?? '';
  again.actions.settle(change);
  await again.idle();
  expect(again.state().view.notice?.text).toContain('began and did not finish');
  again.actions.undo([change], false);
  await again.idle();
  expect(again.state().session.changes[0]?.undo?.outcome?.kind).toBe('done');
  expect(Object.values(stand.lists.globalRoleBindings ?? {})).toContainEqual({
    globalRoleId: 'admin',
    userId: 'user-2',
  });
});

it('names that would act on the terminal, or look like a command, reach neither screen nor record', async () => {
  const { ca } = stand;
  const service = createRancherService({ ca, mayTryLogin: false, onSecret: () => {} });
  const run = await runWith(service, () => stand.token);
  await walkToProbe(run, 'hardening-2.1', 1, 'rke');
  stand.lists.nodeDrivers = { azure: { name: 'az\u001b]0;x\u0007\nrm -rf / #\u202e', active: true } };
  run.actions.nameRancher(stand.url);
  await run.idle();
  run.actions.plan('rancher-node-drivers');
  await run.idle();
  expect(JSON.stringify(run.state().plans)).toContain('becomes');
  await apply(run, 'rancher-node-drivers');
  expect(kindOf(run, 'rancher-node-drivers')).toBe('pass');
  const { session, plans, output } = run.state();
  const shown = JSON.stringify([session, plans, output]);
  const record = await readFile(run.state().journalPath, 'utf8');
  for (const text of [shown, record]) {
    expect(text).toContain('rm -rf / #');
    expect(text).not.toMatch(/\\u001b|\\u0007|\\nrm|\u202e/);
  }
});
