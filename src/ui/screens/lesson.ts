import { type Lesson, lessonOf, troubleOf } from '../../domain/trouble.ts';
import type { Status, Verdict } from '../../domain/verdict.ts';
import { type AppState, chosen } from '../../store/state.ts';
import type { Tone } from '../line.ts';

/** What the trouble of the session teaches of a control; undefined in a session that hardens. */
export function lessonAt(state: AppState, control: string): Lesson | undefined {
  return lessonOf(troubleOf(chosen(state).profile, state.session.trouble), control);
}

/** What is asked, what the answer means in this trouble, and what a healthy one looks like, by their words in the margin. */
export function lessonParts(
  lesson: Lesson,
  verdict: Verdict | undefined,
  status: Status,
): readonly { readonly label: string; readonly text: string; readonly tone: Tone }[] {
  return [
    { label: 'Asks', text: lesson.asks, tone: 'plain' },
    { label: 'Means', text: meaning(lesson, verdict, status), tone: 'plain' },
    { label: 'Healthy', text: lesson.healthy, tone: 'dim' },
  ];
}

/** What an answer means here. One that did not arrive rules nothing out. */
function meaning({ means }: Lesson, verdict: Verdict | undefined, status: Status): string {
  switch (verdict?.kind) {
    case 'fail':
    case 'configured-not-active':
    case 'pending-restart':
      return means;
    case 'pass':
      if (status === 'gone')
        return 'It was found at first and is gone since, without a change of its own: it came from another cause, or was mended elsewhere.';
      return status === 'fixed'
        ? 'This was a cause, and it is cured: asked again, the answer is a healthy one.'
        : 'This is not it: the answer is a healthy one.';
    case 'manual':
      return `Where it is not healthy: ${means}`;
    case 'waived':
      return 'Somebody accepted it as it is.';
    case 'not-applicable':
      return 'This cannot be it here.';
    case 'unknown':
    case undefined:
      return 'Nothing yet: without an answer this may still be the cause.';
  }
}
