/** What a tool may be told so that it only reads. `takes` are the flags whose value is the next word. */
export type Reader = {
  readonly flags: RegExp | 'any';
  readonly takes?: RegExp;
  /** What such a value may be; any unless said. */
  readonly values?: RegExp;
  /** What the operands may be, joined by blanks. */
  readonly operands: RegExp | 'any';
  /** It opens the files it is given, so devices are kept from it. */
  readonly opens?: true;
  /** A flag before the first operand is another program's matter: docker's own -l swallows the next word. */
  readonly verbFirst?: true;
};

const nothing = /^$/;
const anyWay: Reader = { flags: 'any', operands: 'any' };
const opening: Reader = { ...anyWay, opens: true };
const rules: Reader = {
  flags: /^(-t|-c|--table(=\w+)?|--counters)$/,
  takes: /^(-t|--table)$/,
  operands: nothing,
};
const ruleList: Reader = {
  flags: /^(-[LSnvxt]+|--(list|list-rules|numeric|verbose|exact|line-numbers|table))$/,
  operands: /^[\w -]*$/,
};

/** Tools that only read when they are told no more than this. A flag that is not here is refused, whatever it does. */
export const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['cat', opening],
  ['head', opening],
  ['grep', opening],
  ['sha256sum', opening],
  ['stat', anyWay],
  ['ls', anyWay],
  ['readlink', anyWay],
  ['namei', anyWay],
  ['id', anyWay],
  ['uname', anyWay],
  ['ps', anyWay],
  [
    'tail',
    {
      flags: /^(-\d+|-[cnqvz]+\d*|--(lines|bytes)(=\d+)?|--(quiet|silent|verbose|zero-terminated))$/,
      operands: 'any',
      opens: true,
    },
  ],
  [
    'journalctl',
    {
      flags:
        /^(-\d+|-[kqraxlem]|-[unoptSUbgc].*|--(unit|lines|output|output-fields|priority|identifier|since|until|cursor|after-cursor|boot|grep|facility)(=.*)?|--(no-pager|show-cursor|quiet|reverse|all|dmesg|utc|no-hostname|full|no-full|no-tail|merge|system|list-boots|disk-usage))$/,
      operands: 'any',
    },
  ],
  [
    'systemctl',
    {
      flags:
        /^(-[alq]|-[pnot].*|--(property|lines|output|type|state)(=.*)?|--(value|all|full|quiet|plain|no-pager|no-legend))$/,
      takes: /^(-[pnot]|--(property|lines|output|type|state))$/,
      operands:
        /^(show|status|cat|is-active|is-enabled|is-failed|is-system-running|get-default|list-[a-z-]+)( |$)/,
    },
  ],
  [
    'snap',
    { flags: /^(--all|--color=\w+|--unicode=\w+)$/, operands: /^(list|services|version)( [\w.-]+)*$/ },
  ],
  [
    'docker',
    {
      flags:
        /^(-[aqsnlt]|--(all|quiet|size|latest|no-trunc|timestamps)|--(format|filter|last|type|since|until|tail)(=.*)?)$/,
      takes: /^(-n|--(format|filter|last|type|since|until|tail))$/,
      operands: /^(ps|inspect|images|info|version|logs|container (ls|inspect)|image (ls|inspect))( |$)/,
      verbFirst: true,
    },
  ],
  [
    'crictl',
    {
      flags:
        /^(-[aqrcotv]|--(all|quiet|verbose|no-trunc)|--(runtime-endpoint|image-endpoint|config|timeout|output|name|state|label|pod|image|namespace|id)(=.*)?)$/,
      takes:
        /^(-[rcot]|--(runtime-endpoint|image-endpoint|config|timeout|output|name|state|label|pod|image|namespace|id))$/,
      operands: /^(ps|pods|images|inspect|inspecti|inspectp|version|info)( |$)/,
    },
  ],
  [
    'ss',
    {
      flags:
        /^(-[lntuapxwemioHO46s]+|--(listening|numeric|tcp|udp|unix|all|processes|extended|no-header|oneline|summary))$/,
      operands: 'any',
    },
  ],
  [
    'ip',
    {
      flags: /^-(4|6|br|brief|o|oneline|j|json|d|details|s|stats|statistics|c|color|p|pretty)$/,
      operands: /^(a|addr|address|l|link|r|route|ru|rule|n|neigh|neighbour)( (show|list|ls)( .*)?)?$/,
    },
  ],
  // The head of a registry's first page or of one image there, with no configuration of curl's own: a connection and nothing more.
  [
    'curl',
    {
      flags: /^(-q|-sS|-I|-k|-m\d|-H|--cacert)$/,
      takes: /^(-H|--cacert)$/,
      // A header that begins with @ would be read from a file and sent.
      values: /^(Accept: [\w.+/, -]+|\/[\w./-]+)$/,
      operands: /^https?:\/\/[\w.-]+(:\d+)?\/v2\/([\w./-]+\/manifests\/[\w.:-]+(\?ns=[\w.:-]+)?)?$/,
      opens: true,
    },
  ],
  ['sysctl', { flags: /^(-[naeN]|--(values|names|all|ignore|pattern))$/, operands: /^[\w./ -]*$/ }],
  ['getent', { flags: /^-s$/, operands: /^(files )?[a-z]+( [\w.:@-]+)*$/ }],
  ['mount', { flags: /^-l$/, operands: nothing }],
  [
    'findmnt',
    {
      flags:
        /^(-[nlkrJDabAuCiRTtoOS]+|--(noheadings|list|kernel|raw|json|df|all|bytes|notruncate|submounts|types|output|options|target|source)(=.*)?)$/,
      operands: 'any',
    },
  ],
  [
    'df',
    {
      flags:
        /^(-[ahiklPTHxtB]+|--(all|human-readable|inodes|local|portability|print-type|total|output)(=.*)?)$/,
      operands: 'any',
    },
  ],
  // The size of one folder on one file system, and nothing listed.
  ['du', { flags: /^-[skx]$/, operands: /^\/[^\s]*$/ }],
  [
    'hostname',
    {
      flags: /^(-[fsdiIA]|--(fqdn|long|short|domain|ip-address|all-ip-addresses|all-fqdns))$/,
      operands: nothing,
    },
  ],
  ['lsmod', { flags: nothing, operands: nothing }],
  ['uptime', { flags: /^(-[ps]|--pretty|--since)$/, operands: nothing }],
  // nft reads its words as one text, in which a semicolon begins another command.
  ['nft', { flags: /^-[nsajy]+$/, operands: /^list [\w .-]+$/ }],
  ['iptables', ruleList],
  ['ip6tables', ruleList],
  ['iptables-save', rules],
  ['ip6tables-save', rules],
  [
    'etcdctl',
    {
      flags: /^(-w|--(endpoints|cacert|cert|key|write-out|command-timeout|dial-timeout)(=.*)?|--cluster)$/,
      takes: /^(-w|--(endpoints|cacert|cert|key|write-out|command-timeout|dial-timeout))$/,
      operands: /^(endpoint (health|status)|member list|alarm list|version)$/,
    },
  ],
]);

