import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { newFolder } from './loopback.ts';

const program = '/usr/sbin/sshd';

/** Why the tests against OpenSSH's server cannot run here; undefined when they can. */
export const noSshd: string | undefined = !existsSync(program)
  ? `${program} is not installed`
  : userInfo().uid !== 0
    ? 'only root may start it here'
    : undefined;
if (noSshd) console.warn(`LEFT OUT: the transport against a real OpenSSH server, because ${noSshd}.`);

/** A real OpenSSH server on loopback. */
export type Sshd = {
  readonly port: number;
  readonly at: (name: string) => string;
  /** The host's public key as `type base64`. */
  readonly hostKey: string;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
};

/** Makes a key pair with ssh-keygen and gives the path of the private half. */
export function makeKey(path: string, ...words: readonly string[]): string {
  const type = words.includes('-t') ? [] : ['-t', 'ed25519'];
  const passphrase = words.includes('-N') ? [] : ['-N', ''];
  execFileSync('ssh-keygen', ['-q', ...type, ...passphrase, '-C', '', '-f', path, ...words]);
  return path;
}

/** The public half of a key as `type base64`. */
export function publicKey(path: string): string {
  return readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ').trim();
}

/** Starts a server that lets the key `login` (made here, in its folder) in, with further lines of configuration. */
export async function startSshd(...lines: readonly string[]): Promise<Sshd> {
  const folder = newFolder();
  const hostKey = makeKey(folder.at('host'));
  makeKey(folder.at('login'));
  writeFileSync(folder.at('authorized'), readFileSync(folder.at('login.pub')));
  mkdirSync('/run/sshd', { recursive: true });
  const port = await freePort();
  writeFileSync(
    folder.at('sshd_config'),
    [
      ...lines,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKey}`,
      `PidFile ${folder.at('pid')}`,
      `AuthorizedKeysFile ${folder.at('authorized')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UseDNS no',
      'PermitRootLogin yes',
      'LogLevel VERBOSE',
      '',
    ].join('\n'),
  );
  const child = spawn(program, ['-D', '-e', '-f', folder.at('sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (bytes: Buffer) => {
    log += bytes.toString();
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 200 || child.exitCode !== null) throw new Error(`sshd does not start: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    port,
    at: folder.at,
    hostKey: publicKey(hostKey),
    log: () => log,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      folder.remove();
    },
  };
}

/** Starts an agent that holds these keys. */
export function startAgent(
  folder: string,
  keys: readonly string[],
): { readonly socket: string; readonly stop: () => void } {
  const socket = `${folder}/agent`;
  const said = execFileSync('ssh-agent', ['-a', socket], { encoding: 'utf8' });
  const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1]);
  for (const key of keys)
    execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'pipe' });
  return { socket, stop: () => void process.kill(pid) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
