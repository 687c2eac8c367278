import { existsSync, readFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { join, relative } from 'node:path';
import { quote } from '../domain/quote.ts';

/** The folder of the installed package: what holds bin, dist and profiles, whether this runs bundled or from src. */
export const packageFolder = findPackage(new URL('.', import.meta.url));

function findPackage(folder: URL): URL {
  return existsSync(new URL('package.json', folder)) ? folder : findPackage(new URL('..', folder));
}

/**
 * What starts this program again, typed where it was started: its name when it was found by that, else node and the way to
 * its file. npm runs a script in the folder of the package and keeps in INIT_CWD where it was called.
 */
export function startedAs(
  script = process.argv[1] ?? '',
  folder = process.env.INIT_CWD ?? process.cwd(),
): string {
  if (!script.endsWith('.cjs')) return 'k8s-harden';
  const near = relative(folder, script);
  return `node ${quote(near.startsWith('..') ? script : near)}`;
}

/** The version of this program. */
export function version(): string {
  return JSON.parse(readFileSync(new URL('package.json', packageFolder), 'utf8')).version;
}

/** Who sits at the keyboard, for journals and locks. */
export function operator(): string {
  const name = process.env.SUDO_USER ?? userInfo().username;
  return `${name}@${hostname()}`;
}

/** Where an operator's own profiles lie. */
export function ownProfiles(): string {
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'k8s-harden', 'profiles');
}
