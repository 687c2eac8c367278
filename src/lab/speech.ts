import type { Deed } from '../domain/ports.ts';
import { type Question, questionKey } from '../domain/question.ts';
import { encodeAnswers, encodeDeed } from '../transport/wire/index.ts';
import type { LabStore } from './store.ts';

/** What a lab node says to a script, and how many milliseconds of lab time it takes over it. */
export type Speech = {
  readonly out: string;
  readonly err: string;
  readonly exit: number;
  readonly takes: number;
};

const lead = ': k8s-harden-lab ';

/** What is said where the wizard's own words are missing: the lab runs no shell. */
export const notForShells: Speech = { out: '', err: 'the lab cannot do this\n', exit: 127, takes: 0 };

/** Answers what a script asks for in its data line; without one, nothing of it is run. */
export function speak(store: LabStore, nodeName: string, script: string): Speech {
  const data = script.startsWith(lead) ? readData(script.slice(lead.length).split('\n')[0] ?? '') : undefined;
  if (!data) return notForShells;
  // A shell runs nothing of a script whose last line, the call of it all, did not arrive.
  if (!/\n\}\n\w+\n$/.test(script)) return { ...notForShells, err: '', exit: 2 };
  const { marker } = data;
  if ('deed' in data) {
    const report = store.perform(nodeName, data.deed);
    return { ...encodeDeed(marker, report), takes: 20 + deedTakes(data.deed) };
  }
  const answers = new Map(data.questions.map((q) => [questionKey(q), store.ask(nodeName, q)]));
  return { ...encodeAnswers(marker, data.questions, answers), takes: 2 * answers.size };
}

type Data =
  | { readonly marker: string; readonly questions: readonly Question[] }
  | { readonly marker: string; readonly deed: Deed };

/** The transport's own words: their form is checked, their content was made by our own types on the other side. */
function readData(text: string): Data | undefined {
  try {
    const data: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    if (typeof data !== 'object' || data === null || !('marker' in data)) return undefined;
    if (typeof data.marker !== 'string' || !/^[0-9a-f]{32}$/.test(data.marker)) return undefined;
    const speaks = ('questions' in data && Array.isArray(data.questions)) || 'deed' in data;
    return speaks ? (data as Data) : undefined;
  } catch {
    return undefined;
  }
}

function deedTakes(deed: Deed): number {
  switch (deed.kind) {
    case 'change':
    case 'undo':
      return deed.change.steps.length * 90;
    case 'restart':
    case 'stop':
    case 'start':
      return 60;
    case 'make-cluster':
    case 'lock':
    case 'unlock':
    case 'hold':
    case 'release':
      return 0;
  }
}
