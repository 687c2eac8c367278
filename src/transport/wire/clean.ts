/**
 * Everything a terminal would act on: string sequences (OSC, DCS, SOS, PM, APC) up to their end or that of the line, CSI,
 * other escapes, then single controls, line separators and the marks that turn the reading direction.
 */
const acting =
  /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const tabStop = 8;

/** Remote text made safe to show and to store: no escape sequences, controls or direction marks; tabs become spaces. */
export function cleanText(text: string): string {
  return text
    .replaceAll(acting, '')
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .split('\n')
    .map(expandTabs)
    .join('\n');
}

/** The last line of a message that says something, cleaned; empty when there is none. */
export function lastLine(text: string): string {
  return (
    cleanText(text)
      .split('\n')
      .map((line) => line.trim())
      .findLast((line) => line !== '') ?? ''
  );
}

/** Remote or profile text as one cleaned line. */
export function oneLine(text: string): string {
  return cleanText(text).replaceAll(/\s+/g, ' ').trim();
}

function expandTabs(line: string): string {
  if (!line.includes('\t')) return line;
  let column = 0;
  let out = '';
  for (const character of line) {
    const part = character === '\t' ? ' '.repeat(tabStop - (column % tabStop)) : character;
    column += character === '\t' ? part.length : 1;
    out += part;
  }
  return out;
}
