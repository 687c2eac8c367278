import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whyNot } from '../../src/domain/answer.ts';
import { told } from '../../src/domain/failure.ts';
import type { Deed, DeedReport, RancherService } from '../../src/domain/ports.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import type { RancherStep } from '../../src/domain/rancher.ts';
import { createRancherService } from '../../src/transport/rancher-service.ts';
import { rancherUrl } from '../../src/transport/rancher-url.ts';
import { type Misbehaviour, type RancherStandIn, startRancher } from '../support/rancher-server.ts';
import { newFolder } from './support/loopback.ts';

let stand: RancherStandIn;
let folder: ReturnType<typeof newFolder>;
let before: string | undefined;

beforeEach(async () => {
  stand = await startRancher();
  folder = newFolder();
  before = process.env.XDG_STATE_HOME;
  process.env.XDG_STATE_HOME = folder.at('state');
});
afterEach(async () => {
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = before;
  folder.remove();
  await stand.close();
});

function service(): RancherService {
  const { url, token, ca, caPath } = stand;
  return createRancherService({ url, token, ca, caPath, mayTryLogin: true, onSecret: () => {} });
}

async function ask(question: Question) {
  const target = service().target(stand.url, false);
  const answer = (await target.ask([question], { deadlineMs: 20_000 })).get(questionKey(question));
  if (!answer) throw new Error('no answer');
  return answer;
}

const users: Question = { kind: 'rancher', path: '/v3/users' };

/** What is said of the list of users when the server answers so: on the first page, and on those after it. */
async function listed(first: string, later = first): Promise<string> {
  stand.misbehave = (request, response) =>
    json(request.url?.includes('marker') ? later : first)(request, response);
  const answer = await ask(users);
  return answer.kind === 'said' ? answer.text : whyNot(answer, 'it');
}

const json =
  (body: string, status = 200): Misbehaviour =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body);
    return true;
  };

describe('a list that is not whole is no list', () => {
  const more = '{"data":[{"id":"a"}],"pagination":{"partial":true,"next":"https://h/v3/users?marker=b"}}';

  it.each([
    ['a map', '{"data":{}}', 'not a list of objects'],
    ['a number', '{"data":5}', 'not a list of objects'],
    ['nothing', '{"data":null}', 'not a list of objects'],
    ['fewer than it counts', '{"data":[{"id":"a"}],"pagination":{"total":7}}', 'only in part'],
    ['a next page at no place', '{"data":[{"id":"a"}],"pagination":{"next":{"x":1}}}', 'cannot be read'],
    [
      'a next page without marker',
      '{"data":[],"pagination":{"next":"https://h/v3/users?from=a"}}',
      'cannot be read',
    ],
  ])('%s', async (_, body, says) => {
    expect(await listed(body)).toContain(says);
  });

  it.each([
    ['is no list', '{"type":"x"}', 'not a list of objects'],
    ['is a number', '{"data":5}', 'not a list of objects'],
    [
      'says that there are more',
      '{"data":[{"id":"b"}],"pagination":{"partial":true,"total":9}}',
      'only in part',
    ],
    ['leads to itself', more, 'longer than is read'],
    ['is nested too deep', `{"data":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`, 'nested too deep'],
  ])('whose second page %s', async (_, later, says) => {
    expect(await listed(more, later)).toContain(says);
  });

  it('though a last page that calls itself partial is one, and what comes twice counts once', async () => {
    const last = '{"data":[{"id":"a"},{"id":"b"}],"pagination":{"partial":true,"total":2}}';
    expect(JSON.parse(await listed(more, last)).data).toEqual([{ id: 'a' }, { id: 'b' }]);
    const relative = more.replace('https://h', '');
    expect(JSON.parse(await listed(relative, last)).data).toHaveLength(2);
  });

  it('and what is too much on many pages is too large', { timeout: 30_000 }, async () => {
    const page = JSON.stringify({
      data: [{ id: 'a', text: 'a'.repeat(7 << 20) }],
      pagination: JSON.parse(more).pagination,
    });
    expect(await listed(page)).toContain('larger than');
  });
});

