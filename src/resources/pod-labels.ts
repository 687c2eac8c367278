import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Labels } from './network-policy.ts';

/** A pod that runs or will, as far as network policies look at it. */
export type LabelledPod = { readonly namespace: string; readonly labels: Labels };

// The labels come last, where nothing is padded: a line a pod is a hundredth of the whole objects.
const columns =
  'custom-columns=NAMESPACE:.metadata.namespace,PHASE:.status.phase,HOST:.spec.hostNetwork,LABELS:.metadata.labels';

/** Asks for the labels of all pods. */
export function podLabelsQuestion(place: Place): Question {
  return { kind: 'command', words: [...kubectlAt(place), 'get', 'pods', '-A', '-o', columns] };
}

/** The pods that a policy could hold: not those that have ended, nor those in the network of their node. */
export function readPodLabels(answers: Answers, place: Place): Read<readonly LabelledPod[]> {
  const answer = answerTo(answers, podLabelsQuestion(place));
  if (answer.kind !== 'said') return unread(whyNot(answer, 'the list of the labels of pods'));
  const [head = '', ...rows] = answer.text.split('\n').filter((line) => line.trim() !== '');
  const pods = rows.map(podOf);
  const whole = pods.filter((pod) => pod !== undefined);
  if (!/^NAMESPACE +PHASE +HOST +LABELS\s*$/.test(head) || whole.length < pods.length)
    return unread('the list of pods came in an unknown form');
  return known(whole.filter((pod) => pod.counts));
}

/** A row of kubectl's table, in which Go spells the labels: `map[app:web tier:front]`. */
function podOf(row: string): (LabelledPod & { readonly counts: boolean }) | undefined {
  const [, namespace, phase = '', host, none, pairs = ''] =
    /^(\S+) +(\S+) +(\S+) +(?:(<none>)|map\[([^\]]*)\])\s*$/.exec(row) ?? [];
  if (namespace === undefined) return undefined;
  const labels = pairs.split(' ').filter((pair) => none === undefined && pair.includes(':'));
  return {
    namespace,
    counts: !['Succeeded', 'Failed'].includes(phase) && host !== 'true',
    labels: Object.fromEntries(
      labels.map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]),
    ),
  };
}
