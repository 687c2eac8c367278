import type { Step } from './step.ts';
import { visible } from './unseen.ts';

/** A step on one object of the Rancher server. */
export type RancherStep = Extract<Step, { readonly kind: 'rancher-object' }>;

/** One request to the server's API; `body` is JSON. */
export type RancherRequest = {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: string;
};

/** The word of a place that holds the address of the Rancher server; there is none where no server was named. */
export const rancherWord = 'rancher-server';

/** The word of a place where the operator agreed to one login attempt. */
export const rancherLoginWord = 'rancher-may-try-login';

/** The name under which what is asked of the Rancher server is found. */
export const rancherSite = 'rancher';

/** The collections of the API that are read and changed here; some, such as tokens, are never. */
const collections =
  'authConfigs|clusters|globalRoleBindings|globalRoles|nodeDrivers|nodeTemplates|settings|users';

const id = '[A-Za-z0-9][A-Za-z0-9._:-]*';

/**
 * What may be read: lists, objects in them, and deployments of the server's own cluster. Nothing with a query: some of those
 * are not read but done.
 */
const readable = new RegExp(
  `^/v3/(${collections})(/${id})?$|^/k8s/clusters/local/apis/apps/v1/namespaces/[a-z0-9-]+/deployments/[a-z0-9-]+$`,
);

const changeable = new RegExp(`^/v3/(${collections})/${id}$`);

/** Why a path of the server must not be asked, as part of a sentence; undefined when it only reads. */
export function refusedRancherPath(path: string): string | undefined {
  return readable.test(path)
    ? undefined
    : `${path} is not one of the paths of a Rancher server that are read`;
}

/** Why a step must not be sent, as part of a sentence; undefined when it names one object. */
export function refusedRancherStep({ path }: RancherStep): string | undefined {
  return changeable.test(path) ? undefined : `${path} is not one object of a Rancher server`;
}

/** The request that a step is. */
export function requestOf(step: RancherStep): RancherRequest {
  switch (step.does) {
    case 'set':
      return { method: 'PUT', path: step.path, body: step.after };
    case 'activate':
    case 'deactivate':
      return { method: 'POST', path: `${step.path}?action=${step.does}`, body: '{}' };
    case 'remove':
      return { method: 'DELETE', path: step.path };
  }
}

/** The request that takes a step back; what was removed is made anew, and the server gives it another id. */
export function requestBack(step: RancherStep): RancherRequest {
  switch (step.does) {
    case 'set':
      return { method: 'PUT', path: step.path, body: step.before };
    case 'activate':
      return { method: 'POST', path: `${step.path}?action=deactivate`, body: '{}' };
    case 'deactivate':
      return { method: 'POST', path: `${step.path}?action=activate`, body: '{}' };
    case 'remove':
      return { method: 'POST', path: collectionOf(step), body: step.before };
  }
}

/** The list that an object stands in. */
export function collectionOf({ path }: Pick<RancherStep, 'path'>): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** A request as one line for the screen and the record. */
export function requestLine({ method, path, body }: RancherRequest): string {
  return visible([method, path, ...(body === undefined || body === '{}' ? [] : [body])].join(' '));
}

/** The lines for the screen: what is there, what is sent, what is there then. */
export function rancherLines(step: RancherStep): readonly string[] {
  return [
    visible(
      `# ${step.title}: ${step.before} becomes ${step.does === 'remove' ? 'nothing: it is removed' : step.after}`,
    ),
    requestLine(requestOf(step)),
  ];
}

/** The lines for the screen that take a step back. */
export function rancherBackLines(step: RancherStep): readonly string[] {
  const anew = step.does === 'remove' ? ', under a new id' : '';
  return [visible(`# ${step.title} is ${step.before} again${anew}`), requestLine(requestBack(step))];
}
