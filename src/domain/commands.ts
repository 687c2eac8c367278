import { folderOf } from './path.ts';
import { commandLine, quote } from './quote.ts';
import { requestLine, requestOf } from './rancher.ts';
import type { Step } from './step.ts';

/** The temporary name beside a file, in the same folder so that the rename is atomic. */
export function beside(path: string): string {
  const at = path.lastIndexOf('/');
  return `${path.slice(0, at + 1)}.${path.slice(at + 1)}.k8s-harden`;
}

/** The very shell lines that a step runs on the node (under `set -e`, LC_ALL=C), as the screen shows them. */
export function stepCommands(step: Step): readonly string[] {
  switch (step.kind) {
    case 'write-file': {
      const temporary = quote(beside(step.path));
      return [
        `rm -f ${temporary}`,
        ...(step.before.kind === 'present'
          ? [`cp -a ${quote(step.path)} ${temporary}`]
          : ['umask 077', `set -C; : > ${temporary}; set +C`]),
        `printf %s ${quote(step.content)} > ${temporary}`,
        `chown ${quote(`${step.owner}:${step.group}`)} ${temporary}`,
        `chmod ${step.mode} ${temporary}`,
        `sync ${temporary}`,
        `mv -f ${temporary} ${quote(step.path)}`,
        `sync ${quote(folderOf(step.path))}`,
      ];
    }
    case 'make-folder':
      return [
        `mkdir -m ${step.mode} ${quote(step.path)}`,
        `chown ${quote(`${step.owner}:${step.group}`)} ${quote(step.path)}`,
      ];
    case 'move-folder':
      return [move(step.path, step.to), `sync ${quote(folderOf(step.path))}`];
    case 'set-mode':
      return [chmod(step.mode, step.path)];
    case 'set-owner': {
      const owners = quote(`${step.owner}:${step.group}`);
      return [
        step.tree
          ? `find ${quote(step.path)} -xdev -exec chown -h ${owners} {} +`
          : `chown ${owners} ${quote(step.path)}`,
      ];
    }
    case 'set-kernel':
      return [`sysctl -w ${quote(`${step.key}=${step.value}`)}`];
    case 'create-account':
      return [
        commandLine([
          'useradd',
          '-r',
          '-c',
          step.comment,
          '-s',
          step.shell,
          '-M',
          ...(step.withGroup ? ['-U'] : ['-g', step.name]),
          step.name,
        ]),
      ];
    case 'create-group':
      return [commandLine(['groupadd', '-r', ...(step.gid ? ['-g', step.gid] : []), step.name])];
    case 'set-unit':
      return [commandLine(['systemctl', step.verb, step.unit])];
    case 'patch-object':
      return [commandLine([...step.kubectl, 'patch', ...step.object, '--type', 'merge', '-p', step.patch])];
    case 'create-object':
      return [`printf %s ${quote(step.manifest)} | ${commandLine([...step.kubectl, 'create', '-f', '-'])}`];
    case 'rancher-object':
      // Never run: the Rancher server is no shell. Sent to one by mistake, it says so and fails.
      return [`echo ${quote(`${step.title} is changed through the API of the Rancher server`)} >&2; exit 1`];
    case 'run':
      return [commandLine(step.words)];
  }
}

/** A folder under another name; never into a folder that has the name already. */
export function move(from: string, to: string): string {
  return `mv -T ${quote(from)} ${quote(to)}`;
}

/** A shell test that nothing has a name, not even a link that leads nowhere. */
export function isFree(path: string): string {
  return `[ ! -e ${quote(path)} ] && ${noLink(path)}`;
}

/** A shell test that a path is a folder, itself and not through a link. */
export function isFolder(path: string): string {
  return `[ -d ${quote(path)} ] && ${noLink(path)}`;
}

/** A mode as `chmod` is to be told it: of a folder, fewer than five digits would leave set-group bits standing. */
export function chmod(mode: string, path: string): string {
  return `chmod 0${mode} ${quote(path)}`;
}

/** A shell test that a path, itself and not through a link, has a mode. */
export function hasMode(path: string, mode: string): string {
  return `${noLink(path)} && [ "$(stat -L -c %04a ${quote(path)})" = ${mode} ]`;
}

