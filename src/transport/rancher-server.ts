import type { Answer } from '../domain/answer.ts';
import type { RancherRequest } from '../domain/rancher.ts';
import { readTree, replyWords } from './rancher-answers.ts';
import { createRancherClient, isToken, type RancherReply, type RancherSend } from './rancher-client.ts';

/** A Rancher server that can be spoken to; the token never leaves it. */
export type RancherServer = {
  readonly url: string;
  readonly send: (request: RancherRequest, signal?: AbortSignal) => Promise<RancherReply>;
  /** Tries one login, without the token; `yes` or `no`. */
  readonly tryLogin: (account: string, known: string, signal?: AbortSignal) => Promise<Answer>;
};

/** How a server is reached. */
export type RancherAccess = {
  readonly url: string;
  readonly ca?: string;
  readonly token: () => string | undefined;
  /** Hears of every secret before anybody else can. */
  readonly onSecret: (secret: string) => void;
};

/** A server over HTTPS. */
export function createRancherServer(access: RancherAccess): RancherServer {
  const { url, ca } = access;
  const { send } = createRancherClient({ url, ...(ca === undefined ? {} : { ca }) });
  const refused = new Set<string>();
  return {
    url,
    send: async (request, signal) => {
      const token = access.token();
      if (token === undefined)
        return {
          kind: 'none',
          reason: 'there is no token for it; r on the Nodes screen asks for one',
          sent: false,
        };
      return send(request, token, { signal });
    },
    tryLogin: async (account, known, signal) => {
      const key = JSON.stringify([account, known]);
      // One refusal is enough: more would look like somebody guessing.
      if (refused.has(key)) return { kind: 'said', text: 'no' };
      const answer = await tryLogin(send, access, { account, known, signal });
      if (answer.kind === 'said' && answer.text === 'no') refused.add(key);
      return answer;
    },
  };
}

async function tryLogin(
  send: RancherSend,
  { onSecret }: RancherAccess,
  of: { readonly account: string; readonly known: string; readonly signal: AbortSignal | undefined },
): Promise<Answer> {
  const reply = await send(
    {
      method: 'POST',
      path: '/v3-public/localProviders/local?action=login',
      body: JSON.stringify({
        username: of.account,
        password: of.known,
        responseType: 'json',
        description: 'k8s-harden: whether the first password still opens',
        // Should its end not arrive, it ends by itself.
        ttl: 60_000,
      }),
    },
    undefined,
    { signal: of.signal },
  );
  if (reply.kind !== 'reply')
    return { kind: 'lost', reason: reply.kind === 'none' ? reply.reason : 'too much' };
  const tree = readTree(reply.body);
  if (reply.status === 401 && tree?.type === 'error') return { kind: 'said', text: 'no' };
  const given = typeof tree?.token === 'string' && isToken(tree.token) ? tree.token : undefined;
  if (given === undefined) return { kind: 'lost', reason: replyWords(reply.status, tree ?? {}) };
  onSecret(given);
  // The session that the attempt began ends at once, also where nobody waits for the answer any more.
  await send({ method: 'POST', path: '/v3/tokens?action=logout', body: '{}' }, given);
  return { kind: 'said', text: 'yes' };
}
