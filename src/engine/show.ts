import { createTwoFilesPatch } from 'diff';
import { stepCommands } from '../domain/commands.ts';
import type { Change } from '../domain/step.ts';
import { undoScreen } from '../domain/undo.ts';

/** What a change would do, in the words of the screen: commands, undo, and a unified diff for every file it writes. */
export type Shown = {
  readonly commands: readonly string[];
  readonly undo: readonly string[];
  readonly diffs: readonly { readonly path: string; readonly text: string }[];
};

/** Renders a change for the screen and the journal. `redact` masks secrets that stand in the files it edits. */
export function show(change: Change, redact: (text: string) => string): Shown {
  return {
    commands: change.steps.flatMap(stepCommands).map(redact),
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
