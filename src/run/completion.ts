import { commands, type Flag, flags, type Invocation } from '../flags.ts';
import { formats } from '../report/index.ts';

/** Prints a completion script for a shell, from the flag table. */
export function completionCommand(invocation: Invocation): number {
  const [shell = ''] = invocation.operands;
  const words = [
    ...commands.filter((c) => c.name).flatMap((c) => [c.name, ...fixedWords(c)]),
    ...flags.map((f) => `--${f.name}`),
    ...flags.flatMap(valuesOf),
  ];
  const scripts: Readonly<Record<string, string>> = {
    bash: `complete -o default -W "${words.join(' ')}" k8s-harden\n`,
    zsh: `#compdef k8s-harden\n_arguments ${flags.map((f) => `'--${f.name}[${f.says.replaceAll(/[[\]':]/g, ' ')}]${f.takes ? `:value:${zshValues(f)}` : ''}'`).join(' ')} '1:command:(${commands
      .map((c) => c.name)
      .join(' ')
      .trim()})' '*:file:_files'\n`,
    fish: `${[
      ...commands
        .filter((c) => c.name)
        .map((c) => `complete -c k8s-harden -n __fish_use_subcommand -a ${c.name} -d "${c.says}"`),
      ...commands.flatMap((c) =>
        fixedWords(c).map(
          (w) => `complete -c k8s-harden -n "__fish_seen_subcommand_from ${c.name}" -a ${w} -d "${c.says}"`,
        ),
      ),
      ...flags.map(
        (f) =>
          `complete -c k8s-harden -l ${f.name}${f.short ? ` -s ${f.short}` : ''}${f.takes ? ` -r${fishValues(f)}` : ''} -d "${f.says}"`,
      ),
    ].join('\n')}\n`,
  };
  const script = scripts[shell];
  if (!script) {
    process.stderr.write(`k8s-harden: there is no completion for ${shell}; it is bash, zsh or fish.\n`);
    return 2;
  }
  process.stdout.write(script);
  return 0;
}

/** What may follow a flag, where that is a list. */
function valuesOf({ name }: Flag): readonly string[] {
  return name === 'format' ? ['text', ...formats.map((f) => f.id)] : [];
}

function zshValues(flag: Flag): string {
  const values = valuesOf(flag);
  return values.length > 0 ? `(${values.join(' ')})` : '_files';
}

function fishValues(flag: Flag): string {
  const values = valuesOf(flag);
  return values.length > 0 ? ` -f -a "${values.join(' ')}"` : '';
}

/** The words that follow a command to the letter. */
function fixedWords({ takes = '' }: (typeof commands)[number]): readonly string[] {
  return takes.split(' ').filter((word) => word !== '' && !word.startsWith('<'));
}
