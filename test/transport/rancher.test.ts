import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whyNot } from '../../src/domain/answer.ts';
import { told } from '../../src/domain/failure.ts';
import type { DeedReport, RancherService } from '../../src/domain/ports.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import type { RancherStep } from '../../src/domain/rancher.ts';
import type { Change } from '../../src/domain/step.ts';
import { createRancherService } from '../../src/transport/rancher-service.ts';
import { rancherUrl } from '../../src/transport/rancher-url.ts';
import { type Misbehaviour, type RancherStandIn, startRancher } from '../support/rancher-server.ts';
import { newFolder } from './support/loopback.ts';

let stand: RancherStandIn;
let folder: ReturnType<typeof newFolder>;
let before: string | undefined;
const heard: string[] = [];

beforeEach(async () => {
  stand = await startRancher();
  folder = newFolder();
  before = process.env.XDG_STATE_HOME;
  process.env.XDG_STATE_HOME = folder.at('state');
  heard.length = 0;
});
afterEach(async () => {
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = before;
  folder.remove();
  await stand.close();
});

function service(given: Partial<Parameters<typeof createRancherService>[0]> = {}): RancherService {
  const { url, token, ca, caPath } = stand;
  return createRancherService({
    ...{ url, token, ca, caPath, mayTryLogin: false },
    onSecret: (secret) => void heard.push(secret),
    ...given,
  });
}

const limit = { deadlineMs: 4_000 };

async function ask(question: Question, of = service(), url = stand.url) {
  const answer = (await of.target(url, false).ask([question], limit)).get(questionKey(question));
  if (!answer) throw new Error('no answer');
  return answer;
}

const users: Question = { kind: 'rancher', path: '/v3/users' };

const perform = (deed: Parameters<ReturnType<RancherService['target']>['perform']>[0], readOnly = false) =>
  service().target(stand.url, readOnly).perform(deed, limit);

function change(...steps: readonly RancherStep[]): Change {
  return { id: 'c1', session: 's1', control: 'x', node: 'rancher', via: 'rancher', steps };
}

const azure: RancherStep = {
  kind: 'rancher-object',
  path: '/v3/nodeDrivers/azure',
  title: 'node driver azure',
  does: 'deactivate',
  before: '{"active":true}',
  after: '{"active":false}',
};
const mary: RancherStep = {
  kind: 'rancher-object',
  path: '/v3/globalRoleBindings/grb-2',
  title: 'binding of mary',
  does: 'remove',
  before: '{"globalRoleId":"admin","userId":"user-2"}',
  after: '{}',
};
const setting: RancherStep = {
  kind: 'rancher-object',
  path: '/v3/settings/server-version',
  title: 'setting server-version',
  does: 'set',
  before: '{"value":"v2.4.18"}',
  after: '{"value":"v2.4.19"}',
};

function words(report: DeedReport): string {
  return report.kind === 'done' ? report.output.join('\n') : told(report.failure);
}

/** Everything that is kept of changes on this machine. */
function kept(): string {
  const at = folder.at('state/k8s-harden');
  const names = existsSync(at) ? readdirSync(at, { recursive: true, encoding: 'utf8' }) : [];
  return names
    .filter((name) => /\.[a-z]+$|ended$/.test(name))
    .map((name) => `${name}\n${readFileSync(join(at, name), 'utf8')}`)
    .join('\n');
}

