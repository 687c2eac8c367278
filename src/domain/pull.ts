import { registryOf } from './image.ts';

/** One container of a pod and its image, as the cluster tells of it. */
export type PodImage = {
  /** `namespace/name`. */
  readonly pod: string;
  readonly node: string;
  readonly image: string;
  readonly policy?: string;
  /** What the container runtime says it runs; undefined where it has not started. */
  readonly id?: string;
  /** Why the container waits, as the kubelet words it. */
  readonly waits?: string;
  /** Whether the pod names a password for its registry. */
  readonly secret: boolean;
};

/** Whether a node's question to a registry was answered, or why that is not known. */
export type Reach = {
  readonly node: string;
  readonly registry: string;
  readonly answers: boolean | { readonly unknown: string };
};

/** What could keep pods from starting once every start asks the registry: why, the images, and the pods. */
export type PullRisk = {
  readonly kind: 'risk' | 'unknown';
  readonly why: string;
  readonly images: readonly string[];
  readonly pods: readonly string[];
};

type Reason = Pick<PullRisk, 'kind' | 'why'>;

/** Registries that give most of their images to anybody. */
const open =
  /^((index\.)?docker\.io|registry\.k8s\.io|k8s\.gcr\.io|gcr\.io|quay\.io|ghcr\.io|mcr\.microsoft\.com|public\.ecr\.aws|registry\.(rancher|suse)\.com|rocks\.canonical\.com)$/;

/** Whether a registry gives most of its images to anybody. */
export function isOpenRegistry(registry: string): boolean {
  return open.test(registry);
}

/** Which images in use may not come again when each start of a pod asks its registry; risks before what is not known. */
export function pullRisks(used: readonly PodImage[], reach: readonly Reach[]): readonly PullRisk[] {
  const risks = new Map<string, { reason: Reason; images: Set<string>; pods: Set<string> }>();
  for (const one of used) {
    const reason = reasonAgainst(one, reach);
    if (!reason) continue;
    const risk = risks.get(reason.why) ?? { reason, images: new Set(), pods: new Set() };
    risks.set(reason.why, risk);
    risk.images.add(one.image);
    risk.pods.add(one.pod);
  }
  return [...risks.values()]
    .map(({ reason, images, pods }) => ({ ...reason, images: [...images].sort(), pods: [...pods].sort() }))
    .toSorted((a, b) => rank(a) - rank(b) || (a.why < b.why ? -1 : 1));
}

/** What is to be read before the plugin is switched on: the sum, then every risk with its images and pods. */
export function pullLines(used: readonly PodImage[], reach: readonly Reach[]): readonly string[] {
  const risks = pullRisks(used, reach);
  const all = new Set(used.map((u) => u.image)).size;
  const counted = (kind: PullRisk['kind']) =>
    new Set(risks.filter((r) => r.kind === kind).flatMap((r) => r.images)).size;
  const bad = counted('risk');
  const dark = counted('unknown');
  const sum =
    bad + dark === 0
      ? `All ${all} images in use came from registries that their nodes reach.`
      : `Of ${all} images in use, ${bad} may not be pulled again, and of ${dark} it is not known. Pods that need them may not start once this is on; s skips it.`;
  return [
    sum,
    ...risks.map(
      ({ kind, why, images, pods }) =>
        `${kind === 'risk' ? 'Risk' : 'Not known'}: ${why}. Images: ${someOf(images, 12)}. Pods: ${someOf(pods, 8)}.`,
    ),
    'Looked at were the pods there are now, without static ones, whose kubelet does not ask the plugin.',
  ];
}

/** The worst that speaks against one image on one node; undefined when nothing does. */
function reasonAgainst(one: PodImage, reach: readonly Reach[]): Reason | undefined {
  const { image, policy, id, waits = '', secret, node } = one;
  if (/^(ErrImage|ImagePull|InvalidImageName|ImageInspect|RegistryUnavailable)/.test(waits))
    return risk(`it cannot be pulled even now (${waits})`);
  if (policy === 'Never') return risk('the pull policy Never becomes Always');
  const registry = registryOf(image);
  if (registry === undefined || registry === 'localhost') return risk('the name leads to no registry');
  if (id !== undefined && !id.includes('@'))
    return risk('it lies on the node only; no registry is known to have given it');
  const named = registry !== 'docker.io' || image.startsWith('docker.io/');
  if (id === undefined && !named)
    return risk(
      'no registry stands in the name, so docker.io would be asked, and it has not started here yet',
    );
  const known = reach.find((r) => r.node === node && r.registry === registry)?.answers;
  if (known === false)
    return risk(
      `${registry} does not answer ${node}; only a mirror or proxy of its container runtime could help`,
    );
  if (!secret && !isOpenRegistry(registry))
    return risk(
      `${registry} may want a password, and the pods name none (imagePullSecrets); what the node itself logs in with is not seen`,
    );
  if (id === undefined)
    return not('the container has not started, so where its image comes from is not seen');
  if (known === undefined) return not(`whether ${node} reaches ${registry} was not asked`);
  return known === true ? undefined : not(`whether ${node} reaches ${registry}: ${known.unknown}`);
}

function risk(why: string): Reason {
  return { kind: 'risk', why };
}

function not(why: string): Reason {
  return { kind: 'unknown', why };
}

function rank({ kind }: PullRisk): number {
  return kind === 'risk' ? 0 : 1;
}

function someOf(names: readonly string[], most: number): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}
