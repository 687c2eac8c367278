/** Sources of names that ask no name server. */
const ofTheMachine = ['files', 'usrfiles', 'altfiles', 'compat', 'db', 'myhostname', 'mymachines'];

/** The line of nsswitch.conf under which no name server is ever asked; undefined where one is, or may be. */
export function asksNobody(text: string): string | undefined {
  const line = text
    .split('\n')
    .map((each) => each.replace(/#.*/, '').trim())
    .findLast((each) => each.startsWith('hosts:'));
  if (line === undefined) return undefined;
  // After a source that ends the search for what it does not know, nothing else is asked.
  const until = line.replace(/(\bfiles\s*\[[^\]]*NOTFOUND=return[^\]]*\]).*/i, '$1');
  const sources = until
    .slice('hosts:'.length)
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  return sources.length > 0 && sources.every((word) => ofTheMachine.includes(word)) ? line : undefined;
}

/** Whether nobody on the machine listens for DNS, by what /proc/net/udp and udp6 say; false where they say nothing. */
export function nobodyListens(udp: string, udp6: string): boolean {
  if (!/^\s*sl\s+local_address/.test(udp)) return false;
  return !`${udp}\n${udp6}`.split('\n').some((line) => /^\s*\d+:\s+[\dA-F]+:0035\s/.test(line));
}
