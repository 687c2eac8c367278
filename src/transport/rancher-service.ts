import { fail, ok } from '../domain/failure.ts';
import type { RancherService } from '../domain/ports.ts';
import { rancherLoginWord, rancherWord } from '../domain/rancher.ts';
import { createRancher } from './rancher.ts';
import { answerPath } from './rancher-answers.ts';
import { isToken } from './rancher-client.ts';
import { createRancherKeeper } from './rancher-kept.ts';
import { createRancherServer, type RancherServer } from './rancher-server.ts';
import { rancherUrl } from './rancher-url.ts';
import { oneLine } from './wire/clean.ts';

/** What was said of the Rancher server at the start. */
export type RancherStart = {
  /** Its address, in the one form. */
  readonly url?: string;
  readonly token?: string;
  /** The text of the CA's certificate, and its path. */
  readonly ca?: string;
  readonly caPath?: string;
  readonly mayTryLogin: boolean;
  readonly onSecret: (secret: string) => void;
};

/** Servers by their address, each with its token in memory and nowhere else. */
export function createRancherService(start: RancherStart): RancherService {
  const tokens = new Map<string, string>();
  const servers = new Map<string, RancherServer>();
  const onSecret = (secret: string): void => {
    // Whoever prints a token may print only what stands after its name.
    for (const part of [secret, ...secret.split(':').slice(1)]) if (part !== '') start.onSecret(part);
  };
  if (start.url !== undefined && start.token !== undefined) {
    onSecret(start.token);
    tokens.set(start.url, start.token);
  }
  const { ca, caPath, mayTryLogin } = start;
  const make = (url: string, token: () => string | undefined): RancherServer =>
    createRancherServer({ url, token, onSecret, ...(ca === undefined ? {} : { ca }) });
  const serverAt = (url: string): RancherServer => {
    const server = servers.get(url) ?? make(url, () => tokens.get(url));
    servers.set(url, server);
    return server;
  };
  return {
    ...(start.url === undefined ? {} : { start: start.url }),
    address: (text) => rancherUrl(text, 'The Rancher server'),
    hasToken: (url) => tokens.has(url),
    enter: async (url, token) => {
      onSecret(token);
      if (!isToken(token))
        return fail({
          code: 'refused',
          message: 'A token is one word without blanks, such as token-abc12:….',
        });
      const answer = await answerPath(
        make(url, () => token),
        '/v3/users',
        undefined,
      );
      if (answer.kind !== 'said')
        return fail({ code: 'refused', message: `${url} was not entered: ${whyNotEntered(answer)}.` });
      tokens.set(url, token);
      return ok(ownName(answer.text));
    },
    words: (url) => ({ [rancherWord]: url, ...(mayTryLogin ? { [rancherLoginWord]: 'yes' } : {}) }),
    target: (url, readOnly) =>
      createRancher({
        server: serverAt(url),
        readOnly,
        mayTryLogin,
        keeper: createRancherKeeper({ url, ...(caPath === undefined ? {} : { caPath }) }),
      }),
  };
}

function whyNotEntered(answer: Exclude<Awaited<ReturnType<typeof answerPath>>, { kind: 'said' }>): string {
  switch (answer.kind) {
    case 'denied':
      return answer.message;
    case 'lost':
      return answer.reason;
    case 'absent':
      return 'it has no list of users';
    default:
      return 'it answered with more than is read';
  }
}

type User = { readonly me?: unknown; readonly username?: unknown } | null;

function ownName(text: string): string {
  const { data } = JSON.parse(text) as { readonly data?: unknown };
  const mine = (Array.isArray(data) ? (data as readonly User[]) : []).find(
    (user) => String(user?.me) === 'true',
  );
  return typeof mine?.username === 'string' ? oneLine(mine.username) : 'somebody it does not name';
}
