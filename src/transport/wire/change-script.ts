import { hasMode, stepCommands, stepGuard, stepSubject, stepSummary } from '../../domain/commands.ts';
import { keepReset } from '../../domain/forwarding.ts';
import { quote } from '../../domain/quote.ts';
import { type Change, changeFolder, pathsToKeep, type Step } from '../../domain/step.ts';
import { keptName, specCommand } from '../../domain/undo.ts';
import { changeFunctions } from './change-functions.ts';
import { oneLine } from './clean.ts';
import { deedBase, relayFunctions } from './deed-functions.ts';
import { processFunctions, wholeScript } from './prelude.ts';
import { rooms, slack } from './room.ts';
import { undoScript } from './undo-script.ts';

/**
 * The script of a change: look that everything is as it was seen, keep the originals and the way back, then the steps, each
 * between its marks; on a failing step, the way back.
 */
export function changeScript(marker: string, change: Change): string {
  const undo = undoScript(change);
  return wholeScript(marker, [
    `w_kept=${quote(checkedFolder(change))}`,
    ...deedBase,
    ...relayFunctions,
    ...processFunctions,
    ...changeFunctions,
    ...change.steps.flatMap((step, index) => [
      `w_step_${index}() (`,
      'w_join',
      ...stepCommands(step),
      ...proof(step),
      ')',
    ]),
    ...change.steps.flatMap((step, index) => stillFunctions(change, step, index)),
    'w_keep() (',
    'set -e',
    'umask 077',
    ...change.steps.map((_, index) => `w_keep_${index}`),
    `printf %s ${quote(undo)} > "$w_kept/undo.sh"`,
    'chmod 0700 "$w_kept/undo.sh"',
    ')',
    'w_open_folder',
    ...change.steps.flatMap((step, index) => checks(step, index)),
    `w_room "$w_kept" ${slack + Buffer.byteLength(undo)}`,
    'w_message=$(w_keep 2>&1); w_status=$?',
    'if [ "$w_status" != 0 ]; then w_give_up "$w_kept" "$w_message"; fi',
    ...change.steps.map(
      (step, index) => `w_kept_${index} || w_refuse drifted ${quote(oneLine(stepSubject(step)))}`,
    ),
    ...rooms(change).map(([folder, bytes]) => `w_room ${quote(folder)} ${bytes}`),
    // A folder's entry lives in its parent, so the parents go to the disk too.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    'sync "$w_kept"/* "$w_kept" "${w_kept%/*}"',
    ...change.steps.map((step, index) => {
      const title = quote(`step ${index + 1} of ${change.steps.length}: ${oneLine(stepSummary(step))}`);
      const subject = quote(oneLine(stepSubject(step)));
      return ['w_do', index, title, step.kind, subject, ...pathsToKeep(step).map(quote)].join(' ');
    }),
    'printf "done\\n" > "$w_kept/ended"; sync "$w_kept/ended"; rm -f "$w_kept/pid" "$w_kept/step.pid"',
    'w_end done ""',
  ]);
}

/** The folder of a change; ids that could leave it are a bug of the caller. */
export function checkedFolder(change: Pick<Change, 'session' | 'id'>): string {
  for (const id of [change.session, change.id])
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.:@+-]*$/.test(id)) throw new Error(`not an id: ${id}`);
  return changeFolder(change);
}

/** What must hold before anything is touched. Of things an earlier step of the same change makes, nothing can be said yet. */
function checks(step: Step, index: number): readonly string[] {
  const subject = stepSubject(step);
  const shown = quote(oneLine(subject));
  return [
    ...(step.kind === 'write-file' ||
    step.kind === 'set-owner' ||
    step.kind === 'set-mode' ||
    step.kind === 'move-folder'
      ? [`w_no_link ${quote(step.path)}`]
      : []),
    ...(step.kind === 'write-file' ? [`w_one_name ${quote(step.path)}`] : []),
    ...[...pathsToKeep(step), ...(step.kind === 'move-folder' ? [step.path] : [])].map(
      (path) => `w_no_mount ${quote(path)}`,
    ),
    ...(step.kind === 'set-owner' ? [`w_ownable ${quote(step.path)} ${step.tree ? 'tree' : 'one'}`] : []),
    `w_same_${index} || w_refuse drifted ${shown}`,
  ];
}

/** Whether a step may still begin, keeping its originals, and whether what was kept is what was seen. */
function stillFunctions(change: Change, step: Step, index: number): readonly string[] {
  const made = change.steps.slice(0, index).some((s) => stepSubject(s) === stepSubject(step));
  const guard = made ? undefined : stepGuard(step);
  const kept = `"$w_kept/${keptName(index, 0)}"`;
  return [
    ...(step.kind === 'create-object'
      ? [`w_made_${index}() { ${specCommand(step)} > "$w_kept/${index}.spec"; } 2>/dev/null`]
      : []),
    `w_same_${index}() { { ${guard ?? ':'}; } 2>/dev/null; }`,
    `w_keep_${index}() {`,
    ':',
    ...keep(step, index),
    '}',
    step.kind !== 'write-file' || step.before.kind !== 'present' || made
      ? `w_kept_${index}() { :; }`
      : `w_kept_${index}() { [ "$(sha256sum < ${kept} | cut -c1-64)" = ${step.before.sha256} ]; } 2>/dev/null`,
  ];
}

/** What a command may leave undone without a word: file systems that know no modes, bits that stay. */
function proof(step: Step): readonly string[] {
  if (step.kind !== 'set-mode') return [];
  const said = quote(`the mode of ${step.path} is not ${step.mode} all the same`);
  return [`{ ${hasMode(step.path, step.mode)}; } || { echo ${said}; exit 1; }`];
}

function keep(step: Step, index: number): readonly string[] {
  const originals = pathsToKeep(step).map((path, n) => {
    const kept = `"$w_kept/${keptName(index, n)}"`;
    return `if [ -e ${quote(path)} ]; then cp -a ${quote(path)} ${kept}; fi`;
  });
  const owners =
    step.kind === 'set-owner' && step.tree
      ? [`find ${quote(step.path)} -xdev -exec stat -c '%u:%g %n' {} + > "$w_kept/${index}.owners"`]
      : [];
  // A file that has gone meanwhile must not seem to be kept.
  const clean = originals.length > 0 ? [`rm -f "$w_kept/${index}".*.original`] : [];
  return [...clean, ...originals, ...owners, ...keepReset(step, index)];
}
