/** The words that Go and the YAML of Kubernetes take for truth values. */
const truths = new Map([
  ...['1', 't', 'true', 'y', 'yes', 'on'].map((word) => [word, 'true'] as const),
  ...['0', 'f', 'false', 'n', 'no', 'off'].map((word) => [word, 'false'] as const),
]);

const seconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

const span = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;

/** Whether a value is one of these, however it is spelled: truth values, durations and whole numbers have many spellings. */
export function isOneOf(value: string, wanted: readonly string[]): boolean {
  const meant = meaning(value, wanted);
  return wanted.some((one) => meaning(one, wanted) === meant);
}

/**
 * Whether a list has an item; of `name=true` and `name=false`, the last item of the name counts, however it is spelled. A gate may be
 * set for each of the components that one program is made of, as in `kube:name=true`: any of them has it.
 */
export function hasItem(items: readonly string[], wanted: string): boolean {
  const [name = '', value = ''] = wanted.split('=').map((part) => part.trim());
  if (value !== 'true' && value !== 'false') return items.includes(wanted);
  const last = new Map<string, string>();
  for (const item of items) {
    const [said = '', on = ''] = item.split('=').map((part) => part.trim());
    const at = said.lastIndexOf(':');
    if (said.slice(at + 1) === name) last.set(at < 0 ? 'kube' : said.slice(0, at), on);
  }
  return [...last.values()].some((on) => meaning(on, [value]) === value);
}

/** The number a flag is set to, as Go reads it: 0x begins sixteens, 0 and 0o eights, 0b twos; undefined for what is no whole number. */
function wholeNumber(text: string): number | undefined {
  const [, sign = '', digits = ''] = /^([+-]?)(\w+)$/.exec(text) ?? [];
  const plain = digits.replaceAll('_', '').replace(/^0(?=[0-7]+$)/, '0o');
  const number = /^(\d+|0x[\da-f]+|0o[0-7]+|0b[01]+)$/i.test(plain) ? Number(plain) : undefined;
  return number === undefined || number === 0 ? number : sign === '-' ? -number : number;
}

/** One text for all spellings of a value, by the kind of value that is wanted. */
function meaning(value: string, wanted: readonly string[]): string {
  if (wanted.every((one) => one === 'true' || one === 'false'))
    return truths.get(value.toLowerCase()) ?? value;
  if (wanted.some((one) => span.test(one)) || wanted.every((one) => wholeNumber(one) !== undefined))
    return String(wholeNumber(value) ?? duration(value) ?? value);
  return value;
}

function duration(text: string): number | undefined {
  if (!span.test(text)) return undefined;
  const parts = [...text.matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)];
  const sum = parts.reduce(
    (total, [, number, unit = '']) => total + Number(number) * (seconds[unit] ?? 0),
    0,
  );
  return sum !== 0 && text.startsWith('-') ? -sum : sum;
}
