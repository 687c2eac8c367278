import type { Answer } from '../domain/answer.ts';
import { refusedRancherPath } from '../domain/rancher.ts';
import type { RancherReply } from './rancher-client.ts';
import type { RancherServer } from './rancher-server.ts';
import { oneLine } from './wire/clean.ts';

/** Pages of a list that are read at most; a page holds a thousand objects. */
const mostPages = 50;

/** Answers one path; a list that comes in pages is put together. */
export async function answerPath(
  server: RancherServer,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const refused = refusedRancherPath(path);
  if (refused !== undefined) return lost(`it was not sent, for ${refused}`);
  const first = replyAnswer(await server.send({ method: 'GET', path }, signal));
  if (first.kind !== 'said') return first;
  const tree = JSON.parse(first.text) as Page;
  const data = [...(tree.data ?? [])];
  let marker = markerOf(tree);
  if (tree.pagination?.partial === true && marker === undefined) return lost('the list came only in part');
  for (let pages = 1; marker !== undefined; pages++) {
    if (pages >= mostPages) return lost('the list is longer than is read');
    const query = new URLSearchParams({ limit: '1000', marker });
    const next = replyAnswer(await server.send({ method: 'GET', path: `${path}?${query}` }, signal));
    if (next.kind === 'absent') return lost('a page of the list was gone');
    if (next.kind !== 'said') return next;
    const page = JSON.parse(next.text) as Page;
    data.push(...(page.data ?? []));
    marker = markerOf(page);
  }
  return tree.data === undefined ? first : { kind: 'said', text: JSON.stringify({ ...tree, data }) };
}

type Page = {
  readonly data?: readonly unknown[];
  readonly pagination?: { readonly next?: unknown; readonly partial?: unknown };
};

/** Where the next page begins. Of the address that the server names for it only this counts: the host may be any. */
function markerOf({ pagination }: Page): string | undefined {
  const next = pagination?.next;
  if (typeof next !== 'string' || !URL.canParse(next)) return undefined;
  return new URL(next).searchParams.get('marker') ?? undefined;
}

/** A reply as an answer; only JSON counts, and only Rancher's own word that something is not there. */
export function replyAnswer(reply: RancherReply): Answer {
  if (reply.kind === 'too-large') return { kind: 'too-large', cap: reply.cap };
  if (reply.kind === 'none') return lost(reply.reason);
  const { status, location, body } = reply;
  if (status >= 300 && status < 400)
    return lost(
      `the server sends on to ${oneLine(location) || 'elsewhere'}, which is not followed; name that server`,
    );
  if (status === 401)
    return {
      kind: 'denied',
      message: 'the server does not accept the token; it may have ended, or be another server’s',
    };
  if (status === 403) return { kind: 'denied', message: 'the user whose token it is may not' };
  const tree = readTree(body);
  if (tree === undefined) return lost(notJson(reply.type, body, status));
  if (status === 404)
    return tree.type === 'error' || tree.kind === 'Status'
      ? { kind: 'absent' }
      : lost('what answers there does not know this path, and is not Rancher');
  if (status >= 200 && status < 300) return { kind: 'said', text: body };
  return lost(replyWords(status, tree));
}

/** What a server said that did not do what it was asked. */
export function replyWords(status: number, tree: { readonly message?: unknown }): string {
  const message = typeof tree.message === 'string' ? oneLine(tree.message).slice(0, 200) : '';
  return `the server answered ${status}${message && `: ${message}`}`;
}

/** The object in a body; undefined when it is not JSON, or not one. */
export function readTree(body: string): { readonly [field: string]: unknown } | undefined {
  try {
    const tree: unknown = JSON.parse(body);
    return tree !== null && typeof tree === 'object' && !Array.isArray(tree)
      ? (tree as { readonly [field: string]: unknown })
      : undefined;
  } catch {
    return undefined;
  }
}

function notJson(type: string, body: string, status: number): string {
  const page = type.includes('html') || body.trimStart().startsWith('<');
  return page
    ? `the server answered ${status} with a web page; a login may stand before it, or it is not Rancher`
    : `the server answered ${status} with something that is not JSON`;
}

function lost(reason: string): Answer {
  return { kind: 'lost', reason };
}
