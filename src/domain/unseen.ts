/** Controls of a terminal, and signs that turn the direction of writing or cannot be seen. */
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/u;

/** Remote text for people, on one line: of what cannot be seen, or a terminal would act on, it shows that something was there. */
export function visible(text: string): string {
  return unseen.test(text) ? text.replaceAll(new RegExp(unseen, 'gu'), '\ufffd') : text;
}

/** The same for a text of several lines, which it keeps; a tab becomes a space. */
export function visibleLines(text: string): string {
  return unseen.test(text) ? text.replaceAll('\t', ' ').split('\n').map(visible).join('\n') : text;
}

/** Why a name must not be taken as it is, without the full stop; undefined when all of it can be seen. */
export function whyUnseen(text: string): string | undefined {
  const point = unseen.exec(text)?.[0].codePointAt(0);
  if (point === undefined) return undefined;
  const sign = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
  return `it holds ${sign}, a sign that cannot be seen or that a terminal would act on; take it out`;
}
