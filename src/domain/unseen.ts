/** Controls of a terminal, and signs that turn the direction of writing or cannot be seen. */
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/u;

/** Why a name must not be taken as it is, without the full stop; undefined when all of it can be seen. */
export function whyUnseen(text: string): string | undefined {
  const point = unseen.exec(text)?.[0].codePointAt(0);
  if (point === undefined) return undefined;
  const sign = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
  return `it holds ${sign}, a sign that cannot be seen or that a terminal would act on; take it out`;
}
