import { parseArgs } from 'node:util';
import { fail, ok, type Result } from './domain/failure.ts';
import { whyUnseen } from './domain/unseen.ts';

/** One flag: what it is called, what it takes, what it does, and in which group of --help it stands. */
export type Flag = {
  readonly name: string;
  readonly short?: string;
  readonly takes?: string;
  readonly many?: boolean;
  /** The form its value must have, and the words that say so. */
  readonly form?: { readonly matches: RegExp; readonly says: string };
  /** The only commands it is for; refused with any other. */
  readonly of?: readonly string[];
  readonly says: string;
  readonly group: 'What to work on' | 'How' | 'Screen' | 'About';
};

/** One command: its name (empty for the wizard itself), what follows it, and what it does. */
export type Command = { readonly name: string; readonly takes?: string; readonly says: string };

/** Everything that may be typed; --help and completion are readings of it. */
export const commands: readonly Command[] = [
  { name: '', says: 'the wizard' },
  { name: 'lab', says: 'the wizard on a practice cluster inside this program; nothing real is touched' },
  { name: 'check', says: 'ask every control and print the verdicts; changes nothing, needs no terminal' },
  {
    name: 'plan',
    says: 'ask as check does, and print all that hardening would do, for review; changes nothing',
  },
  { name: 'sessions', says: 'list past sessions' },
  { name: 'export', takes: '<session>', says: 'print or write the transcript of a session' },
  { name: 'verify', takes: '<session>', says: 'say whether the record of a session is whole' },
  { name: 'profiles', takes: 'lint <folder>', says: 'check your own profiles, over the built-in ones' },
  { name: 'completion', takes: '<bash|zsh|fish>', says: 'print shell completion' },
];

/** All flags. */
export const flags: readonly Flag[] = [
  {
    name: 'node',
    takes: "'user@host:port role'",
    many: true,
    says: 'a node; may be given many times',
    group: 'What to work on',
  },
  { name: 'inventory', takes: 'file', says: 'a YAML file that lists the nodes', group: 'What to work on' },
  { name: 'cluster', takes: 'name', says: 'what to call the cluster', group: 'What to work on' },
  {
    name: 'distribution',
    takes: 'id',
    of: ['check', 'plan', 'lab'],
    says: 'the distribution: for check and plan, what the nodes run by default; for lab, rke2 by default',
    group: 'What to work on',
  },
  {
    name: 'benchmark',
    takes: 'id',
    of: ['check', 'plan'],
    says: 'for check and plan: the benchmark; the first that fits what the nodes run by default',
    group: 'What to work on',
  },
  {
    name: 'level',
    takes: '1|2',
    of: ['check', 'plan'],
    form: { matches: /^[12]$/, says: '1 or 2' },
    says: 'for check and plan: the level, 1 by default',
    group: 'What to work on',
  },
  {
    name: 'trouble',
    takes: 'name',
    of: ['check'],
    says: 'for check: ask only for the causes of this trouble; a wrong name lists all, all has all',
    group: 'What to work on',
  },
  {
    name: 'broken',
    takes: 'name',
    of: ['lab'],
    says: 'for lab: begin with a cluster that is broken so; a wrong name lists all',
    group: 'What to work on',
  },
  {
    name: 'upgrade-to',
    takes: 'version',
    of: ['check'],
    form: { matches: /^v?\d+\.\d+\.\d+([-+][\w.+-]*)?$/, says: 'a whole version, such as v1.34.2' },
    says: 'for check: ask only what would break on this version',
    group: 'What to work on',
  },
  {
    name: 'template',
    takes: 'file',
    says: 'the Rancher cluster YAML, or RKE’s cluster.yml, on this machine, to check and edit',
    group: 'What to work on',
  },
  {
    name: 'rancher',
    takes: 'address',
    says: 'the Rancher server to ask as well, such as https://rancher.example.org',
    group: 'What to work on',
  },
  {
    name: 'profiles',
    takes: 'folder',
    says: 'your own profiles, laid over the built-in ones',
    group: 'What to work on',
  },
  { name: 'waivers', takes: 'file', says: 'the file of waivers to read and write', group: 'What to work on' },
  {
    name: 'plan',
    takes: 'file',
    says: 'a plan that was made before, as JSON: what of it is still the same, for the wizard and check',
    group: 'What to work on',
  },
  { name: 'read-only', says: 'look, but refuse every change', group: 'How' },
  {
    name: 'forks',
    takes: 'n',
    form: { matches: /^[1-9]\d{0,4}$/, says: 'a whole number, 1 or more' },
    says: 'most nodes connected to at once, 16 by default',
    group: 'How',
  },
  { name: 'identity', short: 'i', takes: 'file', says: 'a private key to offer first', group: 'How' },
  { name: 'known-hosts', takes: 'file', says: 'the known_hosts file to use', group: 'How' },
  {
    name: 'ssh-config',
    takes: 'file',
    says: 'the ssh configuration to use; none for no configuration',
    group: 'How',
  },
  {
    name: 'rancher-token-file',
    takes: 'file',
    says: 'a file of yours alone with its token; else K8S_HARDEN_RANCHER_TOKEN, or the wizard asks',
    group: 'How',
  },
  { name: 'rancher-ca', takes: 'file', says: 'the CA of the Rancher server’s certificate', group: 'How' },
  { name: 'rancher-try-login', says: 'agree to one login there as admin, password admin', group: 'How' },
  {
    name: 'format',
    takes: 'name',
    of: ['export', 'check', 'plan', 'sessions'],
    says: 'for export: markdown (the default), html, json, summary, csv, junit, sarif, cklb or oscal; for check and sessions: text or json; for plan: markdown or json',
    group: 'How',
  },
  {
    name: 'output',
    short: 'o',
    takes: 'file',
    of: ['export'],
    says: 'for export: where to write; - for standard output',
    group: 'How',
  },
  {
    name: 'head',
    takes: 'hash',
    form: { matches: /^[0-9a-fA-F]{64}$/, says: 'a last hash, 64 digits from 0 to f' },
    of: ['verify'],
    says: 'for verify: the last hash, as you kept it elsewhere; says what became of the record since',
    group: 'How',
  },
  { name: 'screen-reader', says: 'lines instead of boxes, for a screen reader', group: 'Screen' },
  { name: 'inline', says: 'do not use the alternate screen', group: 'Screen' },
  { name: 'ascii', says: 'plain ASCII symbols', group: 'Screen' },
  { name: 'no-color', says: 'no colour; NO_COLOR does the same', group: 'Screen' },
  { name: 'help', short: 'h', says: 'this page', group: 'About' },
  { name: 'version', short: 'V', says: 'the version', group: 'About' },
];

