import { quote } from '../domain/quote.ts';
import { type RancherStep, requestBack } from '../domain/rancher.ts';
import type { Change } from '../domain/step.ts';

/**
 * The script that takes a change of a Rancher server back by hand, with curl. The token comes from the environment and goes to
 * curl through its standard input: an argument could be read by anybody on the machine.
 */
export function rancherUndoScript(
  change: Change,
  of: { readonly url: string; readonly caPath?: string },
): string {
  const steps = change.steps.filter((step): step is RancherStep => step.kind === 'rancher-object');
  return [
    '#!/bin/sh',
    `# Takes back one change that k8s-harden made on the Rancher server ${of.url}.`,
    `# Change ${change.id} of session ${change.session}. It needs curl, and the token of an administrator:`,
    '#   K8S_HARDEN_RANCHER_TOKEN=... sh undo.sh',
    '# It does not look whether somebody changed the objects since: look first.',
    'set -eu',
    'cd "$(dirname "$0")"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    ': "${K8S_HARDEN_RANCHER_TOKEN:?set it to the token of an administrator}"',
    'pending() { [ -e "$1.begun" ] && [ ! -e "$1.undone" ]; }',
    'send() {',
    '  printf \'header = "Authorization: Bearer %s"\\n\' "$K8S_HARDEN_RANCHER_TOKEN" |',
    // Neither a proxy of the environment nor a .curlrc, which may switch the check of the certificate off, is to count.
    `    curl --disable --noproxy '*' --config - --fail --silent --show-error --proto =https${of.caPath ? ` --cacert ${quote(of.caPath)}` : ''} \\`,
    '      --header \'Content-Type: application/json\' --output /dev/null --request "$1" --data "$3" "$2"',
    '}',
    ...steps
      .flatMap((step, index) => [{ step, index }])
      .toReversed()
      .flatMap(({ step, index }) => takeBack(step, index, of.url)),
    "printf 'undone\\n' > ended",
    'echo "The change was taken back."',
    '',
  ].join('\n');
}

function takeBack(step: RancherStep, index: number, url: string): readonly string[] {
  const { method, path, body = '{}' } = requestBack(step);
  return [
    `if pending ${index}; then`,
    `  send ${method} ${quote(`${url}${path}`)} ${quote(body)}`,
    `  : > ${index}.undone`,
    'fi',
  ];
}
