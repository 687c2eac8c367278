import type { RancherRequest } from '../domain/rancher.ts';
import type { RancherReply } from '../transport/rancher-client.ts';
import type { LabRancher } from './rancher-schema.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The server after a request, and its reply, in the shapes of the real API. */
export type Replied = { readonly rancher: LabRancher; readonly reply: RancherReply };

/** What the lab's Rancher server makes of a request. */
export function replyOf(rancher: LabRancher, request: RancherRequest): Replied {
  const [path = '', query = ''] = request.path.split('?');
  const deployment = /^\/k8s\/clusters\/local\/.*\/deployments\/([^/]+)$/.exec(path);
  if (deployment) return { rancher, reply: deploymentReply(rancher, deployment[1] ?? '') };
  const [, list = '', id] = /^\/v3\/([A-Za-z]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const objects = (rancher.lists as Readonly<Record<string, Readonly<Record<string, Fields>>>>)[list];
  if (!objects) return { rancher, reply: missing(path) };
  const withObjects = (changed: Readonly<Record<string, Fields>>): LabRancher => ({
    ...rancher,
    lists: { ...rancher.lists, [list]: changed },
  });
  if (id === undefined) {
    if (request.method === 'GET') return { rancher, reply: said(200, collection(rancher, list, objects)) };
    if (request.method !== 'POST') return { rancher, reply: said(405, error(405, 'MethodNotAllowed')) };
    const made = newId(list, objects);
    const fields = JSON.parse(request.body ?? '{}') as Fields;
    return {
      rancher: withObjects({ ...objects, [made]: fields }),
      reply: said(201, shown(rancher, list, made, fields)),
    };
  }
  const object = objects[id];
  if (!object) return { rancher, reply: missing(path) };
  const changed = (fields: Fields): Replied => {
    const now = { ...object, ...fields };
    return {
      rancher: withObjects({ ...objects, [id]: now }),
      reply: said(200, shown(rancher, list, id, now)),
    };
  };
  switch (request.method) {
    case 'GET':
      return { rancher, reply: said(200, shown(rancher, list, id, object)) };
    case 'PUT':
      return changed(JSON.parse(request.body ?? '{}') as Fields);
    case 'POST':
      if (query === 'action=activate') return changed({ active: true, state: 'active' });
      if (query === 'action=deactivate') return changed({ active: false, state: 'inactive' });
      return { rancher, reply: said(404, error(404, 'NotFound')) };
    case 'DELETE': {
      const { [id]: _, ...rest } = objects;
      return { rancher: withObjects(rest), reply: said(200, {}) };
    }
  }
}

function collection(rancher: LabRancher, list: string, objects: Readonly<Record<string, Fields>>): Fields {
  const data = Object.entries(objects).map(([id, fields]) => shown(rancher, list, id, fields));
  return {
    type: 'collection',
    resourceType: typeOf(list),
    pagination: { limit: 1000, total: data.length },
    data,
  };
}

function shown({ me }: LabRancher, list: string, id: string, fields: Fields): Fields {
  const mine = list === 'users' && id === me ? { me: 'true' } : {};
  return { ...fields, ...mine, id, type: typeOf(list) };
}

function typeOf(list: string): string {
  return list.replace(/s$/, '');
}

function newId(list: string, objects: Readonly<Record<string, Fields>>): string {
  const lead = list === 'globalRoleBindings' ? 'grb' : typeOf(list);
  let n = 1;
  while (objects[`${lead}-new-${n}`]) n++;
  return `${lead}-new-${n}`;
}

function deploymentReply({ lists, environment }: LabRancher, name: string): RancherReply {
  if (name !== 'rancher' || !environment || !lists.clusters?.local)
    return said(404, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 });
  const env = Object.entries(environment).map(([key, value]) => ({ name: key, value }));
  return said(200, {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: { name, namespace: 'cattle-system' },
    spec: { template: { spec: { containers: [{ name, env }] } } },
  });
}

function missing(path: string): RancherReply {
  return said(404, error(404, 'NotFound', `${path} not found`));
}

function error(status: number, code: string, message = code): Fields {
  return { type: 'error', status, code, message };
}

function said(status: number, tree: Fields): RancherReply {
  return { kind: 'reply', status, type: 'application/json', location: '', body: JSON.stringify(tree) };
}
