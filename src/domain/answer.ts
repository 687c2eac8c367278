/**
 * What came back for one question. `said` is the only form that carries knowledge of a value; `absent` is knowledge too
 * (the file, account or object is not there). All others mean: we could not tell, and why.
 */
export type Answer =
  | { readonly kind: 'said'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'denied'; readonly message: string }
  | { readonly kind: 'no-tool'; readonly tool: string }
  | { readonly kind: 'failed'; readonly exit: number; readonly message: string }
  /** The text was larger than the cap, so it is not whole and must not be judged. */
  | { readonly kind: 'too-large'; readonly cap: number }
  /** Nothing arrived: the link broke, the deadline passed, the frame was not closed, or the question was not sent. */
  | { readonly kind: 'lost'; readonly reason: string };

/** A value that was read, or the reason why it could not be. */
export type Read<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly reason: string };

/** A known value. */
export function known<T>(value: T): Read<T> {
  return { known: true, value };
}

/** An unknown value, with the reason in one sentence. */
export function unread<T>(reason: string): Read<T> {
  return { known: false, reason };
}

/** Why an answer carries no value, in one sentence for the screen; `what` names the thing asked. */
export function whyNot(answer: Answer, what: string): string {
  switch (answer.kind) {
    case 'said':
      return `${what} was answered`;
    case 'absent':
      return `${what} does not exist`;
    case 'denied':
      return `${what} may not be read: ${answer.message}`;
    case 'no-tool':
      return `${what} could not be asked: the node has no ${answer.tool}`;
    case 'failed':
      return `${what} could not be asked: exit ${answer.exit}${answer.message ? `, ${answer.message}` : ''}`;
    case 'too-large':
      return `${what} is larger than ${answer.cap} bytes`;
    case 'lost':
      return `${what} was not answered: ${answer.reason}`;
  }
}
