import type { Answer } from '../domain/answer.ts';
import { refusedRancherPath } from '../domain/rancher.ts';
import type { RancherReply } from './rancher-client.ts';
import type { RancherServer } from './rancher-server.ts';
import { oneLine } from './wire/clean.ts';

/** Pages of a list that are read at most; a page holds a thousand objects. */
const mostPages = 50;

/** So much of one list is read, whatever the number of its pages. */
const mostText = 32 << 20;

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
  const tree: Page = readTree(first.text) ?? {};
  if (tree.data === undefined) return first;
  const objects = new Map<unknown, unknown>();
  let page = tree;
  let size = first.text.length;
  for (let pages = 1; ; pages++) {
    if (!Array.isArray(page.data)) return lost('what came is not a list of objects');
    // The server begins anew where the object of the marker has gone meanwhile: then some come twice.
    for (const object of page.data) objects.set(idOf(object) ?? objects.size, object);
    const next = nextOf(page, server.url);
    if (next.kind === 'unclear') return lost('where the next page of the list begins cannot be read');
    if (next.kind === 'none') {
      // The last page of several is called partial too; only what comes alone must not be.
      if ((pages === 1 && isPartial(page)) || totalOf(page) > objects.size)
        return lost('the list came only in part');
      return pages === 1 ? first : together(tree, [...objects.values()]);
    }
    if (pages >= mostPages) return lost('the list is longer than is read');
    if (size > mostText) return { kind: 'too-large', cap: mostText };
    const query = new URLSearchParams({ limit: '1000', marker: next.marker });
    const more = replyAnswer(await server.send({ method: 'GET', path: `${path}?${query}` }, signal));
    if (more.kind === 'absent') return lost('a page of the list was gone');
    if (more.kind !== 'said') return more;
    size += more.text.length;
    page = readTree(more.text) ?? {};
  }
}

type Page = { readonly data?: unknown; readonly pagination?: unknown };

function together(tree: Page, data: readonly unknown[]): Answer {
  try {
    return { kind: 'said', text: JSON.stringify({ ...tree, data }) };
  } catch {
    return lost('what came is nested too deep');
  }
}

function idOf(object: unknown): string | undefined {
  const { id } = (object ?? {}) as { readonly id?: unknown };
  return typeof id === 'string' ? id : undefined;
}

function paginationOf({ pagination }: Page): Readonly<Record<string, unknown>> {
  return (pagination ?? {}) as Readonly<Record<string, unknown>>;
}

function isPartial(page: Page): boolean {
  return paginationOf(page).partial === true;
}

function totalOf(page: Page): number {
  const { total } = paginationOf(page);
  return typeof total === 'number' ? total : 0;
}

/** Where the next page begins. Of the address that the server names for it only this counts: the host may be any. */
function nextOf(
  page: Page,
  base: string,
):
  | { readonly kind: 'none' }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'marker'; readonly marker: string } {
  const { next } = paginationOf(page);
  if (next === undefined || next === null || next === '') return { kind: 'none' };
  if (typeof next !== 'string' || !URL.canParse(next, base)) return { kind: 'unclear' };
  const marker = new URL(next, base).searchParams.get('marker');
  return marker === null ? { kind: 'unclear' } : { kind: 'marker', marker };
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
