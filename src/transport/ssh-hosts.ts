import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { reservedNames } from '../domain/address.ts';
import type { NodeAddress } from '../domain/event.ts';
import { createPlaces } from './bounded.ts';
import { expandPath } from './paths.ts';
import { resolveHost } from './ssh-config.ts';

/**
 * The hosts that an ssh configuration names one by one, for the operator to choose from, with the user and port that OpenSSH
 * would take. `user` stands in where OpenSSH cannot be asked.
 */
export async function listSshHosts(path: string, user: string): Promise<readonly NodeAddress[]> {
  const names = [...new Set(await namesIn(path, 0))];
  const source = { ssh: 'ssh', file: path, agent: undefined, knownHosts: undefined, identity: undefined };
  const places = createPlaces(4);
  const never = new AbortController().signal;
  return Promise.all(
    names.map(async (name) => {
      const release = await places.take(never);
      const config = await resolveHost({ host: name, port: 0, user: '' }, source);
      release?.();
      const reached = config.ok ? config.value : { port: 22, user };
      const called = reservedNames.includes(name) ? `node-${name}` : name;
      return { name: called, host: name, port: reached.port, user: reached.user };
    }),
  );
}

async function namesIn(path: string, depth: number): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const names: string[] = [];
  for (const line of text.split('\n')) {
    const [, key = '', rest = ''] = /^\s*(Host|Include)(?:\s+|\s*=\s*)(.+)$/i.exec(line) ?? [];
    const words = rest
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '');
    if (key.toLowerCase() === 'host') names.push(...words.filter((word) => !/[*?!"]/.test(word)));
    else if (key !== '' && depth < 8)
      for (const word of words)
        for (const file of await included(word)) names.push(...(await namesIn(file, depth + 1)));
  }
  return names;
}

async function included(word: string): Promise<readonly string[]> {
  const plain = expandPath(word.replaceAll('"', ''));
  const path = isAbsolute(plain) ? plain : join(homedir(), '.ssh', plain);
  if (!/[*?]/.test(basename(path))) return [path];
  const escaped = basename(path).replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`^${escaped.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`);
  const files = await readdir(dirname(path)).catch(() => []);
  return files
    .filter((file) => !file.startsWith('.') && pattern.test(file))
    .sort()
    .map((file) => join(dirname(path), file));
}
