/** What a published text counts of itself, and where ours counts otherwise: why. */
export type Published = {
  readonly distribution: string;
  /** The id of our benchmark. */
  readonly benchmark: string;
  readonly name: string;
  readonly items: number;
  /** Left out where the published text does not mark its items. */
  readonly automated?: number;
  readonly manual?: number;
  readonly notApplicable?: number;
  /** Numbers of items that are ours and not in the published text. */
  readonly additions?: RegExp;
  /** One sentence for every way in which ours differs. */
  readonly why?: string;
};

const rke2 = { distribution: 'rke2', additions: /^(host|runtime|template)\./ };
/** What holds for every self-assessment of RKE2 from CIS 1.7 on. */
const cis = {
  ...rke2,
  why: [
    'Theirs is counted by titles, with what does not apply among them.',
    'Ours judges more by itself: the files of etcd and of the network plugin, plugins of the API server, settings of the kubelet, default service accounts, network policies;',
    'and 4.1.9 and 4.1.10 apply, for the kubelet of RKE2 does have a file of settings.',
  ].join(' '),
};

/** What holds for the self-assessments of RKE2 before Pod Security admission. */
const earlier = {
  ...rke2,
  why: [
    'Theirs is counted by titles, with what does not apply among them.',
    'Ours judges more by itself: settings of the kubelet, the files of the network plugin, and whether PodSecurityPolicies are in force at all.',
    'Ciphers are judged by the shorter list of later editions, without CBC and 3DES.',
    'Items 4.1.9 and 4.1.10 are asked, and do not apply on a node without that file.',
  ].join(' '),
};

/** The published benchmarks beside which ours stand, as their own pages and profiles count them. */
export const published: readonly Published[] = [
  {
    distribution: 'rke',
    benchmark: 'hardening-2.1',
    name: 'Rancher hardening guide 2.1',
    items: 15,
  },
  {
    distribution: 'rke',
    benchmark: 'maintenance-and-network',
    name: 'RKE best practices, maintenance and network',
    items: 10,
  },
  {
    distribution: 'rke',
    benchmark: 'cis-1.8',
    name: 'CIS 1.8, hardened profile for RKE',
    items: 130,
    automated: 70,
    manual: 37,
    notApplicable: 23,
    why: [
      'The plugins of 1.2.12 are not for these versions, and 2.7 is asked of a person, for the etcd of RKE shares its authority.',
      'Ours judges the kubeconfigs of the scheduler and the controller manager (1.1.15 to 1.1.18), which are there under other names, 1.2.21, 3.2.2 and 5.3.1, and asks about 5.7.4.',
    ].join(' '),
  },
  {
    ...rke2,
    benchmark: 'cis-1.6',
    name: 'CIS 1.6 self-assessment',
    items: 122,
    notApplicable: 12,
    why: 'Ours carries the items that the hardening guide for Rancher 2.6.5 changes or names; the others of the self-assessment are not asked.',
  },
  {
    ...earlier,
    benchmark: 'cis-1.23',
    name: 'CIS 1.23 self-assessment',
    items: 125,
    automated: 85,
    manual: 40,
    notApplicable: 12,
    why: `${earlier.why} Where theirs leaves etcd's own settings, 1.3.6, 4.1.5 and 4.1.6 out as not applicable, ours looks at what is there.`,
  },
  {
    ...earlier,
    benchmark: 'cis-1.24',
    name: 'CIS 1.24 self-assessment',
    items: 125,
    automated: 87,
    manual: 38,
    notApplicable: 5,
  },
  {
    ...cis,
    benchmark: 'cis-1.7',
    name: 'CIS 1.7 self-assessment',
    items: 131,
    automated: 76,
    manual: 55,
    notApplicable: 6,
  },
  {
    ...cis,
    benchmark: 'cis-1.8',
    name: 'CIS 1.8 self-assessment',
    items: 130,
    automated: 76,
    manual: 54,
    notApplicable: 6,
  },
  {
    ...cis,
    benchmark: 'cis-1.9',
    name: 'CIS 1.9 self-assessment',
    items: 130,
    automated: 82,
    manual: 48,
    notApplicable: 5,
  },
  {
    ...cis,
    benchmark: 'cis-1.10',
    name: 'CIS 1.10 self-assessment',
    items: 130,
    automated: 82,
    manual: 48,
    notApplicable: 5,
  },
  {
    ...cis,
    benchmark: 'cis-1.11',
    name: 'CIS 1.11 self-assessment',
    items: 132,
    automated: 78,
    manual: 54,
    notApplicable: 5,
  },
  {
    ...cis,
    benchmark: 'cis-1.12',
    name: 'CIS 1.12 self-assessment',
    items: 131,
    automated: 78,
    manual: 53,
    notApplicable: 5,
  },
  {
    distribution: 'canonical',
    benchmark: 'hardening-guide',
    name: 'Hardening guide',
    items: 16,
    additions: /^(audit\.7|events\.5|kubelet\.1)$/,
  },
  {
    distribution: 'canonical',
    benchmark: 'cis-1.24',
    name: 'CIS 1.24 assessment',
    items: 124,
    automated: 91,
    manual: 33,
    why: 'Two items do not apply: Kubernetes took the plugin of 1.2.12 out in 1.30, and the etcd of 2.7 has an authority of its own by design.',
  },
  { distribution: 'canonical', benchmark: 'disa-stig', name: 'DISA STIG', items: 91, notApplicable: 6 },
];