it('what does not speak HTTP is said so', async () => {
  stand.misbehave = (request) => {
    request.socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    return true;
  };
  expect(whyNot(await ask(users), 'it')).toContain('does not speak HTTP as it should');
});

it('a login that gives no token that can be sent back says nothing', async () => {
  for (const token of ['a\nb', 'é€', '', 5]) {
    stand.misbehave = (request, response) =>
      request.url?.includes('login') === true && json(JSON.stringify({ token }), 201)(request, response);
    expect((await ask({ kind: 'rancher-login', account: 'admin', known: 'admin' })).kind).toBe('lost');
  }
});

it('a login that is let in lasts a minute at most, and its end is sent though nobody waits any more', async () => {
  const asking = new AbortController();
  stand.misbehave = (request) => {
    if (request.url?.includes('logout')) asking.abort('deadline');
    return false;
  };
  const question: Question = { kind: 'rancher-login', account: 'admin', known: 'admin' };
  const target = service().target(stand.url, false);
  const answers = await target.ask([question], { deadlineMs: 4_000, signal: asking.signal });
  expect(answers.get(questionKey(question))).toEqual({ kind: 'said', text: 'yes' });
  expect(stand.logins).toMatchObject([{ ttl: 60_000, description: expect.stringContaining('k8s-harden') }]);
  expect(stand.seen.at(-1)).toMatchObject({ path: '/v3/tokens?action=logout' });
});

it('a token is tried on a server that answers with anything', async () => {
  for (const [body, says] of [
    ['{"data":[null]}', 'somebody it does not name'],
    ['{"data":5}', 'not a list of objects'],
  ]) {
    stand.misbehave = json(body ?? '');
    const entered = await service().enter(stand.url, 'token-a:b');
    expect(entered.ok ? entered.value : told(entered.failure)).toContain(says);
  }
});

it.each([
  'kim:xqzj@rancher',
  'https://kim:xq/zj@rancher',
  'https://kim:xqzj@kim@rancher',
  'https:kim:xqzj@rancher',
  'https:/kim:xqzj@rancher',
  'http://kim:xqzj@rancher/v3',
])('the password in the address %s is not repeated', (text) => {
  const read = rancherUrl(text, '--rancher');
  const says = read.ok ? '' : told(read.failure);
  expect(says).toContain('rancher');
  expect(says).not.toMatch(/kim|xq|zj/);
});

