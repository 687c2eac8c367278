import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';

/** The name of a user or group id, as the system's file has it; the number when it has none. */
export async function nameOf(id: number, file: '/etc/passwd' | '/etc/group'): Promise<string> {
  const line = (await entries(file)).find((entry) => entry[2] === String(id));
  if (line?.[0]) return line[0];
  return file === '/etc/passwd' && id === userInfo().uid ? userInfo().username : String(id);
}

/** The ids of an owner and a group, given by name or number. */
export async function ownerIds(
  owner: string,
  group: string,
): Promise<{ readonly uid: number; readonly gid: number }> {
  return { uid: await idOf(owner, '/etc/passwd'), gid: await idOf(group, '/etc/group') };
}

async function idOf(name: string, file: '/etc/passwd' | '/etc/group'): Promise<number> {
  if (/^\d+$/.test(name)) return Number(name);
  const line = (await entries(file)).find((entry) => entry[0] === name);
  if (line) return Number(line[2]);
  if (file === '/etc/passwd' && name === userInfo().username) return userInfo().uid;
  throw new Error(`this workstation has no ${file === '/etc/passwd' ? 'user' : 'group'} ${name}`);
}

async function entries(file: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.split(':'));
}
