import { createTwoFilesPatch } from 'diff';
import { beside, stepCommands } from '../domain/commands.ts';
import { rancherLines } from '../domain/rancher.ts';
import type { Change, Step } from '../domain/step.ts';
import { isHere, undoScreen } from '../domain/undo.ts';

/** What a change would do, in the words of the screen: commands, undo, and a unified diff for every file it writes. */
export type Shown = {
  readonly commands: readonly string[];
  readonly undo: readonly string[];
  readonly diffs: readonly { readonly path: string; readonly text: string }[];
};

/** Renders a change for the screen and the journal. `redact` masks secrets that stand in the files it edits. */
export function show(change: Change, redact: (text: string) => string): Shown {
  return {
    commands: change.steps
      .flatMap((step) => [...saidAbove(step), ...(isHere(change) ? doneHere(step) : stepCommands(step))])
      .map(redact),
    undo: undoScreen(change).map(redact),
    diffs: change.steps.flatMap((step) =>
      step.kind === 'write-file'
        ? [
            {
              path: step.path,
              text: redact(
                createTwoFilesPatch(
                  step.before.kind === 'absent' ? '/dev/null' : step.path,
                  step.path,
                  step.textBefore ?? '',
                  step.content,
                  undefined,
                  undefined,
                  { context: 3 },
                ),
              ),
            },
          ]
        : [],
    ),
  };
}

/** For the screen and the record only: a script holds no text that came from a node. */
function saidAbove(step: Step): readonly string[] {
  return step.kind === 'run'
    ? [step.vouch, step.known].flatMap((words) => (words === undefined ? [] : [`# ${words}`]))
    : [];
}

/** On the operator's own machine and on the Rancher server no shell runs: this program does it itself, and says so. */
function doneHere(step: Step): readonly string[] {
  switch (step.kind) {
    case 'write-file':
      return [
        ...(step.beside ? [step.path, ...step.beside] : []).map(
          (path) => `# this program keeps a copy of ${path} (0600)`,
        ),
        `# this program writes ${beside(step.path)} (${step.mode} ${step.owner}:${step.group}) and renames it to ${step.path}`,
      ];
    case 'set-mode':
      return [`# this program gives ${step.path} the mode ${step.mode}`];
    case 'rancher-object':
      return rancherLines(step);
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
      return stepCommands(step);
  }
}
