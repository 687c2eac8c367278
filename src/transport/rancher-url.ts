import { fail, ok, type Result } from '../domain/failure.ts';

/** The address of a Rancher server as it is asked: https, a host, perhaps a port, and nothing else. */
export function rancherUrl(text: string, where: string): Result<string> {
  const refused = (why: string): Result<string> =>
    fail({ code: 'usage', message: `${where} ${withoutUser(text)}: ${why}.` });
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole)) return refused('it is not an address such as https://rancher.example.org');
  const url = new URL(whole);
  if (url.protocol !== 'https:') return refused('only https is spoken, for the token must stay secret');
  if (url.username || url.password)
    return refused('no name or password may stand in it; a token is asked for');
  if (url.search || url.hash || !/^\/(v3|dashboard)?\/?$/.test(url.pathname))
    return refused('name only the server, without a path');
  return ok(url.origin);
}

/** What stands before an @ may be a password, however it is written. */
function withoutUser(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1');
}
