import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Appends a host key to a known_hosts file: one write, the file as it was when that fails. The folder (0700) and the file
 * (0600) are made when they are not there.
 */
export async function rememberHost(
  file: string,
  host: { readonly name: string; readonly type: string; readonly key: string; readonly hashed: boolean },
): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    const name = host.hashed ? hashedName(host.name) : host.name;
    const line = `${size > 0 && last[0] !== 10 ? '\n' : ''}${name} ${host.type} ${host.key}\n`;
    try {
      await handle.write(line);
      await handle.sync();
    } catch (error) {
      await handle.truncate(size).catch(() => undefined);
      throw error;
    }
  } finally {
    await handle.close();
  }
}

function hashedName(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}
