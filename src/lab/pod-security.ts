import type { LabCluster, LabObject } from './state.ts';

type Context = {
  readonly allowPrivilegeEscalation?: boolean;
  readonly privileged?: boolean;
  readonly runAsNonRoot?: boolean;
  readonly seccompProfile?: unknown;
  readonly capabilities?: { readonly drop?: readonly string[] };
};

type Container = {
  readonly securityContext?: Context;
  readonly ports?: readonly { readonly hostPort?: number }[];
};

type Spec = {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly securityContext?: Context;
  readonly volumes?: readonly { readonly hostPath?: unknown }[];
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
};

/** What kubectl prints, warnings among it, for a dry run of the restricted label on every namespace. */
export function restrictedDryRun(cluster: LabCluster): string {
  const names = cluster.objects
    .filter((o) => o.kind === 'Namespace')
    .map((o) => o.metadata.name)
    .sort();
  const lines = names.flatMap((name) => [
    ...warnings(cluster, name),
    `namespace/${name} labeled (server dry run)`,
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

function warnings(cluster: LabCluster, namespace: string): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const pod of cluster.objects) {
    if (pod.kind !== 'Pod' || pod.metadata.namespace !== namespace) continue;
    const reasons = violations(pod).join(', ');
    if (reasons) groups.set(reasons, [...(groups.get(reasons) ?? []), pod.metadata.name]);
  }
  if (groups.size === 0) return [];
  const level = '"restricted:latest"';
  return [
    `Warning: existing pods in namespace "${namespace}" violate the new PodSecurity enforce level ${level}`,
    ...[...groups].map(
      ([reasons, [first, ...others]]) => `Warning: ${first}${andMore(others.length)}: ${reasons}`,
    ),
  ];
}

/** The rules of the restricted level that a pod breaks, in the short words of the API server's warning. */
function violations(pod: LabObject): readonly string[] {
  const spec = (pod.spec ?? {}) as Spec;
  const whole = spec.securityContext ?? {};
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  const some = (test: (own: Context, container: Container) => boolean) =>
    containers.some((c) => test(c.securityContext ?? {}, c));
  const rules: readonly (readonly [string, boolean])[] = [
    ['allowPrivilegeEscalation != false', some((own) => own.allowPrivilegeEscalation !== false)],
    ['unrestricted capabilities', some((own) => !own.capabilities?.drop?.includes('ALL'))],
    ['host namespaces', Boolean(spec.hostNetwork || spec.hostPID || spec.hostIPC)],
    ['hostPath volumes', (spec.volumes ?? []).some((v) => v.hostPath !== undefined)],
    ['hostPort', some((_, c) => (c.ports ?? []).some((p) => p.hostPort !== undefined))],
    ['privileged', some((own) => own.privileged === true)],
    ['runAsNonRoot != true', some((own) => (own.runAsNonRoot ?? whole.runAsNonRoot) !== true)],
    ['seccompProfile', some((own) => !(own.seccompProfile ?? whole.seccompProfile))],
  ];
  return rules.flatMap(([words, broken]) => (broken ? [words] : []));
}

function andMore(count: number): string {
  if (count === 0) return '';
  return ` (and ${count} other pod${count > 1 ? 's' : ''})`;
}
