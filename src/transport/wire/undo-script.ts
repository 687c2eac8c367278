import { createHash } from 'node:crypto';
import {
  beside,
  hasMode,
  hasOwner,
  noLink,
  stepGuard,
  stepSubject,
  stepSummary,
} from '../../domain/commands.ts';
import { putBackReset } from '../../domain/forwarding.ts';
import { folderOf } from '../../domain/path.ts';
import { quote } from '../../domain/quote.ts';
import { type Change, pathsToKeep, type Step } from '../../domain/step.ts';
import { backSummary, besideForUndo, undoCommands, undoGuard } from '../../domain/undo.ts';
import { oneLine } from './clean.ts';
import { processFunctions, sameShell } from './prelude.ts';
import { roomName, rooms } from './room.ts';

/** How an undo script ends: taken back, stopped by drift, stopped because something still runs, or failed in part. */
export const undoExit = { done: 0, drifted: 3, running: 4, failed: 5 } as const;

/** What leads the line that names what has drifted. */
export const driftLead = 'drifted: ';

/**
 * The script that takes one change back. It is written on the node before the change begins, is what the wizard's own undo
 * runs, and can be run by an administrator who has never seen the wizard.
 */
export function undoScript(change: Change): string {
  const steps = change.steps.map((step, index) => ({ step, index })).toReversed();
  return [
    '#!/bin/sh',
    '# Takes back one change that k8s-harden made on this machine.',
    `#   control ${oneLine(change.control)}, node ${oneLine(change.node)}`,
    `#   change ${oneLine(change.id)} of session ${oneLine(change.session)}`,
    '#',
    '# Run it as root:  sh undo.sh',
    '# It needs nothing but this folder, where the originals lie, and may be run again.',
    '# It stops before it touches anything when something is no longer as the change left it.',
    ...(change.steps.some((step) => step.kind === 'patch-object')
      ? [
          '# Of objects of the cluster it compares the values that were patched, except lists; kubectl must answer for that.',
        ]
      : []),
    '# To take the change back all the same:  FORCE=1 sh undo.sh',
    '',
    '_undo() {',
    ...sameShell,
    "trap '' HUP PIPE",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    'case $0 in */*) KEPT=$(cd "${0%/*}" && pwd -P) ;; *) KEPT=$(pwd -P) ;; esac',
    'if [ ! -f "$KEPT/undo.sh" ]; then echo "Run this as a file, where it lies."; exit 1; fi',
    'if [ "$(id -u)" != 0 ]; then echo "Only root can take this change back."; exit 1; fi',
    ...processFunctions,
    'pending() { [ -e "$KEPT/$1.begun" ] && [ ! -e "$KEPT/$1.undone" ]; }',
    'drifted() {',
    `  echo "${driftLead}$1"`,
    '  echo "That is no longer as the change left it, so nothing was taken back. FORCE=1 takes it back all the same."',
    `  rm -f "$KEPT/undo.pid"; exit ${undoExit.drifted}`,
    '}',
    'still() {',
    '  echo "The $1 still runs (process $w_pid). Wait for its end, then try again."',
    `  exit ${undoExit.running}`,
    '}',
    'settle() { sync "$@" 2>/dev/null || sync; }',
    'taken_back() {',
    '  if [ "$2" != 0 ]; then echo "This could not be taken back: $3"; failed=yes; return; fi',
    // Only what was touched is synced: all of a busy disk could take long.
    '  w_index=$1; shift 3; w_count=$#',
    '  for w_path in "$@"; do if [ -e "$w_path" ]; then set -- "$@" "$w_path"; fi; done',
    '  shift "$w_count"',
    '  if [ "$#" -gt 0 ]; then settle "$@"; fi',
    '  if printf "" > "$KEPT/$w_index.undone" && settle "$KEPT"; then return; fi',
    '  echo "The mark of it could not be written."; failed=yes',
    '}',
    'if w_alive "$KEPT/undo.pid"; then still "undo of this change"; fi',
    'w_register "$KEPT/undo.pid"',
    // The change itself calls this script to put back, and is no reason to wait.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    'if w_alive "$KEPT/pid" && [ "$w_pid" != "${PUT_BACK_BY:-}" ]; then rm -f "$KEPT/undo.pid"; still change; fi',
    'if w_alive "$KEPT/step.pid"; then rm -f "$KEPT/undo.pid"; still "last step of the change"; fi',
    'failed=',
    ...rooms(change).map(([folder]) => `rm -f ${quote(`${folder.replace(/\/$/, '')}/${roomName}`)}`),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    'if [ "${FORCE:-}" != 1 ]; then',
    '  :',
    ...steps.flatMap(({ step, index }) => driftCheck(change, step, index)),
    'fi',
    ...steps.flatMap(({ step, index }) => takeBack(change, step, index)),
    'rm -f "$KEPT/undo.pid"',
    `if [ -n "$failed" ]; then exit ${undoExit.failed}; fi`,
    'printf "undone\\n" > "$KEPT/ended"',
    'settle "$KEPT/ended" "$KEPT"',
    'echo "Everything this change did has been taken back."',
    `exit ${undoExit.done}`,
    '}',
    '_undo',
    '',
  ].join('\n');
}

