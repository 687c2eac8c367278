/** The name servers of a resolv.conf, in order. */
export function nameServers(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => /^\s*nameserver\s+([^\s#;]+)/.exec(line)?.[1] ?? []);
}

/** The domains searched in, as the last `search` or `domain` line has them. */
export function searchDomains(text: string): readonly string[] {
  const last = text.split('\n').findLast((line) => /^\s*(search|domain)\s/.test(line));
  return last?.trim().split(/\s+/).slice(1) ?? [];
}

/** Whether an address reaches only the machine itself: what answers there on a node answers to no pod. */
export function isLoopback(address: string): boolean {
  return /^127\.|^::1$|^0\.0\.0\.0$|^::$/.test(address);
}

/** Whether a kubelet that looks for a real server takes this for one: an address, and not of the loopback. */
export function isReal(server: string): boolean {
  return /^(\d{1,3}\.){3}\d{1,3}$|:/.test(server) && !/^127\.|^::1(%|$)/.test(server);
}
