import { commands, flags } from '../flags.ts';

/** The text of --help. */
export function helpText(): string {
  const lines = [
    'k8s-harden walks you through hardening a Kubernetes cluster, one control at a time, with undo.',
    '',
    'Examples',
    '  k8s-harden lab                                   practise; nothing real is touched',
    "  k8s-harden --node 'root@10.0.0.5 server'         the wizard, with one node to begin with",
    '  k8s-harden check --inventory prod.yaml           look only, print the verdicts',
    '',
    'Commands',
    ...commands.map((c) => row(`k8s-harden ${c.name}${c.takes ? ` ${c.takes}` : ''}`.trim(), c.says)),
  ];
  for (const group of ['What to work on', 'How', 'Screen', 'About'] as const) {
    lines.push('', group);
    for (const f of flags.filter((flag) => flag.group === group)) {
      lines.push(row(`${f.short ? `-${f.short}, ` : ''}--${f.name}${f.takes ? ` ${f.takes}` : ''}`, f.says));
    }
  }
  lines.push(
    '',
    'Files',
    '  Sessions and their journals are kept in $XDG_STATE_HOME/k8s-harden (~/.local/state/k8s-harden).',
    '',
    'Exit codes',
    '  0 nothing open · 1 a bug · 2 wrong use or no terminal · 3 controls are open · 4 no node reached',
    '  5 what was asked for could not be written whole to standard output',
    '  check --upgrade-to: 3 something would break, has to be looked at or is not known',
    '  verify: 0 nothing speaks against the record · 2 it cannot be read',
    '          3 it is damaged, cut or changed, or its head cannot be read',
    '  129, 130 or 143 ended by a hangup, an interruption or a request to end',
    '',
  );
  return lines.join('\n');
}

function row(left: string, right: string): string {
  return left.length > 40 ? `  ${left}\n  ${' '.repeat(42)}${right}` : `  ${left.padEnd(42)}${right}`;
}
