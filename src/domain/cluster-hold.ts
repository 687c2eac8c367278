import type { Words } from './question.ts';
import { commandLine, quote } from './quote.ts';

/** Who holds the lock of a whole cluster: for the restart of which node, since when (ISO 8601, UTC). */
export type Hold = { readonly holder: string; readonly node: string; readonly since: string };

/** A hold as the cluster has it, with the version by which another may replace it and no later one. */
export type StandingHold = Hold & { readonly version: string };

/** The namespace and the name of the ConfigMap that is the lock. */
export const holdNamespace = 'kube-system';
export const holdName = 'k8s-harden-restart';

/** How kubectl is pointed at the lock. */
export const holdObject: Words = ['configmap', holdName, '-n', holdNamespace];

/** No restart takes so long; what is older was left behind. The clocks of two operators may differ by minutes. */
const leftMs = 30 * 60_000;

/** Whether a hold is so old that its restart is over, however it ended. */
export function isLeft({ since }: Hold, now: number): boolean {
  return now - Date.parse(since) > leftMs;
}

/** The lock as a manifest; with the version of one that it replaces. */
export function holdManifest({ holder, node, since }: Hold, over?: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: holdName,
      namespace: holdNamespace,
      ...(over === undefined ? {} : { resourceVersion: over }),
    },
    data: { holder, node, since },
  });
}

/** What takes the lock: the API server creates one object of a name, and replaces only the version that is named. */
export function holdCommand(kubectl: Words, hold: Hold, over?: string): string {
  const verb = over === undefined ? 'create' : 'replace';
  const words = [...kubectl, verb, '--request-timeout=20s', '-f', '-'];
  return `printf %s ${quote(holdManifest(hold, over))} | ${commandLine(words)}`;
}

/** What gives the lock back. */
export function releaseCommand(kubectl: Words): string {
  return commandLine([...kubectl, 'delete', ...holdObject, '--ignore-not-found', '--request-timeout=20s']);
}

/** Reads the lock from the object that the API gives; undefined when it is not in our form. */
export function readHold(object: unknown): StandingHold | undefined {
  const { metadata, data } = (object ?? {}) as {
    readonly metadata?: { readonly resourceVersion?: unknown };
    readonly data?: Readonly<Record<string, unknown>>;
  };
  const { holder, node, since } = data ?? {};
  const version = metadata?.resourceVersion;
  if (typeof holder !== 'string' || typeof node !== 'string' || typeof since !== 'string') return undefined;
  if (typeof version !== 'string' || Number.isNaN(Date.parse(since))) return undefined;
  return { holder, node, since, version };
}

/** Who holds it, for what and since when, without the full stop. */
export function holdWords({ holder, node, since }: Hold): string {
  return `${holder} is restarting ${node} since ${since.slice(0, 16).replace('T', ' ')} UTC`;
}
