import { type Answer, known, type Read, unread } from '../domain/answer.ts';
import { type NamedText, readNamedTexts } from '../domain/evidence.ts';

/** A file that may set kernel values at boot. */
export type SysctlFile = NamedText & {
  /** Where it is a symbolic link: /etc/sysctl.conf if it leads there, else `elsewhere`. */
  readonly link?: string;
};

/** Read by nobody at boot unless something in a folder links to it; `sysctl --system` and `sysctl -p` do read it. */
export const oldFile = '/etc/sysctl.conf';

/** What ufw is told, among others the name of its own sysctl file. */
export const ufwDefaults = '/etc/default/ufw';

const ufwSettings = '/etc/ufw/ufw.conf';
const ufwValues = '/etc/ufw/sysctl.conf';

/** Reads a `sysctl-files` answer. Links come as entries of their own, named `PATH -> TARGET`, beside the text they show. */
export function readSysctlTexts(answer: Answer): Read<readonly SysctlFile[]> {
  const texts = readNamedTexts(answer, 'the sysctl files');
  if (!texts.known) return texts;
  const links = new Map<string, string>();
  for (const { path } of texts.value) {
    const [, from, to = ''] = /^(.*) -> (.*)$/.exec(path) ?? [];
    if (from !== undefined) links.set(from, from === oldFile ? 'elsewhere' : to);
  }
  const old = texts.value.find((f) => f.path === oldFile);
  const files = texts.value
    .filter((f) => !/ -> /.test(f.path))
    .map((f): SysctlFile => {
      const link = links.get(f.path);
      if (link === undefined) return f;
      return { ...f, link, text: link === oldFile && old ? old.text : f.text };
    });
  const firewall = ufwPath(files);
  if (firewall !== undefined && firewall !== ufwValues && !files.some((f) => f.path === firewall))
    return unread(
      `${firewall}, which ${ufwDefaults} lets ufw apply at boot, is not among the files that were read`,
    );
  return known(files);
}

/** The firewall's own file is applied whenever ufw starts, which is after all others; an ufw that is off applies nothing. */
export function ufwFile(files: readonly SysctlFile[]): SysctlFile | undefined {
  const path = ufwPath(files);
  return path === undefined || /\/sysctl\.d\//.test(path) ? undefined : files.find((f) => f.path === path);
}

function ufwPath(files: readonly SysctlFile[]): string | undefined {
  const said = (path: string, name: string): string | undefined => {
    const line = new RegExp(`^\\s*(?:export\\s+)?${name}=["']?([^"'\\s#]+)`, 'gm');
    return [...(files.find((f) => f.path === path)?.text ?? '').matchAll(line)].at(-1)?.[1];
  };
  return /^(yes|YES)$/.test(said(ufwSettings, 'ENABLED') ?? '') ? said(ufwDefaults, 'IPT_SYSCTL') : undefined;
}
