import type { Client } from 'ssh2';

/** What a server said of the last attempt to log in: what can go on, and whether the attempt counts as one factor of several. */
export type LeftToDo = { readonly left: readonly string[] | null; readonly partial: boolean };

type Handlers = {
  USERAUTH_FAILURE?: (protocol: unknown, methods: readonly string[], partial: boolean) => void;
  EXT_INFO?: (protocol: unknown, extensions: readonly Extension[]) => void;
};
type Extension = { readonly name: string; readonly algs?: readonly string[] };

/**
 * Hears two messages of the login before ssh2 does, and gives what the last one left to do. After a key of an agent ssh2 forgets
 * what the server said of it, and asks for the next method with what was said before: a key would never be a first factor. Of
 * an RSA key it signs with SHA-256 wherever the server knows that; OpenSSH does with the first of `rsaSignatures` (SHA-512 unless
 * the operator says otherwise), and some servers take nothing else.
 */
export function hearLogin(
  client: Client,
  rsaSignatures: readonly string[],
): (left: readonly string[] | null) => LeftToDo {
  const [preferred] = rsaSignatures;
  const handlers = (client as unknown as { readonly _protocol: { readonly _handlers: Handlers } })._protocol
    ._handlers;
  const { USERAUTH_FAILURE: failure, EXT_INFO: extensions } = handlers;
  let last: LeftToDo | undefined;
  handlers.USERAUTH_FAILURE = (protocol, methods, partial) => {
    last = { left: methods, partial };
    failure?.(protocol, methods, partial);
  };
  handlers.EXT_INFO = (protocol, all) =>
    extensions?.(
      protocol,
      all.map((one) => onlyPreferred(one, preferred)),
    );
  return (left) => {
    const now = last ?? { left, partial: false };
    // An attempt counts once; the next may end without a word from the server.
    last &&= { ...last, partial: false };
    return now;
  };
}

const allOfRsa: readonly string[] = ['rsa-sha2-512', 'rsa-sha2-256'];

function onlyPreferred(extension: Extension, preferred: string | undefined): Extension {
  const { name, algs } = extension;
  if (preferred === undefined || name !== 'server-sig-algs' || !algs?.includes(preferred)) return extension;
  return { name, algs: algs.filter((one) => one === preferred || !allOfRsa.includes(one)) };
}