/** Programs that print their version and end when told `--version`, and do nothing else then. */
const dashVersion =
  'rke2 rke k3s k8s kubelet kubeadm kube-apiserver kube-proxy containerd docker runc crictl ctr etcd helm snap systemctl journalctl iptables nft'.split(
    ' ',
  );
/** A word or a letter is another matter: containerd takes any word for a wish to start, depmod -v rebuilds. */
const otherForms: Readonly<Record<string, readonly string[]>> = {
  version: ['k8s', 'docker', 'crictl', 'etcdctl', 'helm', 'snap', 'openssl'],
  '-T': ['sshd'],
  '-v': ['rke2', 'rke', 'k3s', 'docker', 'containerd', 'runc', 'crictl'],
};

/** The single words with which a program only prints its version, or its configuration. */
export function versionForms(name: string): readonly string[] {
  const others = Object.keys(otherForms).filter((form) => otherForms[form]?.includes(name));
  return dashVersion.includes(name) ? ['--version', ...others] : others;
}

/** Tools that a distribution brings along and keeps in a folder of its own. */
export const clusterTools: ReadonlySet<string> = new Set(
  ['kubectl', 'etcdctl', 'crictl', ...dashVersion].filter(
    (name) => !['systemctl', 'journalctl', 'iptables', 'nft', 'snap'].includes(name),
  ),
);