/** What was typed, taken apart. */
export type Invocation = {
  readonly command: string;
  readonly operands: readonly string[];
  readonly on: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
};

/** Takes a command line apart; a wrong word is a usage failure that names it. */
export function parseCommandLine(args: readonly string[]): Result<Invocation> {
  const options = Object.fromEntries(
    flags.map((flag) => [
      flag.name,
      {
        type: flag.takes ? ('string' as const) : ('boolean' as const),
        multiple: true,
        ...(flag.short ? { short: flag.short } : {}),
      },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    for (const text of [...positionals, ...Object.values(values).flat()]) {
      const hidden = typeof text === 'string' ? whyUnseen(text) : undefined;
      if (hidden !== undefined) return usage(`${text}: ${hidden}.`);
    }
    const [command = '', ...operands] = positionals;
    const known = commands.find((c) => c.name === command);
    if (!known) return usage(`There is no command ${command}; it is one of: ${names()}.`);
    if (known.takes && !values.help && !suits(operands, known.takes))
      return usage(`${command} takes ${known.takes}.`);
    if (!known.takes && operands.length > 0)
      return usage(`${command || 'The wizard'} takes no ${operands[0]}.`);
    const given = new Map<string, readonly string[]>();
    const on = new Set<string>();
    for (const [name, value] of Object.entries(values)) {
      const list = [value].flat();
      if (list.some((v) => typeof v === 'boolean')) on.add(name);
      const texts = list.filter((v): v is string => typeof v === 'string');
      const flag = flags.find((f) => f.name === name);
      if (texts.length > 1 && !flag?.many) return usage(`--${name} is given twice.`);
      if (flag?.of && !flag.of.includes(command))
        return usage(`--${name} is for ${flag.of.join(', ')}; ${command || 'the wizard'} does not take it.`);
      if (command === 'lab' && /^(node|inventory|template|rancher(-.*)?)$/.test(name))
        return usage(`--${name} is for what is real, and lab touches nothing real; leave it out.`);
      const odd = flag?.form && texts.find((text) => !flag.form?.matches.test(text));
      if (odd !== undefined) return usage(`--${name} ${odd}: it is ${flag?.form?.says}.`);
      if (texts.length > 0) given.set(name, texts);
    }
    return ok({ command, operands, on, values: given });
  } catch (error) {
    return usage(`${(error as Error).message.split('. ')[0]}.`);
  }
}

/** Whether these follow a command as they must: as many words, and those that do not stand for something to the letter. */
function suits(operands: readonly string[], takes: string): boolean {
  const words = takes.split(' ');
  return (
    operands.length === words.length && words.every((word, n) => word.startsWith('<') || word === operands[n])
  );
}

function names(): string {
  return commands
    .filter((c) => c.name)
    .map((c) => c.name)
    .join(', ');
}

function usage<T>(message: string): Result<T> {
  return fail({ code: 'usage', message });
}
