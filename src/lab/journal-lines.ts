import type { Answer } from '../domain/answer.ts';
import type { Words } from '../domain/question.ts';
import type { LabLine, LabNode } from './state.ts';
import { plainName } from './unit.ts';

/**
 * `journalctl -u <unit>`, or `-k` for the kernel, with the few flags that narrow or shape it; a unit may be a pattern that ends in a
 * star. Without either the journal of the whole node is meant, which is never empty. Undefined for any other.
 */
export function journalLines(node: LabNode, words: Words): Answer | undefined {
  let unit: string | undefined;
  let since = 0;
  let last = Number.POSITIVE_INFINITY;
  let bare = false;
  let cursor = false;
  let after = 0;
  let before = '';
  const flags = words.flatMap((word) =>
    word.startsWith('--') && word.includes('=') ? splitFlag(word) : [word],
  );
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i] ?? '';
    const value = flags[i + 1] ?? '';
    if (flag === '-k') {
      unit = 'kernel';
      continue;
    }
    // What was logged before this start of the machine is kept under a name of its own.
    if (flag === '-b' && value === '-1') before = '-before';
    else if (flag === '-u' || flag === '--unit') unit = value;
    else if (flag === '-n' || flag === '--lines') last = Number(value);
    else if (flag === '--since' || flag === '-S')
      since = / ago$/.test(value) ? 0 : Number(value.replace(/^@/, ''));
    else if (flag === '--after-cursor') after = Number(/^lab-(\d+)$/.exec(value)?.[1] ?? Number.NaN);
    else if (flag === '-o' || flag === '--output') {
      if (value !== 'cat' && value !== 'short') return undefined;
      bare = value === 'cat';
    } else if (flag === '--show-cursor') {
      cursor = true;
      continue;
    } else if (['--no-pager', '-q', '--quiet', '--no-hostname', '-b'].includes(flag)) continue;
    else return undefined;
    i++;
  }
  if (words.join(' ') === '-n 1 -o cat --no-pager --show-cursor') unit = '*';
  if (unit === undefined || Number.isNaN(since) || Number.isNaN(after) || !(last >= 0)) return undefined;
  const name = `${plainName(unit)}${before}`;
  const all = unit === '*' ? [booted, ...linesOf(node, name)] : linesOf(node, name);
  const foot = cursor && all.length > 0 ? `-- cursor: lab-${all.length}\n` : '';
  const lines = all
    .slice(after)
    .filter((line) => line.at >= since)
    .slice(last === 0 ? Infinity : -last);
  if (lines.length === 0) return { kind: 'said', text: foot || '-- No entries --\n' };
  return {
    kind: 'said',
    text: lines.map((l) => (bare ? `${l.text}\n` : short(node, name, l.at, l.text))).join('') + foot,
  };
}

const booted: LabLine = { at: 0, text: 'Startup finished.' };

function linesOf({ journal }: LabNode, name: string): readonly LabLine[] {
  if (!name.endsWith('*')) return journal[name] ?? [];
  const units = Object.keys(journal).filter((unit) => unit.startsWith(name.slice(0, -1)));
  return units.flatMap((unit) => journal[unit] ?? []).toSorted((a, b) => a.at - b.at);
}

function splitFlag(word: string): readonly string[] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}

function short(node: LabNode, unit: string, at: number, text: string): string {
  const when = new Date(at * 1000).toUTCString();
  const [, day, month, , time] = when.split(' ');
  return `${month} ${day} ${time} ${node.name} ${unit.replace(/-.*/, '')}[${node.units[unit]?.pid ?? 1}]: ${text}\n`;
}