describe('asking', () => {
  it('reads a list whole though it comes in pages, and takes only the place of the next one from the server', async () => {
    const answer = await ask(users);
    expect(answer.kind).toBe('said');
    const { data } = JSON.parse(answer.kind === 'said' ? answer.text : '') as { data: { id: string }[] };
    expect(data.map((user) => user.id)).toEqual(['user-1', 'user-2', 'user-3']);
    expect(stand.seen.map((one) => one.path)).toEqual(['/v3/users', '/v3/users?limit=1000&marker=2']);
  });

  it('takes only Rancher’s own word that something is not there', async () => {
    expect(await ask({ kind: 'rancher', path: '/v3/settings/none' })).toEqual({ kind: 'absent' });
    stand.environment = undefined;
    const path = '/k8s/clusters/local/apis/apps/v1/namespaces/cattle-system/deployments/rancher';
    expect(await ask({ kind: 'rancher', path })).toEqual({ kind: 'absent' });
    stand.misbehave = reply(404, 'text/html', '<html>404 page not found</html>');
    expect((await ask({ kind: 'rancher', path })).kind).toBe('lost');
    stand.misbehave = reply(404, 'application/json', '{"error":"no such route"}');
    expect(whyNot(await ask({ kind: 'rancher', path }), 'it')).toContain('is not Rancher');
  });

  it.each<readonly [string, Misbehaviour, string]>([
    ['401', reply(401, 'application/json', '{"type":"error"}'), 'does not accept the token'],
    ['403', reply(403, 'application/json', '{"type":"error"}'), 'the user whose token it is may not'],
    [
      'a login page',
      reply(200, 'text/html', '<!doctype html><title>Log in</title>'),
      'with a web page; a login',
    ],
    ['text', reply(200, 'text/plain', 'pong'), 'something that is not JSON'],
    ['500', reply(500, 'application/json', '{"type":"error","message":"etcd is full"}'), '500: etcd is full'],
    ['a cut connection', cut, 'the connection'],
    ['silence', () => true, 'did not answer within'],
    [
      'a list in part',
      reply(200, 'application/json', '{"data":[],"pagination":{"partial":true}}'),
      'only in part',
    ],
    ['a flood', reply(200, 'application/json', 'a'.repeat(9 << 20)), 'larger than'],
  ])('%s has its own sentence and is never a value', { timeout: 20_000 }, async (_, misbehave, says) => {
    stand.misbehave = misbehave;
    const of = service();
    // Only silence is waited out; a flood takes its time on a busy machine.
    const deadlineMs = says === 'did not answer within' ? 500 : 10_000;
    const [answer] = [...(await of.target(stand.url, false).ask([users], { deadlineMs })).values()];
    expect(answer?.kind).not.toBe('said');
    expect(answer?.kind).not.toBe('absent');
    expect(answer && whyNot(answer, '/v3/users')).toContain(says);
  });

  it('follows no redirect, so that the token goes to no other host', async () => {
    const other = await startRancher();
    try {
      stand.misbehave = (_, response) => {
        response.writeHead(302, { location: `${other.url}/v3/users` });
        response.end();
        return true;
      };
      expect(whyNot(await ask(users), 'it')).toContain(
        `sends on to ${other.url}/v3/users, which is not followed`,
      );
      expect(other.seen).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('asks nothing that would do something, or that is a secret', async () => {
    for (const path of [
      '/v3/tokens',
      '/v3/nodeDrivers/azure?action=deactivate',
      '/v3/users?_method=DELETE',
      '/v3/../v3/tokens',
      '/k8s/clusters/local/api/v1/namespaces/a/pods/b/exec',
      '//elsewhere.example.org/v3/users',
    ])
      expect(whyNot(await ask({ kind: 'rancher', path }), 'it')).toContain('it was not sent');
    expect(stand.seen).toEqual([]);
    expect(whyNot(await ask({ kind: 'file', path: '/etc/passwd' }), 'it')).toContain(
      'is not asked for: file',
    );
  });
});

describe('whom it trusts', () => {
  const troubled = async (given: Parameters<typeof service>[0], url = stand.url): Promise<string> =>
    whyNot(await ask(users, service({ ...given, url }), url), 'it');

  it('no certificate of an unknown CA, whatever the environment says', async () => {
    const { ca: _, caPath: _path, ...without } = stand;
    const unknown = createRancherService({ ...without, mayTryLogin: false, onSecret: () => undefined });
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      expect(whyNot(await ask(users, unknown), 'it')).toContain('give yours with --rancher-ca');
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
    expect(stand.seen).toEqual([]);
  });

  it('none of another CA than the one that was given', async () => {
    const other = await startRancher();
    await other.close();
    expect(await troubled({ ca: other.ca })).toContain('was not issued by the CA that was given');
  });

  it('none for another name, and none that has ended', async () => {
    for (const [names, days, says] of [
      ['DNS:rancher.example.org', '2', 'is for another name'],
      ['IP:127.0.0.1', '-1', 'has expired'],
    ] as const) {
      const odd = await startRancher(names, days);
      try {
        expect(await troubled({ ca: odd.ca }, odd.url)).toContain(says);
        expect(odd.seen).toEqual([]);
      } finally {
        await odd.close();
      }
    }
  });

  it('nothing that does not speak TLS, and says when nobody listens', async () => {
    const plain = createPlainServer((_, response) => response.end('{}'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    expect(await troubled({}, `https://127.0.0.1:${port}`)).toContain('does not speak TLS');
    await new Promise((resolve) => plain.close(resolve));
    expect(await troubled({}, `https://127.0.0.1:${port}`)).toContain('the connection was refused');
  });

  it.each([
    ['http://rancher', 'only https'],
    ['https://kim:secret@rancher', 'no name or password'],
    ['https://rancher/?a=b', 'without a path'],
    ['https://rancher/other', 'without a path'],
    ['https://', 'not an address'],
  ])('%s is not an address', (text, says) => {
    const read = rancherUrl(text, '--rancher');
    expect(read).toMatchObject({ ok: false, failure: { message: expect.stringContaining(says) } });
    expect(JSON.stringify(read)).not.toContain('kim');
  });

  it('an address has one form', () => {
    for (const text of [
      'rancher.example.org',
      'https://Rancher.Example.org/',
      'https://rancher.example.org:443/v3',
    ])
      expect(rancherUrl(text, '')).toEqual({ ok: true, value: 'https://rancher.example.org' });
  });
});

describe('a change', () => {
  it('is made, proved and taken back, of every kind', async () => {
    const start = structuredClone(stand.lists);
    const all = change(azure, setting, mary);
    expect(await perform({ kind: 'change', change: all })).toMatchObject({ kind: 'done' });
    expect(stand.lists.nodeDrivers?.azure?.active).toBe(false);
    expect(stand.lists.settings?.['server-version']?.value).toBe('v2.4.19');
    expect(stand.lists.globalRoleBindings).not.toHaveProperty('grb-2');
    const state = await ask({ kind: 'change-state', session: 's1', change: 'c1' });
    expect(state.kind === 'said' && state.text).toContain('ended done');

    const undone = await perform({ kind: 'undo', change: all, force: false });
    expect(undone.kind).toBe('done');
    expect(words(undone)).toContain('binding of mary is there again, under the new id grb-13.');
    const { globalRoleBindings: bindings = {}, ...rest } = stand.lists;
    const { globalRoleBindings: _, ...restAtStart } = start;
    expect(rest).toEqual(restAtStart);
    expect(bindings['grb-13']).toEqual({ globalRoleId: 'admin', userId: 'user-2' });
    expect(Object.keys(bindings)).toHaveLength(3);

    // A second undo finds nothing left to do.
    const requests = stand.seen.filter((one) => one.method !== 'GET').length;
    await perform({ kind: 'undo', change: all, force: false });
    expect(stand.seen.filter((one) => one.method !== 'GET')).toHaveLength(requests);
  });

  it('is refused where the object is no longer as it was seen', async () => {
    stand.lists.nodeDrivers = { azure: { name: 'azure', active: false } };
    const report = await perform({ kind: 'change', change: change(azure) });
    expect(report).toMatchObject({
      kind: 'refused',
      failure: { code: 'drifted', path: 'node driver azure' },
    });
    expect(stand.seen.every((one) => one.method === 'GET')).toBe(true);
  });

  it('that fails in the middle is put back', async () => {
    stand.misbehave = (request, response) =>
      request.method === 'DELETE' && reply(403, 'application/json', '{"type":"error"}')(request, response);
    const report = await perform({ kind: 'change', change: change(azure, mary) });
    expect(report).toMatchObject({ kind: 'put-back', failure: { code: 'change-failed' } });
    expect(words(report)).toContain('the user whose token it is may not');
    expect(stand.lists.nodeDrivers?.azure?.active).toBe(true);
  });

  it('that the server did, though the reply was lost, is done', async () => {
    stand.misbehave = (request) => {
      if (request.method !== 'POST') return false;
      Object.assign(stand.lists.nodeDrivers?.azure ?? {}, { active: false });
      return cut(request);
    };
    expect(await perform({ kind: 'change', change: change(azure) })).toMatchObject({ kind: 'done' });
  });

  it('that the server says it did, but did not, is put back', async () => {
    stand.misbehave = (request, response) =>
      request.method === 'POST' && reply(200, 'application/json', '{"type":"nodeDriver"}')(request, response);
    const report = await perform({ kind: 'change', change: change(azure) });
    expect(words(report)).toContain('said that it was done, but it is not');
    expect(report.kind).toBe('put-back');
  });

  it('whose end nobody can see is unknown, and can be undone later', async () => {
    let dead = false;
    stand.misbehave = (request) => {
      if (request.method === 'POST') {
        Object.assign(stand.lists.nodeDrivers?.azure ?? {}, { active: false });
        dead = true;
      }
      return dead && cut(request);
    };
    const report = await perform({ kind: 'change', change: change(azure) });
    expect(report).toMatchObject({ kind: 'unknown', failure: { code: 'link-lost' } });
    const state = await ask({ kind: 'change-state', session: 's1', change: 'c1' });
    expect(state).toEqual({ kind: 'said', text: 'begun 0\n' });
    stand.misbehave = undefined;
    expect(await perform({ kind: 'undo', change: change(azure), force: false })).toMatchObject({
      kind: 'done',
    });
    expect(stand.lists.nodeDrivers?.azure?.active).toBe(true);
  });

  it('is not taken back over somebody else’s work, unless that is wanted', async () => {
    await perform({ kind: 'change', change: change(setting) });
    Object.assign(stand.lists.settings?.['server-version'] ?? {}, { value: 'theirs' });
    const report = await perform({ kind: 'undo', change: change(setting), force: false });
    expect(report).toMatchObject({ kind: 'refused', failure: { code: 'drifted' } });
    expect(stand.lists.settings?.['server-version']?.value).toBe('theirs');
    await perform({ kind: 'undo', change: change(setting), force: true });
    expect(stand.lists.settings?.['server-version']?.value).toBe('v2.4.18');
  });

  it('is not made in a read-only session, nor of what is no object of it', async () => {
    expect(await perform({ kind: 'change', change: change(azure) }, true)).toMatchObject({
      kind: 'refused',
      failure: { code: 'read-only' },
    });
    for (const path of [
      '/v3/tokens/token-1',
      '/v3/users',
      '/v3/nodeDrivers/a?action=x',
      '/v3/nodeDrivers/../tokens/a',
    ])
      expect(await perform({ kind: 'change', change: change({ ...azure, path }) })).toMatchObject({
        kind: 'refused',
      });
    expect(await perform({ kind: 'restart', unit: 'rancher' })).toMatchObject({ kind: 'refused' });
    expect(stand.seen).toEqual([]);
  });

  it('is taken back by hand with the script that lies beside it', async () => {
    await perform({ kind: 'change', change: change(azure, mary) });
    const script = folder.at('state/k8s-harden/kept/s1/c1/undo.sh');
    const env = { ...process.env, K8S_HARDEN_RANCHER_TOKEN: stand.token };
    await promisify(execFile)('sh', [script], { env });
    expect(stand.lists.nodeDrivers?.azure?.active).toBe(true);
    expect(Object.values(stand.lists.globalRoleBindings ?? {})).toContainEqual({
      globalRoleId: 'admin',
      userId: 'user-2',
    });
    const state = await ask({ kind: 'change-state', session: 's1', change: 'c1' });
    expect(state.kind === 'said' && state.text).toContain('ended undone');
  });
});

describe('the token', () => {
  it('stands in no answer, no report and no file, and the redactor hears of it first', async () => {
    stand.misbehave = (request, response) =>
      request.method === 'DELETE' &&
      reply(500, 'application/json', JSON.stringify({ type: 'error', message: 'no' }))(request, response);
    const report = await perform({ kind: 'change', change: change(azure, mary) });
    const answer = await ask(users);
    expect(JSON.stringify([report, answer]) + kept()).not.toContain(stand.token.split(':')[1]);
    expect(kept()).toContain('undo.sh');
    expect(heard).toContain(stand.token);
  });

  it('is asked for where there is none, and one that does not work is forgotten', async () => {
    const { ca, url } = stand;
    const of = createRancherService({
      ca,
      mayTryLogin: false,
      onSecret: (secret) => void heard.push(secret),
    });
    expect(whyNot(await ask(users, of), 'it')).toContain('there is no token for it');
    const wrong = await of.enter(url, 'token-x:wrong');
    expect(wrong).toMatchObject({ ok: false });
    expect(wrong.ok ? '' : told(wrong.failure)).toContain('does not accept the token');
    expect(of.hasToken(url)).toBe(false);
    expect(await of.enter(url, 'two words')).toMatchObject({ ok: false });
    expect(await of.enter(url, stand.token)).toEqual({ ok: true, value: 'admin' });
    expect(of.hasToken(url)).toBe(true);
    expect((await ask(users, of)).kind).toBe('said');
    const part = stand.token.split(':')[1];
    expect(heard).toEqual(['token-x:wrong', 'wrong', 'two words', stand.token, part]);
  });
});

describe('a login with a password that everybody knows', () => {
  const login: Question = { kind: 'rancher-login', account: 'admin', known: 'admin' };

  it('is not tried unless the operator agreed', async () => {
    expect(whyNot(await ask(login), 'it')).toContain('nobody agreed');
    expect(stand.seen).toEqual([]);
  });

  it('that is let in ends at once, and its own token is a secret', async () => {
    expect(await ask(login, service({ mayTryLogin: true }))).toEqual({ kind: 'said', text: 'yes' });
    expect(stand.seen.map(({ path, token }) => [path, token])).toEqual([
      ['/v3-public/localProviders/local?action=login', undefined],
      ['/v3/tokens?action=logout', 'token-fresh:0123456789abcdefghijkl'],
    ]);
    expect(heard).toContain('token-fresh:0123456789abcdefghijkl');
  });

  it('that is refused is not tried again', async () => {
    stand.password = 'another';
    const of = service({ mayTryLogin: true });
    expect(await ask(login, of)).toEqual({ kind: 'said', text: 'no' });
    expect(await ask(login, of)).toEqual({ kind: 'said', text: 'no' });
    expect(stand.seen).toHaveLength(1);
  });

  it('that the server would not judge says nothing', async () => {
    stand.misbehave = reply(429, 'application/json', '{"type":"error","message":"too many"}');
    expect(whyNot(await ask(login, service({ mayTryLogin: true })), 'it')).toContain('429: too many');
  });
});

function cut({ socket }: { readonly socket: { readonly destroy: () => unknown } }): boolean {
  socket.destroy();
  return true;
}

function reply(status: number, type: string, body: string): Misbehaviour {
  return (_, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
    return true;
  };
}
