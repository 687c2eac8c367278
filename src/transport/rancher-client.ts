import { Agent, request as httpsRequest } from 'node:https';
import type { RancherRequest } from '../domain/rancher.ts';
import { startDeadline } from './deadline.ts';
import { type LinkError, reasonOf } from './reasons.ts';

/** What came back: a reply, or why there is none; `sent` where the server may have got the request all the same. */
export type RancherReply =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly type: string;
      readonly location: string;
      readonly body: string;
    }
  | { readonly kind: 'too-large'; readonly cap: number }
  | { readonly kind: 'none'; readonly reason: string; readonly sent: boolean };

/** Sends one request; `token` undefined sends none. Never rejects. */
export type RancherSend = (
  request: RancherRequest,
  token: string | undefined,
  options?: { readonly signal?: AbortSignal | undefined },
) => Promise<RancherReply>;

/** Whether a text can be a token: one word of plain signs, which a header may hold. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

const cap = 8 << 20;
const patienceMs = 15_000;

/** Speaks HTTPS with one server. The certificate is always verified; redirects are never followed, so the token goes nowhere else. */
export function createRancherClient(of: { readonly url: string; readonly ca?: string }): {
  readonly send: RancherSend;
  readonly close: () => void;
} {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const send: RancherSend = (asked, token, options = {}) =>
    new Promise((resolve) => {
      const since = performance.now();
      const limit = startDeadline(patienceMs, options.signal);
      let sent = false;
      const settle = (reply: RancherReply): void => {
        limit.cancel();
        resolve(reply);
      };
      const none = (reason: string): void => settle({ kind: 'none', reason, sent });
      const failed = (error: Error): void => {
        const late = limit.signal.reason === 'deadline' || options.signal?.reason === 'deadline';
        if (late)
          none(`it did not answer within ${Math.max(1, Math.round((performance.now() - since) / 1000))} s`);
        else if (limit.signal.aborted) none('it was called off');
        else none(tlsWords(error, of.ca !== undefined) ?? reasonOf(error as LinkError));
      };
      const body = asked.body === undefined ? undefined : Buffer.from(asked.body);
      if (token !== undefined && !isToken(token)) return none('the token is not one word');
      const outgoing = httpsRequest(
        new URL(asked.path, of.url),
        {
          method: asked.method,
          agent,
          signal: limit.signal,
          // Said here, so that no variable of the environment can switch it off.
          rejectUnauthorized: true,
          minVersion: 'TLSv1.2',
          ...(of.ca === undefined ? {} : { ca: of.ca }),
          headers: {
            accept: 'application/json',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(body === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': body.length }),
          },
        },
        (incoming) => {
          const parts: Buffer[] = [];
          let size = 0;
          incoming.on('error', failed);
          incoming.on('data', (part: Buffer) => {
            size += part.length;
            parts.push(part);
            if (size <= cap) return;
            settle({ kind: 'too-large', cap });
            incoming.destroy();
          });
          incoming.on('end', () =>
            settle({
              kind: 'reply',
              status: incoming.statusCode ?? 0,
              type: incoming.headers['content-type'] ?? '',
              location: incoming.headers.location ?? '',
              body: Buffer.concat(parts).toString('utf8'),
            }),
          );
        },
      );
      outgoing.on('error', failed);
      outgoing.on('socket', (socket) => {
        // A request on a connection that never came to be was not sent.
        if (socket.connecting) socket.once('secureConnect', () => (sent = true));
        else sent = true;
      });
      outgoing.end(body);
    });
  return { send, close: () => agent.destroy() };
}

/** What is wrong with a certificate or with what is spoken, and the way out; undefined for any other error. */
function tlsWords(error: Error, ownCa: boolean): string | undefined {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (/^(UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|SELF_SIGNED|DEPTH_ZERO|CERT_UNTRUSTED)/.test(code))
    return ownCa
      ? 'its certificate was not issued by the CA that was given with --rancher-ca'
      : 'its certificate was not issued by a CA that this machine trusts; give yours with --rancher-ca FILE';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'its certificate is for another name than the one in the address';
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired';
  if (code === 'CERT_NOT_YET_VALID') return 'its certificate is not valid yet; compare the clocks';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return 'what answers there does not speak TLS as it should';
  if (code.startsWith('HPE_')) return 'what answers there does not speak HTTP as it should';
  return undefined;
}
