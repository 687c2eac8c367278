import { X509Certificate } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fail, ok, type Result } from '../domain/failure.ts';
import type { RancherService } from '../domain/ports.ts';
import { systemWords } from '../domain/system-error.ts';
import type { Invocation } from '../flags.ts';
import type { RancherStart } from '../transport/rancher-service.ts';
import { rancherUrl } from '../transport/rancher-url.ts';

/** The variable that may hold the token of the Rancher server. */
const tokenVariable = 'K8S_HARDEN_RANCHER_TOKEN';

// Taken away at once: no command that this program starts is to find it.
const inEnvironment = process.env[tokenVariable];
delete process.env[tokenVariable];

/** What the command line and the environment say of the Rancher server. */
export async function rancherStart(invocation: Invocation): Promise<Result<Omit<RancherStart, 'onSecret'>>> {
  const value = (name: string): string | undefined => invocation.values.get(name)?.[0];
  const named = value('rancher');
  const mayTryLogin = invocation.on.has('rancher-try-login');
  const caPath = value('rancher-ca');
  const ca = caPath === undefined ? undefined : await certificate(caPath);
  if (ca && !ca.ok) return ca;
  const trust = ca && caPath !== undefined ? { ca: ca.value, caPath: resolve(caPath) } : {};
  const tokenFile = value('rancher-token-file');
  if (named === undefined) {
    if (tokenFile !== undefined) return usage('--rancher-token-file: name the server too, with --rancher.');
    return ok({ mayTryLogin, ...trust });
  }
  const url = rancherUrl(named, '--rancher');
  if (!url.ok) return url;
  const token = tokenFile === undefined ? ok(inEnvironment) : await tokenIn(tokenFile);
  if (!token.ok) return token;
  const text = token.value?.trim();
  if (text !== undefined && text !== '' && !/^[\x21-\x7e]+$/.test(text))
    return usage(`The token of ${tokenFile ?? tokenVariable} is not one word.`);
  return ok({ url: url.value, mayTryLogin, ...trust, ...(text ? { token: text } : {}) });
}

/** The servers of this run; those of the command line were looked at before. */
export async function openRancher(
  invocation: Invocation,
  onSecret: (secret: string) => void,
): Promise<RancherService> {
  const { createRancherService } = await import('../transport/rancher-service.ts');
  const start = await rancherStart(invocation);
  return createRancherService({ ...(start.ok ? start.value : { mayTryLogin: false }), onSecret });
}

/** The token in a file that only its owner may read. */
async function tokenIn(path: string): Promise<Result<string>> {
  try {
    // Without waiting for who might write into a pipe.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) return usage(`--rancher-token-file ${path}: it is not a file.`);
      if ((stat.mode & 0o077) !== 0)
        return usage(`--rancher-token-file ${path}: others may read it; chmod 600 it, and make a new token.`);
      if (stat.size > 4096) return usage(`--rancher-token-file ${path}: it is longer than any token.`);
      const text = (await handle.readFile('utf8')).trim();
      return text === '' ? usage(`--rancher-token-file ${path}: it is empty.`) : ok(text);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return fail({ code: 'file-unreadable', path, message: systemWords(error) });
  }
}

async function certificate(path: string): Promise<Result<string>> {
  try {
    const text = await readFile(path, 'utf8');
    const parts = text.match(/-----BEGIN CERTIFICATE-----[^-]*(-----END CERTIFICATE-----)?/g) ?? [];
    if (parts.length === 0)
      return usage(
        `--rancher-ca ${path}: there is no certificate in it, which begins with BEGIN CERTIFICATE.`,
      );
    const damaged = parts.findIndex((part) => !isCertificate(part)) + 1;
    return damaged === 0
      ? ok(text)
      : usage(`--rancher-ca ${path}: certificate ${damaged} in it is damaged; copy the file anew.`);
  } catch (error) {
    return fail({ code: 'file-unreadable', path, message: systemWords(error) });
  }
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}

function usage<T>(message: string): Result<T> {
  return fail({ code: 'usage', message });
}
