import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { kubectlAt } from '../domain/distribution.ts';
import { type Question, questionKey } from '../domain/question.ts';
import { bothStreams } from '../domain/read-only.ts';
import { compareVersions } from '../domain/version.ts';
import { patience } from './apply.ts';
import type { Api } from './health.ts';

/**
 * Which workloads the restricted Pod Security level would refuse, namespace by namespace, by the API server's own dry run
 * of the label. Below Kubernetes 1.23 there is no such dry run, and the lines say so.
 */
export async function previewPodSecurity(api: Api): Promise<Read<readonly string[]>> {
  if (compareVersions(api.place.version, [1, 23, 0]) < 0) {
    return known([
      'This version has no dry run for pod security: the restrictive PodSecurityPolicy takes effect when pods are created.',
      'Look through the workloads that need root, host paths or host networking before you go on.',
    ]);
  }
  const question: Question = {
    kind: 'command',
    // kubectl prints the warnings on its error stream.
    words: [
      ...bothStreams,
      ...kubectlAt(api.place),
      'label',
      '--dry-run=server',
      '--overwrite',
      'ns',
      '--all',
      'pod-security.kubernetes.io/enforce=restricted',
    ],
  };
  const answer = (await api.target.ask([question], { deadlineMs: patience.ask })).get(questionKey(question));
  if (answer?.kind !== 'said')
    return unread(whyNot(answer ?? { kind: 'lost', reason: 'no answer' }, 'the dry run'));
  if (!/namespace\//.test(answer.text))
    return unread(`the dry run gave no list: ${answer.text.trim().slice(0, 200)}`);
  const exempt = (api.place.words['exempt-namespaces'] ?? '').split(' ');
  const { refused, leftOut } = byNamespace(answer.text, exempt);
  const last =
    leftOut.length > 0 ? [`Left out, because the profile exempts them: ${leftOut.join(', ')}.`] : [];
  return known(
    refused.length > 0 ? [...refused, ...last] : ['No running workload would be refused.', ...last],
  );
}

/** kubectl warns once a namespace and then once a pod of it. */
function byNamespace(
  text: string,
  exempt: readonly string[],
): { readonly refused: readonly string[]; readonly leftOut: readonly string[] } {
  const refused: string[] = [];
  const leftOut: string[] = [];
  let namespace = '';
  for (const line of text.split('\n')) {
    const warning = /^Warning: (.*\S)/.exec(line)?.[1];
    if (warning === undefined) continue;
    namespace = /^existing pods in namespace "([^"]+)"/.exec(warning)?.[1] ?? namespace;
    if (!exempt.includes(namespace)) refused.push(warning);
    else if (!leftOut.includes(namespace)) leftOut.push(namespace);
  }
  return { refused, leftOut };
}
