import { chmod, hasKernel, hasMode, hasOwner, isFolder, move, noLink } from './commands.ts';
import { putBackReset } from './forwarding.ts';
import { patchGuard } from './patched.ts';
import type { Words } from './question.ts';
import { commandLine, quote } from './quote.ts';
import { rancherBackLines, rancherSite, requestBack, requestLine } from './rancher.ts';
import { type Change, changeFolder, pathsToKeep, type Step } from './step.ts';

/** Where the original of the `n`-th kept path of step `index` stays. */
export function keptName(index: number, n: number): string {
  return `${index}.${n}.original`;
}

/**
 * The very shell lines that take a step back, in terms of `$KEPT`, the folder that holds the originals. They are written
 * into `undo.sh` on the node before the change, and are what the wizard's own undo runs.
 */
export function undoCommands(step: Step, index: number): readonly string[] {
  switch (step.kind) {
    case 'write-file':
      return step.before.kind === 'absent'
        ? [`rm -f ${quote(step.path)}`]
        : [restore(step.path, step.before.sha256, index)];
    case 'make-folder':
      return [`rmdir ${quote(step.path)} || echo ${quote(`${step.path} is not empty and stays`)}`];
    case 'move-folder':
      return [
        `if [ -e ${quote(step.path)} ]; then ${move(step.path, madeAnew(step))}; fi`,
        move(step.to, step.path),
      ];
    case 'set-mode':
      return [isLink(step.path), chmod(step.before, step.path)];
    case 'set-owner':
      return step.tree
        ? [
            `while read -r owner path; do [ -e "$path" ] || [ -L "$path" ] || continue; chown -h "$owner" "$path"; done < "$KEPT/${index}.owners"`,
          ]
        : [isLink(step.path), `chown ${quote(step.before)} ${quote(step.path)}`];
    case 'set-kernel':
      return [commandLine(['sysctl', '-w', `${step.key}=${step.before}`]), ...putBackReset(step, index)];
    case 'create-account':
    case 'create-group':
      return accountsBack(step, index);
    case 'set-unit':
      return [commandLine(['systemctl', unitVerb(step.before, step.verb), step.unit])];
    case 'patch-object':
      return [commandLine([...step.kubectl, 'patch', ...step.object, '--type', 'merge', '-p', step.back])];
    case 'create-object':
      return [commandLine([...step.kubectl, 'delete', ...step.object, '--ignore-not-found'])];
    case 'rancher-object':
      return [': # the Rancher server is no shell'];
    case 'run':
      if (step.undo && step.undo.length > 0) return step.undo.map(commandLine);
      return [`: # nothing to take back: ${step.why.replaceAll(/\s+/g, ' ')}`];
  }
}

