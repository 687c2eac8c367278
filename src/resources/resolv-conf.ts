/** How far an address reaches: only the machine itself, only its own wire, many at once, or as any other. */
export type Reach = 'loopback' | 'link-local' | 'multicast' | 'global';

/** The name servers of a resolv.conf as glibc takes them, in order: IP addresses in lines that begin with the word, and no more than three. */
export function nameServers(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line) => /^nameserver[ \t]+([^ \t]+)/.exec(line)?.[1] ?? [])
    .filter(isAddress)
    .slice(0, 3);
}

/** The first line that is meant as a name server and that glibc passes over; undefined when there is none. */
export function passedOver(text: string): { readonly line: number; readonly raw: string } | undefined {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => isMeant(line) && nameServers(line).length === 0);
  return at < 0 ? undefined : { line: at + 1, raw: shown(lines[at] ?? '') };
}

/** Whether a line is meant to name a server, well or badly written. */
export function isMeant(line: string): boolean {
  return /^[^#;]*\bnameserver\b/.test(line);
}

/** The text as it was meant: no mark of the byte order, lines as Linux ends them, and nothing before their first word. */
export function wellWritten(text: string): string {
  return text
    .replace(/^\u{feff}/u, '')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/^[ \t]+/gm, '');
}

/** The name servers as a kubelet hands them out, in order: whatever stands there, address or not. */
export function handedServers(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line) => /^[ \t\r\f\v]*nameserver[ \t\r\f\v]+([^ \t\r\f\v]+)/.exec(line)?.[1] ?? []);
}

/** The name servers for which RKE2 and K3s pass a file by: no addresses, or none that reach beyond the machine and its own wire. */
export function untaken(text: string): readonly string[] {
  return k3sServers(text).filter((server) => /%/.test(server) || reachOf(server) !== 'global');
}

/** Whether RKE2 and K3s take a file unasked: it names a server, and each is a globally routable unicast address. */
export function isTaken(text: string): boolean {
  return k3sServers(text).length > 0 && untaken(text).length === 0;
}

function k3sServers(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => /^nameserver[ \t\r\f]+([^ \t\r\f]*)/.exec(line)?.[1] ?? []);
}

/** The domains searched in, as the last `search` or `domain` line has them. */
export function searchDomains(text: string): readonly string[] {
  const last = text.split('\n').findLast((line) => /^\s*(search|domain)\s/.test(line));
  return last?.trim().split(/\s+/).slice(1) ?? [];
}

/** Whether a word is an IP address; one of IPv6 may name its interface. */
export function isAddress(word: string): boolean {
  const [address = '', ...scope] = word.split('%');
  if (isV4(word)) return true;
  return address.includes(':') && isV6(address) && (scope.length === 0 || /^[^%\s]+$/.test(scope.join('%')));
}

function isV4(word: string): boolean {
  const parts = word.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isV6(word: string): boolean {
  const halves = word.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const plain = isV4(last) ? [...groups.slice(0, -1), '0', '0'] : groups;
  const whole = plain.every((group) => /^[\da-f]{1,4}$/i.test(group));
  return whole && (halves.length === 1 ? plain.length === 8 : halves.length === 2 && plain.length < 8);
}

/** How far an address reaches; undefined for what is none. */
export function reachOf(word: string): Reach | undefined {
  if (!isAddress(word)) return undefined;
  const address = word.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (isLoopback(address)) return 'loopback';
  if (/^169\.254\.|^fe[89ab][\da-f]:/.test(address)) return 'link-local';
  return /^(22[4-9]|23\d)\.|^ff[\da-f]{2}:|^255\.255\.255\.255$/.test(address) ? 'multicast' : 'global';
}

/** Whether an address reaches only the machine itself: what answers there on a node answers to no pod. */
export function isLoopback(address: string): boolean {
  return /^127\.|^(0*:)*:?0*1(%|$)|^0\.0\.0\.0$|^::$/.test(address);
}

/** Whether a kubelet that looks for a real server takes this for one: an address, and not of the loopback. */
export function isReal(server: string): boolean {
  return isAddress(server) && !/^127\.|^::1(%|$)/.test(server);
}

/** A line with what cannot be seen in it named. */
function shown(line: string): string {
  return line.replace(/^\u{feff}/u, '<byte order mark>').replaceAll('\r', '<carriage return>');
}
