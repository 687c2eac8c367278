import { inRange, type Version } from '../domain/version.ts';

/** From these versions on, `cis-1.23` is no longer accepted and `etcd` is. */
const knowsEtcdProfile = '>=1.30.14 <1.31 || >=1.31.10 <1.32 || >=1.32.6 <1.33 || >=1.33.2';

const accepted: readonly (readonly [string, readonly string[]])[] = [
  ['<1.20.5', ['cis-1.5']],
  ['<1.25', ['cis-1.5', 'cis-1.6']],
  [knowsEtcdProfile, ['cis', 'etcd']],
  ['>=1.25.15 <1.26 || >=1.26.10 <1.27 || >=1.27.7 <1.28 || >=1.28.2', ['cis-1.23', 'cis']],
  ['>=1.25', ['cis-1.23']],
];

/** The values of `profile` that an RKE2 version starts with. */
export function acceptedProfiles(version: Version): readonly string[] {
  return accepted.find(([range]) => inRange(version, range))?.[1] ?? [];
}

/** Whether static pod manifests are 0600 under a profile. */
export function privateManifests(version: Version): boolean {
  return inRange(version, '>=1.25.15 <1.26 || >=1.26.10 <1.27 || >=1.27.7 <1.28 || >=1.28.3');
}

/** Whether RKE2 gives its kubelet most of its settings in a file instead of flags. */
export function configuresKubelet(version: Version): boolean {
  return inRange(version, '>=1.32');
}

/** Whether RKE2 narrows the ciphers of the API server by itself. */
export function narrowsCiphers(version: Version): boolean {
  return inRange(version, '>=1.24');
}

/** Whether a CIS profile also ends the extended life of service account tokens. */
export function shortensTokens(version: Version): boolean {
  return inRange(version, '>=1.31.14 <1.32 || >=1.32.10 <1.33 || >=1.33.6 <1.34 || >=1.34.2');
}

/** Whether Pod Security Admission has taken the place of PodSecurityPolicy. */
export function hasPodSecurityAdmission(version: Version): boolean {
  return inRange(version, '>=1.25');
}

/** Namespaces that the profile's Pod Security defaults leave alone. */
export function exemptNamespaces(version: Version): readonly string[] {
  if (inRange(version, '>=1.33.10 <1.34 || >=1.34.6 <1.35 || >=1.35.3'))
    return ['kube-system', 'compliance-operator-system', 'tigera-operator'];
  const first = ['kube-system', 'cis-operator-system'];
  return inRange(version, '<1.25.2') ? first : [...first, 'tigera-operator'];
}

/** The network policies that only kube-system gets under a profile, by the last part of their annotation. */
export function systemPolicies(version: Version): readonly string[] {
  const since: readonly (readonly [string, string])[] = [
    ['dns', '>=1.18'],
    ['ingress', '>=1.22.13 <1.23 || >=1.23.10 <1.24 || >=1.24.4'],
    ['ingress-webhook', '>=1.26.14 <1.27 || >=1.27.11 <1.28 || >=1.28.7 <1.29 || >=1.29.2'],
    ['snapshot-validation-webhook', '>=1.26.14 <1.27 || >=1.27.11 <1.28 || >=1.28.7 <1.29 || >=1.29.2'],
    ['metrics-server', '>=1.26.14 <1.27 || >=1.27.11 <1.28 || >=1.28.7 <1.29 || >=1.29.2'],
    ['traefik', '>=1.30.4'],
  ];
  return since.flatMap(([name, range]) => (inRange(version, range) ? [name] : []));
}
