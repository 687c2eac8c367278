import { known, type Read, unread } from './answer.ts';
import type { PodImage } from './pull.ts';

/** What is asked of every pod: a column each, which is a hundredth of the whole objects. */
const columns = {
  NAMESPACE: '.metadata.namespace',
  POD: '.metadata.name',
  OWNERS: '.metadata.ownerReferences[*].kind',
  NODE: '.spec.nodeName',
  SECRETS: '.spec.imagePullSecrets[*].name',
  NAMES: '.spec.containers[*].name',
  IMAGES: '.spec.containers[*].image',
  POLICIES: '.spec.containers[*].imagePullPolicy',
  STARTED: '.status.containerStatuses[*].name',
  RUNS: '.status.containerStatuses[*].imageID',
  WAITS: '.status.containerStatuses[*].state.waiting.reason',
  INITS: '.spec.initContainers[*].name',
  INITIMAGES: '.spec.initContainers[*].image',
  INITPOLICIES: '.spec.initContainers[*].imagePullPolicy',
  INITSTARTED: '.status.initContainerStatuses[*].name',
  INITRUNS: '.status.initContainerStatuses[*].imageID',
} as const;

type Column = keyof typeof columns;

const names = Object.keys(columns) as readonly Column[];

/** The form in which kubectl is to print the pods. */
export const podImagesColumns = `custom-columns=${names.map((name) => `${name}:${columns[name]}`).join(',')}`;

/** Takes kubectl's table of pods apart: every container with its image; those of static pods only with `statics`. */
export function podImages(table: string, statics = false): Read<readonly PodImage[]> {
  const [head = '', ...rows] = table.split('\n');
  // A cell may be empty, so only where its column begins tells them apart.
  const starts = names.map((name) => new RegExp(`(?:^|\\s)${name}(?=\\s|$)`).exec(head));
  if (starts.some((found) => found === null)) return unread('the list of pods came in an unknown form');
  const at = starts.map((found) => (found ? found.index + found[0].search(/\S/) : 0));
  const used = rows
    .filter((row) => row.trim() !== '')
    .flatMap((row) =>
      ofPod((column) => cell(row, at[names.indexOf(column)] ?? 0, at[names.indexOf(column) + 1]), statics),
    );
  return known(used);
}

function ofPod(text: (column: Column) => string, statics: boolean): readonly PodImage[] {
  const values = (column: Column): readonly string[] => (text(column) === '' ? [] : text(column).split(','));
  // The kubelet starts a static pod from its own file, which no plugin of the API server sees.
  if (!statics && values('OWNERS').includes('Node')) return [];
  const pod = {
    pod: `${text('NAMESPACE')}/${text('POD')}`,
    node: text('NODE'),
    secret: text('SECRETS') !== '',
  };
  const [waits] = values('WAITS').filter((reason) => /Image|Registry/.test(reason));
  const containers = (kinds: readonly [Column, Column, Column, Column, Column], waiting?: string) => {
    const [own, images, policies, started, runs] = kinds.map(values);
    return (images ?? []).map((image, n): PodImage => {
      const policy = policies?.[n];
      const id = runs?.[started?.indexOf(own?.[n] ?? '') ?? -1];
      const stuck = id ? undefined : waiting;
      return {
        ...pod,
        image,
        ...(policy ? { policy } : {}),
        ...(id ? { id: id.replace(/^docker(-pullable)?:\/\//, '') } : {}),
        ...(stuck ? { waits: stuck } : {}),
      };
    });
  };
  return [
    ...containers(['NAMES', 'IMAGES', 'POLICIES', 'STARTED', 'RUNS'], waits),
    ...containers(['INITS', 'INITIMAGES', 'INITPOLICIES', 'INITSTARTED', 'INITRUNS']),
  ];
}

function cell(row: string, from: number, to: number | undefined): string {
  const text = row.slice(from, to).trim();
  return text === '<none>' ? '' : text;
}