/** One line for what takes a step back, short of the exact commands. */
export function backSummary(step: Step, index: number): string {
  switch (step.kind) {
    case 'write-file':
      return step.before.kind === 'absent' ? `rm -f ${quote(step.path)}` : `put back ${step.path} as it was`;
    case 'make-folder':
      return `rmdir ${quote(step.path)}`;
    case 'move-folder':
      return move(step.to, step.path);
    case 'set-mode':
      return chmod(step.before, step.path);
    case 'set-owner':
      return step.tree
        ? `chown all of ${step.path} as it was`
        : `chown ${quote(step.before)} ${quote(step.path)}`;
    case 'create-account':
      return `remove the account ${step.name}`;
    case 'create-group':
      return `remove the group ${step.name}`;
    case 'rancher-object':
      return requestLine(requestBack(step));
    case 'set-kernel':
      return undoCommands(step, index).slice(0, 1).join('');
    case 'set-unit':
    case 'patch-object':
    case 'create-object':
    case 'run':
      return undoCommands(step, index).join(' && ').replace(/^: # /, '');
  }
}

/** A shell test that holds while what we wrote is still what is there; undefined where nothing can be lost. */
export function undoGuard(step: Step, index: number): string | undefined {
  switch (step.kind) {
    case 'write-file':
      return `${noLink(step.path)} && sha256sum -c "$KEPT/${index}.after" >/dev/null 2>&1`;
    case 'move-folder':
      return isFolder(step.to);
    case 'set-mode':
      return hasMode(step.path, step.mode);
    case 'set-owner':
      return hasOwner(step.path, `${step.owner}:${step.group}`);
    case 'set-kernel':
      return hasKernel(step.key, step.value);
    case 'create-object':
      return [
        `{ spec=$(${specCommand(step)} --ignore-not-found)`,
        `[ -z "$spec" ] || [ ! -s "$KEPT/${index}.spec" ] || [ "$spec" = "$(cat "$KEPT/${index}.spec")" ]; }`,
      ].join('; ');
    case 'patch-object':
      return patchGuard(step);
    case 'make-folder':
    case 'create-account':
    case 'create-group':
    case 'set-unit':
    case 'rancher-object':
    case 'run':
      return undefined;
  }
}

/** What prints the spec of an object that a step creates; it is kept right after, for whoever edits it later. */
export function specCommand(step: Extract<Step, { readonly kind: 'create-object' }>): string {
  const words = [...step.kubectl, 'get', ...step.object];
  return commandLine([...words, '--request-timeout=10s', '-o', 'jsonpath={.spec}']);
}

/** Whether a change is made from the operator's own machine: by this program itself, without a shell. */
export function isHere(change: Pick<Change, 'via'>): boolean {
  return change.via === 'workstation' || change.via === rancherSite;
}

/** The commands that take something back in the whole cluster, although the change was made on one node. */
export function reachOf(change: Change): readonly Words[] {
  if (change.node !== change.via) return [];
  return change.steps
    .flatMap((step) => (step.kind === 'run' ? (step.undo ?? []) : []))
    .filter((words) => words.some((word) => word.endsWith('kubectl')));
}

/** What takes a change back by hand, on the machine that keeps its originals. */
export function undoByHand(change: Change): string {
  return isHere(change)
    ? `sh "\${XDG_STATE_HOME:-$HOME/.local/state}/k8s-harden/kept/${change.session}/${change.id}/undo.sh"`
    : `sh ${changeFolder(change)}/undo.sh`;
}

/** The undo of a whole change as the screen shows it: last step first, with the folder of originals spelled out. */
export function undoScreen(change: Change): readonly string[] {
  if (isHere(change)) return [...change.steps.toReversed().flatMap(undoneHere), undoByHand(change)];
  return [
    `KEPT=${changeFolder(change)}`,
    ...change.steps
      .map((step, index) => undoCommands(step, index))
      .toReversed()
      .flat(),
  ];
}

/** What this program does to take back a step from the operator's own machine; the script beside the original does it too. */
function undoneHere(step: Step): readonly string[] {
  switch (step.kind) {
    case 'write-file':
      return [
        step.before.kind === 'absent'
          ? `# removes ${step.path}`
          : `# puts the kept original of ${step.path} in place again: bytes, owner and mode`,
      ];
    case 'set-mode':
      return [`# gives ${step.path} the mode ${step.before} again`];
    case 'rancher-object':
      return rancherBackLines(step);
    case 'make-folder':
    case 'move-folder':
    case 'set-owner':
    case 'set-kernel':
    case 'create-account':
    case 'create-group':
    case 'set-unit':
    case 'patch-object':
    case 'create-object':
    case 'run':
      return ['# nothing'];
  }
}

/** Where what was made anew in the place of a moved folder goes, when the folder comes back; it stays for a person to look at. */
export function madeAnew(step: Extract<Step, { readonly kind: 'move-folder' }>): string {
  return `${step.to}.made-anew`;
}

/** The temporary name an original is copied to before it takes its place again. */
export function besideForUndo(path: string): string {
  return `${path}.k8s-harden-undo`;
}

/** Where the original cannot take its place but its bytes are there already, nothing is left to do. */
function restore(path: string, sha256: string, index: number): string {
  const kept = `"$KEPT/${keptName(index, 0)}"`;
  const temporary = quote(besideForUndo(path));
  return [
    `cp -a ${kept} ${temporary} && mv -f ${temporary} ${quote(path)}`,
    `{ rm -f ${temporary}; ${noLink(path)} && [ "$(sha256sum < ${quote(path)} | cut -c1-64)" = ${sha256} ]; }`,
  ].join(' || ');
}

function isLink(path: string): string {
  return `${noLink(path)} || { echo ${quote(`${path} is a symbolic link now`)}; exit 1; }`;
}

/** Only what nobody needs may be removed for want of an original: the lock and the copies that the tools make. */
function accountsBack(
  step: Extract<Step, { readonly kind: 'create-account' | 'create-group' }>,
  index: number,
): readonly string[] {
  const paths = pathsToKeep(step);
  const original = (path: string): string => `"$KEPT/${keptName(index, paths.indexOf(path))}"`;
  const group = quote(`^${step.name}:`);
  const gid = `"$(grep ${group} ${original('/etc/group')} | cut -d: -f3)"`;
  return [
    `if [ -e ${original('/etc/passwd')} ] && [ -e ${original('/etc/group')} ] && sha256sum -c "$KEPT/${index}.after" >/dev/null 2>&1; then`,
    `n=0; for path in ${paths.map(quote).join(' ')}; do kept="$KEPT/${index}.$n.original"; n=$((n + 1))`,
    `if [ -e "$kept" ]; then cp -a "$kept" "${besideForUndo('$path')}" && mv -f "${besideForUndo('$path')}" "$path" || exit 1`,
    'else case $path in *- | *.lock) rm -f "$path" ;; esac; fi; done',
    ...(step.kind === 'create-group'
      ? [`else ${commandLine(['groupdel', step.name])}; fi`]
      : [
          `else ! grep -q ${group} /etc/passwd || ${commandLine(['userdel', step.name])}`,
          // userdel takes a group of the same name along, whoever made it.
          ...(step.withGroup
            ? []
            : [`grep -q ${group} /etc/group || groupadd -g ${gid} ${quote(step.name)}`]),
          'fi',
        ]),
  ];
}

/** The verb that takes `systemctl <verb>` back. A mask is only lifted: below it the unit is as enabled as it was. */
export function unitVerb(before: string, verb: UnitVerb): UnitVerb {
  if (before === 'masked') return 'mask';
  if (verb === 'mask') return 'unmask';
  return before.startsWith('enabled') ? 'enable' : 'disable';
}

type UnitVerb = Extract<Step, { readonly kind: 'set-unit' }>['verb'];
