import type { Failure } from '../../domain/failure.ts';
import { notTakenBack, whatStays } from '../../domain/lasting.ts';
import type { Deed, DeedReport } from '../../domain/ports.ts';
import { changeFolder } from '../../domain/step.ts';
import { lastLine } from './clean.ts';
import { type DeedWord, deedWords } from './deed-functions.ts';
import { driftLead } from './undo-script.ts';

/** What a deed's script said, taken apart. */
export type DeedSaid = {
  readonly word: string;
  readonly detail: string;
  /** All lines, cleaned; and the last that the step, or taking back, said. */
  readonly output: readonly string[];
  readonly step: string;
  readonly undo: string;
  /** The number of the last step that was begun, from 1; 0 before the first. */
  readonly begun: number;
};

/** The report for the word a deed's script closed with. */
export function reportOf(deed: Deed, node: string, said: DeedSaid): DeedReport {
  const { output } = said;
  const detail = lastLine(said.detail);
  const word = deedWords.find((w) => w === said.word);
  switch (word) {
    case 'done':
      return { kind: 'done', output };
    case 'put-back':
      return { kind: 'put-back', failure: changeFailed(deed, node, said, detail), output };
    case 'refused':
      return { kind: 'refused', failure: { code: 'refused', message: detail || lastTold(output) }, output };
    case 'drifted': {
      const path = detail || driftIn(output) || 'a file';
      return { kind: 'refused', failure: { code: 'drifted', node, path }, output };
    }
    case 'full':
      return { kind: 'refused', failure: { code: 'node-full', node, path: detail }, output };
    case 'read-only':
      return { kind: 'refused', failure: { code: 'node-read-only', node, path: detail }, output };
    case 'locked':
      return { kind: 'refused', failure: { code: 'locked', node, holder: detail }, output };
    case 'lab-cannot':
      return { kind: 'refused', failure: { code: 'lab-cannot', what: detail }, output };
    case 'undo-failed': {
      const message = [said.step, said.undo].filter((m) => m !== '').join('; ') || detail;
      return {
        kind: 'unknown',
        failure: { code: 'undo-failed', node, message, script: scriptOf(deed) },
        output,
      };
    }
    case undefined:
      return {
        kind: 'unknown',
        failure: { code: 'link-lost', node, message: 'the node closed the deed with a word nobody knows' },
        output,
      };
  }
}

/** Why a change failed, and what the commands before the failing one did for good. */
function changeFailed(deed: Deed, node: string, said: DeedSaid, detail: string): Failure {
  const steps = deed.kind === 'change' ? deed.change.steps : [];
  const stays = whatStays(steps.slice(0, Math.max(0, said.begun - 1)));
  // A step that runs the undo script of an earlier change says with two lines what keeps it from that.
  const path = driftIn(said.output);
  const drift = path && notTakenBack(path);
  const message = drift || said.step || detail;
  return { code: 'change-failed', node, message, ...(stays === undefined ? {} : { stays }) };
}

function driftIn(output: readonly string[]): string | undefined {
  return output.findLast((line) => line.startsWith(driftLead))?.slice(driftLead.length);
}

/** The word, the detail and the section of the message for a report: the inverse of `reportOf`. */
export function wordOf(report: DeedReport):
  | {
      readonly word: DeedWord;
      readonly detail: string;
      readonly step?: string;
    }
  | undefined {
  if (report.kind === 'done') return { word: 'done', detail: '' };
  const { failure } = report;
  if (report.kind === 'put-back') return { word: 'put-back', detail: messageOf(failure) };
  if (report.kind === 'unknown')
    return failure.code === 'undo-failed' ? { word: 'undo-failed', detail: failure.message } : undefined;
  switch (failure.code) {
    case 'drifted':
      return { word: 'drifted', detail: failure.path };
    case 'node-full':
      return { word: 'full', detail: failure.path };
    case 'node-read-only':
      return { word: 'read-only', detail: failure.path };
    case 'locked':
      return { word: 'locked', detail: failure.holder };
    case 'lab-cannot':
      return { word: 'lab-cannot', detail: failure.what };
    default:
      return { word: 'refused', detail: messageOf(failure) };
  }
}

function messageOf(failure: Failure): string {
  return 'message' in failure ? failure.message : failure.code;
}

function scriptOf(deed: Deed): string {
  return deed.kind === 'change' || deed.kind === 'undo' ? `${changeFolder(deed.change)}/undo.sh` : '';
}

function lastTold(output: readonly string[]): string {
  return output.findLast((line) => line.trim() !== '') ?? 'The node refused, without a word why.';
}
