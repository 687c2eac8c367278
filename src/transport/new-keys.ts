import { randomBytes } from 'node:crypto';

/**
 * Keys that are made for a session: one each, the same for every node, known to this process alone and to whoever must mask
 * it. Another process knows nothing of them, and the engine lets none be made where a node may have one already.
 */
export function createNewKeys(onSecret: (secret: string) => void): (session: string) => string {
  const keys = new Map<string, string>();
  return (session) => {
    const key = keys.get(session) ?? randomBytes(32).toString('base64');
    if (!keys.has(session)) onSecret(key);
    keys.set(session, key);
    return key;
  };
}
