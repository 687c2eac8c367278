import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { quote } from '../domain/quote.ts';
import type { Change, Step } from '../domain/step.ts';
import { besideForUndo, keptName } from '../domain/undo.ts';

type FileStep = Extract<Step, { readonly kind: 'write-file' | 'set-mode' }>;

/**
 * The script that takes a change of the operator's own files back by hand. It lies beside the originals before the change
 * begins; like the wizard's own undo it stops where a file is no longer what the change made of it.
 */
export async function undoScriptHere(change: Change, steps: readonly FileStep[]): Promise<string> {
  const backwards = await Promise.all(steps.map(takeBack));
  return [
    '#!/bin/sh',
    '# Takes back one change that k8s-harden made to files on this machine.',
    `# Change ${change.id} of session ${change.session}. The originals lie beside this script.`,
    '# Where a file was changed since, it stops before it touches anything; FORCE=1 takes it back all the same.',
    'set -eu',
    'cd "$(dirname "$0")"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    'force=${FORCE:-}',
    'sum() { { sha256sum 2>/dev/null || shasum -a 256; } < "$1" | cut -c1-64; }',
    'pending() { [ -e "$1.begun" ] && [ ! -e "$1.undone" ]; }',
    'same() {',
    '  if [ "$force" = 1 ] || ! pending "$1"; then return 0; fi',
    '  if [ -e "$2" ]; then now=$(sum "$2"); else now=absent; fi',
    '  if [ -e "$1.done" ]; then',
    '    if [ "$now" = "$(cat "$1.done")" ]; then return 0; fi',
    // Cut off in between, it left what was before, or what it was to write.
    '  elif [ "$now" = "$3" ] || [ "$now" = "$4" ]; then return 0; fi',
    '  echo "$2 is no longer as the change left it; nothing was taken back. FORCE=1 takes it back all the same." >&2',
    '  exit 3',
    '}',
    ...steps.flatMap((step, index) =>
      step.kind === 'write-file'
        ? [`same ${index} ${quote(step.path)} ${hashOf(step.content)} ${hashBefore(step)}`]
        : [],
    ),
    ...backwards.toReversed().flat(),
    "printf 'undone\\n' > ended",
    'echo "The change was taken back."',
    '',
  ].join('\n');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function hashBefore({ before }: Extract<FileStep, { readonly kind: 'write-file' }>): string {
  return before.kind === 'absent' ? 'absent' : before.sha256;
}

async function takeBack(step: FileStep, index: number): Promise<readonly string[]> {
  return [
    `if pending ${index}; then`,
    ...(await restore(step, index)).map((line) => `  ${line}`),
    `  : > ${index}.undone`,
    'fi',
  ];
}

async function restore(step: FileStep, index: number): Promise<readonly string[]> {
  if (step.kind === 'set-mode') return [`chmod ${step.before} ${quote(step.path)}`];
  if (step.before.kind === 'absent') return [`rm -f ${quote(step.path)}`];
  // A symbolic link stays one: what it points to was written and is put back.
  const path = await realpath(step.path);
  const { mode, uid, gid } = await stat(path);
  const temporary = quote(besideForUndo(path));
  const ours = uid === process.getuid?.() && gid === process.getgid?.();
  return [
    `cp ${keptName(index, 0)} ${temporary}`,
    ...(ours ? [] : [`chown ${uid}:${gid} ${temporary}`]),
    `chmod ${(mode & 0o7777).toString(8).padStart(4, '0')} ${temporary}`,
    `mv -f ${temporary} ${quote(path)}`,
  ];
}