describe('a change', () => {
  const url: RancherStep = {
    kind: 'rancher-object',
    path: '/v3/settings/server-url',
    title: 'setting server-url',
    does: 'set',
    before: '{"value":"ours"}',
    after: '{"value":"new"}',
  };
  const azure: RancherStep = {
    kind: 'rancher-object',
    path: '/v3/nodeDrivers/azure',
    title: 'node driver azure',
    does: 'deactivate',
    before: '{"active":true}',
    after: '{"active":false}',
  };

  function perform(steps: readonly RancherStep[], kind: 'change' | 'undo' = 'change'): Promise<DeedReport> {
    const change = { id: 'c1', session: 's1', control: 'x', node: 'rancher', via: 'rancher', steps };
    const deed: Deed = kind === 'change' ? { kind, change } : { kind, change, force: false };
    return service().target(stand.url, false).perform(deed, { deadlineMs: 20_000 });
  }

  beforeEach(() => {
    stand.lists.settings = { ...stand.lists.settings, 'server-url': { name: 'server-url', value: 'ours' } };
  });

  it('that the server refuses because somebody else was faster leaves what they did', async () => {
    stand.misbehave = (request, response) => {
      if (request.method !== 'PUT') return false;
      Object.assign(stand.lists.settings?.['server-url'] ?? {}, { value: 'theirs' });
      return json('{"type":"error","message":"the object has been modified"}', 409)(request, response);
    };
    const report = await perform([azure, url]);
    expect(report).toMatchObject({ kind: 'put-back', failure: { code: 'change-failed' } });
    expect(stand.lists.settings?.['server-url']?.value).toBe('theirs');
    expect(stand.lists.nodeDrivers?.azure?.active).toBe(true);
    expect(report.output.join('\n')).toContain(
      'setting server-url was changed by somebody else, and is left',
    );
    expect(stand.seen.filter((one) => one.method === 'PUT')).toHaveLength(1);
  });

  it('is not done because some other JSON came, in which what is off may be left out', async () => {
    stand.misbehave = (request, response) =>
      stand.seen.some((one) => one.method === 'POST') && json('{}')(request, response);
    expect(await perform([azure])).toMatchObject({ kind: 'unknown', failure: { code: 'link-lost' } });
  });

  it('that removes is done when lists no longer hold what was removed, and not before', async () => {
    const mary: RancherStep = {
      ...azure,
      path: '/v3/globalRoleBindings/grb-2',
      title: 'binding of mary',
      does: 'remove',
      before: '{"globalRoleId":"admin","userId":"user-2"}',
      after: '{}',
    };
    let looks = 0;
    stand.misbehave = (request, response) => {
      const bindings = stand.lists.globalRoleBindings ?? {};
      if (request.method === 'DELETE') {
        Object.assign(bindings['grb-2'] ?? {}, { state: 'removing' });
        return json('{"type":"globalRoleBinding"}')(request, response);
      }
      // Its finalizers take until the third look.
      if (bindings['grb-2']?.state === 'removing' && ++looks === 3) delete bindings['grb-2'];
      return false;
    };
    expect((await perform([mary])).kind).toBe('done');
    expect(stand.lists.globalRoleBindings).not.toHaveProperty('grb-2');
  });

  it('is taken back by hand without the proxy of the environment, and no .curlrc makes it trust another CA', async () => {
    expect((await perform([azure])).kind).toBe('done');
    writeFileSync(folder.at('.curlrc'), 'insecure\nproxy = "http://127.0.0.1:1"\n');
    const script = folder.at('state/k8s-harden/kept/s1/c1/undo.sh');
    const run = (path: string): Promise<unknown> =>
      promisify(execFile)('sh', [path], {
        env: {
          ...process.env,
          HOME: folder.at('.'),
          https_proxy: 'http://127.0.0.1:1',
          K8S_HARDEN_RANCHER_TOKEN: stand.token,
        },
      });
    const other = await startRancher();
    try {
      const deceived = script.replace('undo.sh', 'other.sh');
      writeFileSync(deceived, readFileSync(script, 'utf8').replace(stand.caPath, other.caPath));
      await expect(run(deceived)).rejects.toThrow(/certificate/);
    } finally {
      await other.close();
    }
    expect(stand.lists.nodeDrivers?.azure?.active).toBe(false);
    await run(script);
    expect(stand.lists.nodeDrivers?.azure?.active).toBe(true);
  });

  it('is not taken back on a list that is none, nor by a binding that is being removed', async () => {
    const binding = { globalRoleId: 'admin', userId: 'user-2' };
    const mary: RancherStep = {
      ...azure,
      path: '/v3/globalRoleBindings/grb-2',
      title: 'binding of mary',
      does: 'remove',
      before: JSON.stringify(binding),
      after: '{}',
    };
    expect((await perform([mary])).kind).toBe('done');
    stand.misbehave = (request, response) =>
      request.url === '/v3/globalRoleBindings' && json('{"data":[null]}')(request, response);
    expect(await perform([mary], 'undo')).toMatchObject({ kind: 'unknown' });
    stand.misbehave = undefined;
    stand.lists.globalRoleBindings = {
      'grb-1': { globalRoleId: 'admin', userId: 'user-1' },
      'grb-9': { ...binding, state: 'removing' },
    };
    expect(await perform([mary], 'undo')).toMatchObject({ kind: 'done' });
    expect(Object.values(stand.lists.globalRoleBindings)).toContainEqual(binding);
  });
});