/** A step may be taken back when things are as it left them, or as they were before it; a later step on the same thing speaks for both. */
function driftCheck(change: Change, step: Step, index: number): readonly string[] {
  const guard = undoGuard(step, index);
  const later = change.steps
    .slice(index + 1)
    .some((other) => other.kind === step.kind && stepSubject(other) === stepSubject(step));
  if (guard === undefined || later) return [];
  const ours = [guard, contentGuard(step)].flatMap((test) => (test ? [`{ ${test}; }`] : [])).join(' || ');
  const left = `{ { ${ours}; }${attributesGuard(change, step, index)}; }`;
  const before = stepGuard(step);
  return [
    `  if pending ${index}; then { ${left}${before ? ` || { ${before}; }` : ''}; } 2>/dev/null || drifted ${quote(oneLine(stepSubject(step)))}; fi`,
  ];
}

/** Cut off between the rename and the record of it, a file is ours when it is the text we meant to write. */
function contentGuard(step: Step): string | undefined {
  if (step.kind !== 'write-file') return undefined;
  const hash = createHash('sha256').update(step.content).digest('hex');
  return `${noLink(step.path)} && [ "$(sha256sum < ${quote(step.path)} | cut -c1-64)" = ${hash} ]`;
}

/** The mode and owner of a written file, unless a later step of the change gives it others. */
function attributesGuard(change: Change, step: Step, index: number): string {
  if (step.kind !== 'write-file') return '';
  const others = change.steps
    .slice(index + 1)
    .some(
      (later) =>
        (later.kind === 'set-mode' || later.kind === 'set-owner') &&
        `${step.path}/`.startsWith(`${later.path}/`),
    );
  if (others) return '';
  return ` && ${hasMode(step.path, step.mode)} && ${hasOwner(step.path, `${step.owner}:${step.group}`)}`;
}

function takeBack(change: Change, step: Step, index: number): readonly string[] {
  const leftovers =
    step.kind === 'write-file'
      ? [beside(step.path), besideForUndo(step.path)]
      : pathsToKeep(step).map(besideForUndo);
  const summary = quote(oneLine(stepSummary(step)));
  return [
    `if pending ${index}${loadedAtBoot(change, step, index)}; then`,
    `printf 'Taking back: %s\\n' ${quote(oneLine(backSummary(step, index)))}`,
    ...(leftovers.length > 0 ? [`rm -f ${leftovers.map(quote).join(' ')}`] : []),
    ...nothingLeft(step, index),
    '(',
    'set -e',
    ...undoCommands(step, index),
    ')',
    'w_status=$?',
    ...(nothingLeft(step, index).length > 0 ? ['fi'] : []),
    `taken_back ${index} "$w_status" ${[summary, ...touched(step).map(quote)].join(' ')}`,
    'fi',
  ];
}

/** After a power cut between the file and the running value, the boot has loaded from the file what no step set. */
function loadedAtBoot(change: Change, step: Step, index: number): string {
  if (step.kind !== 'set-kernel') return '';
  const file = change.steps.findIndex((other) => other.kind === 'write-file');
  if (file < 0) return '';
  return ` || { [ -e "$KEPT/${file}.begun" ] && [ ! -e "$KEPT/${index}.undone" ] && ${undoGuard(step, index)}; }`;
}

/** Opens the case that nothing is left to do: cut off or refused before anything came of it, or taken back by hand since. */
function nothingLeft(step: Step, index: number): readonly string[] {
  switch (step.kind) {
    case 'make-folder':
    case 'move-folder':
    case 'set-mode':
      return [`if ${stepGuard(step)}; then w_status=0; else`];
    case 'set-kernel':
      // What the kernel reset with the value may still have to go back when the value itself has.
      return [
        `if ${stepGuard(step)}; then`,
        '(',
        'set -e',
        ':',
        ...putBackReset(step, index),
        ')',
        'w_status=$?',
        'else',
      ];
    case 'create-account':
    case 'create-group':
      return [
        // Cut off while the originals go back, part of them may have; that must not count as nothing left.
        `if sha256sum -c "$KEPT/${index}.after" >/dev/null 2>&1; then printf "" > "$KEPT/${index}.restoring"; fi`,
        `if [ ! -e "$KEPT/${index}.restoring" ] && ${stepGuard(step)}${groupStays(step)}; then w_status=0; else`,
      ];
    case 'set-owner':
      // Of a tree the top alone says nothing.
      return step.tree ? [] : [`if ${stepGuard(step)}; then w_status=0; else`];
    case 'write-file':
    case 'set-unit':
    case 'patch-object':
    case 'create-object':
    case 'rancher-object':
    case 'run':
      return [];
  }
}

/** Of an account made into a group that was there, the group must be left too. */
function groupStays(step: Step): string {
  return step.kind === 'create-account' && !step.withGroup
    ? ` && grep -q ${quote(`^${step.name}:`)} /etc/group`
    : '';
}

/** What must be on the disk before a step counts as taken back. */
function touched(step: Step): readonly string[] {
  switch (step.kind) {
    case 'write-file':
      return [step.path, folderOf(step.path)];
    case 'make-folder':
    case 'move-folder':
    case 'set-mode':
    case 'set-owner':
      return [folderOf(step.path)];
    case 'create-account':
    case 'create-group':
      return [...pathsToKeep(step), '/etc'];
    case 'set-kernel':
    case 'set-unit':
    case 'patch-object':
    case 'create-object':
    case 'rancher-object':
    case 'run':
      return [];
  }
}
