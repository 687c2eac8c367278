import type { Words } from './question.ts';

const takesValue =
  /^(-[nolL]|--(kubeconfig|namespace|context|cluster|request-timeout|output|selector|field-selector|label-columns|sort-by|chunk-size|raw|subresource|api-group|verbs|template))$/;
/** What may stand before the verb; kubectl takes any other flag there to swallow the next word. */
const early = /^(-n|--(kubeconfig|namespace|context|cluster|request-timeout))$/;
const alone =
  /^(-[Aq]|--(all-namespaces|ignore-not-found|no-headers|show-labels|show-kind|show-managed-fields|client|short|namespaced|cached|list|quiet|overwrite|all)(=(true|false))?|--dry-run=(server|client))$/;

type Told = { readonly operands: readonly string[]; readonly flags: ReadonlyMap<string, readonly string[]> };

/** Whether kubectl with these words only reads: every flag must be known, so that none swallows another. */
export function kubectlReads(words: Words): true | string {
  const told = parse(words);
  if (typeof told === 'string') return told;
  const { operands, flags } = told;
  const [verb = '', second] = operands;
  const kubeconfig = flags.get('--kubeconfig')?.find((path) => !isPlainPath(path));
  // A kubeconfig may name a program that hands out credentials, and kubectl runs it.
  if (kubeconfig !== undefined)
    return `kubectl --kubeconfig must be an absolute path where only root may write, not ${kubeconfig}`;
  const raw = flags.get('--raw')?.find((path) => !isPlainRaw(path));
  if (raw !== undefined) return `kubectl get --raw ${raw} may reach more than the API server`;
  const dry = flags.get('--dry-run')?.length ?? 0;
  const reads =
    verb === 'get' ||
    verb === 'version' ||
    verb === 'api-resources' ||
    verb === 'api-versions' ||
    (verb === 'cluster-info' && operands.length === 1) ||
    (verb === 'auth' && second === 'can-i') ||
    (verb === 'label' && dry === 1);
  if (reads) return true;
  const hint = verb === 'label' ? ' without --dry-run=server' : '';
  return `kubectl ${operands.slice(0, 2).join(' ')}${hint} is not known to only read`;
}

function parse(words: Words): Told | string {
  const operands: string[] = [];
  const flags = new Map<string, readonly string[]>();
  const note = (flag: string, value: string): void =>
    void flags.set(flag, [...(flags.get(flag) ?? []), value]);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!word.startsWith('-')) {
      operands.push(word);
      continue;
    }
    const [flag, value] = split(word);
    if (operands.length === 0 && !early.test(flag)) return `kubectl ${flag} stands before the verb`;
    if (takesValue.test(flag)) {
      const given = value ?? words[++i];
      // What the flag swallows would be missing elsewhere, --dry-run for one.
      if (given === undefined || given.startsWith('-')) return `kubectl ${flag} has no value`;
      note(flag, given);
    } else if (alone.test(word)) note(flag, value ?? '');
    else return `kubectl ${word} is not known to only read`;
  }
  return { operands, flags };
}

/** A flag and what is attached to it: `--raw=/readyz`, `-ojson`. */
function split(word: string): readonly [string, string | undefined] {
  const long = /^(--[^=]+)=(.*)$/s.exec(word);
  if (long) return [long[1] ?? '', long[2]];
  return /^-[nolL]./.test(word) ? [word.slice(0, 2), word.slice(2).replace(/^=/, '')] : [word, undefined];
}

function isPlainPath(path: string): boolean {
  return (
    path.startsWith('/') && !/^\/(tmp|var\/tmp|dev|proc)\//.test(path) && !path.split('/').includes('..')
  );
}

/** The API server passes some paths on to nodes, pods and services, where a GET may do anything. */
function isPlainRaw(path: string): boolean {
  const [bare = ''] = path.split('?');
  return (
    /^\/[\w./:-]*$/.test(bare) &&
    !/\/(proxy|exec|attach|portforward|\.\.?)(\/|$)|\/\//.test(`${bare}/`.replace(/\/\/$/, '/'))
  );
}
