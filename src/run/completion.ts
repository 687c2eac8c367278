import { commands, flags, type Invocation } from '../flags.ts';

/** Prints a completion script for a shell, from the flag table. */
export function completionCommand(invocation: Invocation): number {
  const [shell = ''] = invocation.operands;
  const words = [
    ...commands.filter((c) => c.name).flatMap((c) => [c.name, ...fixedWords(c)]),
    ...flags.map((f) => `--${f.name}`),
  ];
  const scripts: Readonly<Record<string, string>> = {
    bash: `complete -o default -W "${words.join(' ')}" k8s-harden\n`,
    zsh: `#compdef k8s-harden\n_arguments ${flags.map((f) => `'--${f.name}[${f.says.replaceAll(/[[\]':]/g, ' ')}]${f.takes ? ':value:_files' : ''}'`).join(' ')} '1:command:(${commands
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
          `complete -c k8s-harden -l ${f.name}${f.short ? ` -s ${f.short}` : ''}${f.takes ? ' -r' : ''} -d "${f.says}"`,
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

/** The words that follow a command to the letter. */
function fixedWords({ takes = '' }: (typeof commands)[number]): readonly string[] {
  return takes.split(' ').filter((word) => word !== '' && !word.startsWith('<'));
}
