import { isIPv4 } from 'node:net';
import { runTool, type ToolRun } from './tool.ts';

/** Asks `ssh -G` what holds when no file is read, once for all hosts; an answer that is a failure is not kept. */
export function createBareConfig(ssh: string): () => Promise<ToolRun> {
  let asked: Promise<ToolRun> | undefined;
  return () => {
    asked ??= runTool(ssh, ['-G', '-F', 'none', '--', 'host']).then((run) => {
      if (run.kind !== 'ran' || run.exit !== 0) asked = undefined;
      return run;
    });
    return asked;
  };
}

/** What was to be reached, for `bareConfigOf`. */
type Wanted = { readonly host: string; readonly port: number; readonly user: string };

/** Whether OpenSSH would take this as it stands: numbers in other forms, IPv6 and odd letters are for itself to read. */
export function isBare({ host, user }: Wanted): boolean {
  return (isIPv4(host) || /^[A-Za-z][\w.-]*$/.test(host)) && /^(\w[\w.-]*)?$/.test(user);
}

/** The answer of `ssh -G` for one host, made from the one that was given for another. */
export function bareConfigOf(wanted: Wanted, told: string): string {
  const own = new Map([
    ['host', wanted.host],
    ['hostname', wanted.host.toLowerCase()],
    ...(wanted.user ? [['user', wanted.user] as const] : []),
    ...(wanted.port ? [['port', String(wanted.port)] as const] : []),
  ]);
  return told.replaceAll(/^(host|hostname|user|port) .*$/gm, (line, key: string) => {
    const value = own.get(key);
    return value === undefined ? line : `${key} ${value}`;
  });
}