/** A shell test that a path, itself and not through a link, belongs to `owner:group`, each a name or a number. */
export function hasOwner(path: string, both: string): string {
  const [owner = '', group = ''] = both.split(':');
  const format = `${/^\d+$/.test(owner) ? '%u' : '%U'}:${/^\d+$/.test(group) ? '%g' : '%G'}`;
  return `${noLink(path)} && [ "$(stat -L -c ${format} ${quote(path)})" = ${quote(both)} ]`;
}

/** A shell test that a kernel key has a value; of several numbers, the kernel parts them with tabs and people with blanks. */
export function hasKernel(key: string, value: string): string {
  return `[ "$(tr -s '\\t ' ' ' < ${quote(kernelPath(key))})" = ${quote(squeezed(value))} ]`;
}

/** A kernel value with single blanks, to compare it. */
export function squeezed(value: string): string {
  return value.trim().replaceAll(/[ \t]+/g, ' ');
}

/** A shell test that a path is no symbolic link. */
export function noLink(path: string): string {
  return `[ ! -L ${quote(path)} ]`;
}

/** A shell test that must hold right before the step, so that nothing is written over what we have not seen. */
export function stepGuard(step: Step): string | undefined {
  switch (step.kind) {
    case 'write-file':
      return step.before.kind === 'absent'
        ? `[ ! -e ${quote(step.path)} ] && ${noLink(step.path)}`
        : `${noLink(step.path)} && [ "$(sha256sum < ${quote(step.path)} | cut -c1-64)" = ${step.before.sha256} ]`;
    case 'make-folder':
      return `[ ! -e ${quote(step.path)} ] && ${noLink(step.path)}`;
    case 'move-folder':
      return `${isFolder(step.path)} && ${isFree(step.to)}`;
    case 'set-mode':
      return hasMode(step.path, step.before);
    case 'set-owner':
      return hasOwner(step.path, step.before);
    case 'set-kernel':
      return hasKernel(step.key, step.before);
    case 'create-account':
      return `! grep -q ${quote(`^${step.name}:`)} /etc/passwd`;
    case 'create-group':
      return `! grep -q ${quote(`^${step.name}:`)} /etc/group`;
    case 'set-unit':
      return `[ "$(systemctl show -p UnitFileState --value -- ${quote(step.unit)})" = ${quote(step.before)} ]`;
    // The patch carries the whole value, and kubectl itself refuses to create what is there.
    case 'patch-object':
    case 'create-object':
    case 'rancher-object':
    case 'run':
      return undefined;
  }
}

/** What a step works on, in a few words, for refusals and lists. */
export function stepSubject(step: Step): string {
  switch (step.kind) {
    case 'write-file':
    case 'make-folder':
    case 'move-folder':
    case 'set-mode':
    case 'set-owner':
      return step.path;
    case 'set-kernel':
      return step.key;
    case 'create-account':
      return `account ${step.name}`;
    case 'create-group':
      return `group ${step.name}`;
    case 'set-unit':
      return step.unit;
    case 'patch-object':
    case 'create-object':
      return step.object.join(' ');
    case 'rancher-object':
      return step.title;
    case 'run':
      return step.words.join(' ');
  }
}

/** One line for the control screen: what the step does, short of the exact commands. */
export function stepSummary(step: Step): string {
  switch (step.kind) {
    case 'write-file':
      return `${step.before.kind === 'absent' ? 'create' : 'edit'} ${step.path} (${step.mode} ${step.owner}:${step.group})`;
    case 'make-folder':
      return `make the folder ${step.path}`;
    case 'move-folder':
      return move(step.path, step.to);
    case 'set-mode':
      return `chmod ${step.mode} ${quote(step.path)}`;
    case 'set-owner':
      return `chown ${step.tree ? '-R ' : ''}${quote(`${step.owner}:${step.group}`)} ${quote(step.path)}`;
    case 'create-object':
      return `create ${step.object.join(' ')}`;
    case 'rancher-object':
      return `${step.title}: ${requestLine(requestOf(step))}`;
    case 'set-kernel':
    case 'create-account':
    case 'create-group':
    case 'set-unit':
    case 'patch-object':
    case 'run':
      return stepCommands(step).join(' && ');
  }
}

/** The path of a kernel key below /proc/sys; a slash inside a key's part is written as a slash already. */
export function kernelPath(key: string): string {
  return `/proc/sys/${key.includes('/') ? key : key.replaceAll('.', '/')}`;
}
