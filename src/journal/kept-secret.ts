import { namedRanges } from './named-secret.ts';
import type { Range } from './ranges.ts';

const secretObject = /\bkind\\*["']?\s*:\s*\\*["']?Secret\b/;
const yamlData = /^([ \t]*)(?:data|stringData):[ \t]*\r?\n((?:\1[ \t]+[^\n]*(?:\n|$))+)/gm;
const yamlValue = /^[ \t]*[\w.-]+:[ \t]*(\S[^\n]*)$/gm;
const jsonData = /\\*"(?:data|stringData)\\*"\s*:\s*\{([^{}]*)\}/g;
const jsonValue = /:\s*\\*"([^"\\]+)/g;

/** Where a manifest of a Secret says what it holds, whatever the names. */
export function objectRanges(text: string): readonly Range[] {
  if (!secretObject.test(text)) return [];
  return [...within(text, yamlData, 2, yamlValue), ...within(text, jsonData, 1, jsonValue)];
}

function within(text: string, block: RegExp, group: number, value: RegExp): readonly Range[] {
  return [...text.matchAll(block)].flatMap((found) => {
    const inside = found[group] ?? '';
    const start = found.index + found[0].indexOf(inside, group === 2 ? found[0].indexOf('\n') : 0);
    return [...inside.matchAll(value)].map((one): Range => {
      const said = one[1] ?? '';
      const at = start + one.index + one[0].length - said.length;
      return [at, at + said.length];
    });
  });
}

/** Where a difference adds or takes away a block under the name of a secret: its lines begin with a sign of their own. */
export function diffRanges(text: string): readonly Range[] {
  return /^[+-][^\n]*:[ \t]*[|>][-+\d]*[ \t]*$/m.test(text)
    ? namedRanges(text.replaceAll(/^[+-]/gm, ' '))
    : [];
}
