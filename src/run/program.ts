import { existsSync, readFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';

/** The folder of the installed package: what holds bin, dist and profiles, whether this runs bundled or from src. */
export const packageFolder = findPackage(new URL('.', import.meta.url));

function findPackage(folder: URL): URL {
  return existsSync(new URL('package.json', folder)) ? folder : findPackage(new URL('..', folder));
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
