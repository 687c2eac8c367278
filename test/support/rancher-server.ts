import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Fields = { [field: string]: unknown };

/** What a test has the server do instead of what it should, for the next requests to a path. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A small server with the shapes of Rancher's own API, on loopback, with a certificate made for it a moment ago. */
export type RancherStandIn = {
  readonly url: string;
  /** The CA's certificate, and its path. */
  readonly ca: string;
  readonly caPath: string;
  /** The token that it takes. */
  readonly token: string;
  /** Whose token it is. */
  me: string;
  lists: Record<string, Record<string, Fields>>;
  /** The environment of its own deployment. */
  environment: Record<string, string> | undefined;
  /** The password of admin. */
  password: string;
  /** What came in: method, path and whether it had the token. */
  readonly seen: { readonly method: string; readonly path: string; readonly token: string | undefined }[];
  /** What was sent to log in. */
  readonly logins: Fields[];
  misbehave: Misbehaviour | undefined;
  readonly close: () => Promise<void>;
};

/** How many objects it puts on a page; the real one has a thousand. */
const page = 2;

/** Starts one; `names` are those that its certificate is for. */
export async function startRancher(
  names = 'DNS:localhost,IP:127.0.0.1',
  days = '2',
): Promise<RancherStandIn> {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-harden-rancher-'));
  const at = (name: string): string => join(folder, name);
  const openssl = (...words: string[]): void =>
    void execFileSync('openssl', words, { stdio: 'pipe', cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=test CA',
  );
  openssl(
    'req',
    ...key,
    '-keyout',
    'key.pem',
    '-out',
    'request.pem',
    '-subj',
    '/CN=rancher',
    '-addext',
    `subjectAltName=${names}`,
  );
  const sign = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-copy_extensions', 'copy', '-days', days];
  openssl('x509', '-req', '-in', 'request.pem', ...sign, '-out', 'certificate.pem');
  const stand: Omit<RancherStandIn, 'url' | 'close'> = {
    ca: readFileSync(at('ca.pem'), 'utf8'),
    caPath: at('ca.pem'),
    token: 'token-k9x2v:7h4m2q8w6z5t3r9p1n0bv8c6x4l2k',
    me: 'user-1',
    lists: freshLists(),
    environment: { AUDIT_LEVEL: '0' },
    password: 'admin',
    seen: [],
    logins: [],
    misbehave: undefined,
  };
  const server = createServer(
    { key: readFileSync(at('key.pem')), cert: readFileSync(at('certificate.pem')) },
    (request, response) => void serve(stand as RancherStandIn, request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(stand, {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => closed(server, folder),
  });
}

function closed(server: Server, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function freshLists(): Record<string, Record<string, Fields>> {
  return {
    settings: { 'server-version': { name: 'server-version', value: 'v2.4.18', default: 'dev' } },
    clusters: { local: { name: 'local' }, 'c-7mxwb': { name: 'prod' } },
    users: {
      'user-1': { username: 'admin', mustChangePassword: false },
      'user-2': { username: 'mary' },
      'user-3': { username: 'joe' },
    },
    globalRoleBindings: {
      'grb-1': { globalRoleId: 'admin', userId: 'user-1' },
      'grb-2': { globalRoleId: 'admin', userId: 'user-2' },
      'grb-3': { globalRoleId: 'user', userId: 'user-3' },
    },
    authConfigs: { local: { name: 'local', enabled: true }, github: { name: 'github', enabled: false } },
    nodeDrivers: {
      amazonec2: { name: 'amazonec2', active: true },
      azure: { name: 'azure', active: true },
      vmwarevsphere: { name: 'vmwarevsphere', active: false },
    },
    nodeTemplates: {},
  };
}

async function serve(
  stand: RancherStandIn,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://rancher');
  const token = request.headers.authorization?.replace(/^Bearer /, '');
  stand.seen.push({ method: request.method ?? '', path: url.pathname + url.search, token });
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = (): Fields => JSON.parse(Buffer.concat(parts).toString('utf8') || '{}') as Fields;
  if (stand.misbehave?.(request, response)) return;
  const say = (status: number, tree: Fields): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(tree));
  };
  const error = (status: number, code: string, message = code): void =>
    say(status, { type: 'error', status, code, message, baseType: 'error' });
  if (url.pathname === '/v3-public/localProviders/local') {
    const { username, password } = body();
    stand.logins.push(body());
    if (username !== 'admin' || password !== stand.password)
      return error(401, 'Unauthorized', 'authentication failed');
    return say(201, { type: 'token', id: 'token-fresh', token: 'token-fresh:0123456789abcdefghijkl' });
  }
  if (url.pathname === '/v3/tokens' && url.searchParams.get('action') === 'logout') return say(200, {});
  if (token !== stand.token) return error(401, 'Unauthorized', 'must authenticate');
  const deployment = '/k8s/clusters/local/apis/apps/v1/namespaces/cattle-system/deployments/rancher';
  if (url.pathname === deployment) {
    if (!stand.environment || !stand.lists.clusters?.local)
      return say(404, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 });
    const env = Object.entries(stand.environment).map(([name, value]) => ({ name, value }));
    return say(200, {
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name: 'rancher' },
      spec: { template: { spec: { containers: [{ name: 'rancher', env }] } } },
    });
  }
  const [, list = '', id] = /^\/v3\/(\w+)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
  const objects = stand.lists[list];
  if (!objects) return error(404, 'NotFound');
  const shown = (name: string): Fields => ({
    id: name,
    type: list.replace(/s$/, ''),
    links: { self: `https://rancher.inside/v3/${list}/${name}` },
    ...(list === 'users' && name === stand.me ? { me: 'true' } : {}),
    ...objects[name],
  });
  if (id === undefined && request.method === 'GET') {
    const ids = Object.keys(objects);
    const from = Number(url.searchParams.get('marker') ?? 0);
    const limit = url.searchParams.has('limit') ? Number(url.searchParams.get('limit')) : page;
    const more = from + limit < ids.length;
    const next = `https://rancher.inside/v3/${list}?limit=${limit}&marker=${from + limit}`;
    return say(200, {
      type: 'collection',
      resourceType: list.replace(/s$/, ''),
      pagination: { limit, total: ids.length, ...(more ? { partial: true, next } : {}) },
      data: ids.slice(from, from + limit).map(shown),
    });
  }
  if (id === undefined) {
    const made = `grb-${Object.keys(objects).length + 11}`;
    objects[made] = body();
    return say(201, shown(made));
  }
  const object = objects[id];
  if (!object) return error(404, 'NotFound');
  const action = url.searchParams.get('action');
  if (request.method === 'PUT') Object.assign(object, body());
  if (request.method === 'DELETE') {
    delete objects[id];
    return say(200, {});
  }
  if (request.method === 'POST') {
    if (action !== 'activate' && action !== 'deactivate') return error(404, 'NotFound');
    object.active = action === 'activate';
  }
  return say(200, shown(id));
}
