import { dnsPods, dnsService, type Manner } from './dns.ts';

/** How a real node comes to be broken, what is found of it, and what mends it. */
export type TroubleRow = {
  readonly title: string;
  readonly control: string;
  readonly node: 'cp-1' | 'w-1' | 'cluster';
  /** Shell commands: what breaks the node, and what brings back what it was. */
  readonly spoil?: string;
  readonly mend?: string;
  /** Servers that behave otherwise, by their address; `site` is that of the site. */
  readonly dns?: Readonly<Record<string, Partial<Manner>>>;
  /** Part of what is found, or of its reason. */
  readonly found: string;
  /** What else changes its verdict, honestly, as `control@place verdict`. */
  readonly also?: readonly string[];
  /** Where it is not a fail. */
  readonly verdict?: 'manual' | 'pass';
  /** The cure has nothing to take back. */
  readonly once?: true;
  /** The cure is refused, and this is part of why; without it, it is applied. */
  readonly refused?: string;
  /** Part of the way out that it names. */
  readonly instead?: string;
  /** Applies the files of kernel values once more, as the next boot does. */
  readonly boot?: string;
  /** The cure counts once the service was restarted. */
  readonly restart?: true;
  /** A shell command that only works on the node once it is cured. */
  readonly proof?: string;
};

/** What systemd does at boot. */
const atBoot = '/usr/lib/systemd/systemd-sysctl';
const forwarding = 'net.ipv4.ip_forward';
const on = `sysctl -qw ${forwarding}=1`;
/** Shell commands that write a file. */
export const file = (path: string, text: string): string =>
  `mkdir -p ${path.replace(/\/[^/]*$/, '')}; printf -- '${text}' > ${path}`;

const forward = { control: 'ip-forward', node: 'w-1' } as const;
const reverse = { control: 'reverse-path-filter', node: 'w-1' } as const;
const allOff =
  'sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0';
const link = (name: string): string => `ip link add ${name} type veth peer name peer0`;
const unlink = 'ip link del peer0';

/** Of the trouble with kernel values. */
export const sysctlRows: readonly TroubleRow[] = [
  {
    ...forward,
    title: 'forwarding is off by a later file',
    spoil: `${file('/etc/sysctl.d/90-kubernetes.conf', `${forwarding} = 1\\n`)}; ${file('/etc/sysctl.d/99-zz-hardening.conf', `# baseline\\n${forwarding} = 0\\n`)}; ${atBoot}`,
    found:
      '/etc/sysctl.d/99-zz-hardening.conf:2 sets it to 0; /etc/sysctl.d/90-kubernetes.conf:1 comes before it (1)',
    boot: atBoot,
    mend: `rm /etc/sysctl.d/90-kubernetes.conf /etc/sysctl.d/99-zz-hardening.conf; ${on}`,
  },
  {
    ...forward,
    title: 'forwarding is off by /etc/sysctl.conf, which 99-sysctl.conf links to',
    spoil: `cp -p /etc/sysctl.conf /run/was; echo '${forwarding}=0' >> /etc/sysctl.conf; ${atBoot}`,
    found: '99-sysctl.conf:',
    boot: atBoot,
    mend: `cp -p /run/was /etc/sysctl.conf; ${on}`,
  },
  {
    ...forward,
    title: 'forwarding is off by the file of ufw',
    spoil: `${file('/etc/default/ufw', 'IPT_SYSCTL=/etc/ufw/sysctl.conf\\n')}; ${file('/etc/ufw/ufw.conf', 'ENABLED=yes\\n')}; ${file('/etc/ufw/sysctl.conf', 'net/ipv4/ip_forward=0\\n')}; sysctl -qp /etc/ufw/sysctl.conf`,
    found: '/etc/ufw/sysctl.conf:1 sets it to 0',
    boot: `${atBoot}; sysctl -qp /etc/ufw/sysctl.conf`,
    mend: `rm /etc/default/ufw /etc/ufw/ufw.conf /etc/ufw/sysctl.conf; ${on}`,
  },
  {
    ...forward,
    title: 'forwarding is off in the running kernel alone',
    spoil: `sysctl -qw ${forwarding}=0`,
    found: `${forwarding} is 0 now; no file sets it at boot`,
    mend: on,
  },
  {
    ...forward,
    title: 'forwarding will be off after the next boot',
    spoil: file('/etc/sysctl.d/60-baseline.conf', `${forwarding}=0\\n`),
    found: `${forwarding} is 1 now; at boot /etc/sysctl.d/60-baseline.conf:1 sets it to 0`,
    boot: atBoot,
    mend: 'rm /etc/sysctl.d/60-baseline.conf',
  },
  {
    ...forward,
    title: 'forwarding is off by a file of a package',
    spoil: `${file('/usr/lib/sysctl.d/50-site.conf', `${forwarding}=0\\n`)}; ${atBoot}`,
    found: '/usr/lib/sysctl.d/50-site.conf:1 sets it to 0',
    boot: atBoot,
    mend: `rm /usr/lib/sysctl.d/50-site.conf; ${on}`,
  },
  {
    ...forward,
    title: 'forwarding is off by a pattern',
    spoil: `${file('/etc/sysctl.d/99-zzz.conf', 'net.ipv4.ip_f*d=0\\n')}; ${atBoot}`,
    found: '/etc/sysctl.d/99-zzz.conf:1 sets it to 0',
    boot: atBoot,
    mend: `rm /etc/sysctl.d/99-zzz.conf; ${on}`,
  },
  {
    ...forward,
    title: 'forwarding is off by a closed file with slashes, a dash and no end of line',
    spoil: `${file('/etc/sysctl.d/70-own.conf', '-net/ipv4/ip_forward = 0')}; chmod 600 /etc/sysctl.d/70-own.conf; ${atBoot}`,
    found: '/etc/sysctl.d/70-own.conf:1 sets it to 0',
    boot: atBoot,
    mend: `rm /etc/sysctl.d/70-own.conf; ${on}`,
  },
  {
    ...reverse,
    title: 'the filter is strict everywhere by a file',
    spoil: `${file('/etc/sysctl.d/60-baseline.conf', 'net.ipv4.conf.all.rp_filter = 1\\nnet.ipv4.conf.default.rp_filter = 1\\n')}; ${atBoot}; sysctl -qw net.ipv4.conf.eth0.rp_filter=1`,
    found:
      'all is strict (1); default is strict (1); eth0 is strict (1); at boot /etc/sysctl.d/60-baseline.conf:1 sets all to 1',
    boot: atBoot,
    mend: `rm /etc/sysctl.d/60-baseline.conf; ${allOff}`,
  },
  {
    ...reverse,
    title: 'the filter is strict on one interface with a dot in its name',
    spoil: `${link('eth0.100')}; sysctl -qw net/ipv4/conf/eth0.100/rp_filter=1`,
    found: 'eth0.100 is strict (1)',
    mend: unlink,
  },
  {
    ...reverse,
    title: 'a file makes one interface strict at boot',
    spoil: `${link('eth0.100')}; ${file('/etc/sysctl.d/60-own.conf', 'net.ipv4.conf.eth0/100.rp_filter = 1\\n')}; ${atBoot}`,
    found: 'eth0.100 is strict (1); at boot /etc/sysctl.d/60-own.conf:1 sets eth0.100 to 1',
    refused: '/etc/sysctl.d/60-own.conf:1 sets the filter of eth0.100 to 1',
    mend: `rm /etc/sysctl.d/60-own.conf; ${unlink}`,
  },
  {
    ...reverse,
    title: 'a pattern of a package makes every interface strict at boot',
    spoil: `${file('/usr/lib/sysctl.d/50-site.conf', 'net.ipv4.conf.*.rp_filter = 1\\n-net.ipv4.conf.all.rp_filter\\n')}; ${atBoot}`,
    found: 'eth0 is strict (1)',
    refused: '/usr/lib/sysctl.d/50-site.conf:1 sets the filter of eth0 to 1',
    instead: 'Copy it to /etc/sysctl.d under the same name',
    mend: `rm /usr/lib/sysctl.d/50-site.conf; ${allOff}; sysctl -qw net.ipv4.conf.lo.rp_filter=0`,
  },
  {
    ...reverse,
    title: 'a loose filter, at which Calico stops',
    spoil: `${link('cali12ab')}; sysctl -qw net.ipv4.conf.all.rp_filter=2 net.ipv4.conf.cali12ab.rp_filter=1`,
    found: 'all is loose (2)',
    mend: `${unlink}; ${allOff}`,
  },
  {
    ...reverse,
    title: 'a loose filter beside Cilium, by a file',
    spoil: `${link('cilium_host')}; ${file('/etc/sysctl.d/60-own.conf', 'net.ipv4.conf.all.rp_filter=2\\n')}; ${atBoot}`,
    found: 'all is loose (2); at boot /etc/sysctl.d/60-own.conf:1 sets all to 2',
    boot: atBoot,
    mend: `rm /etc/sysctl.d/60-own.conf; ${unlink}; ${allOff}`,
  },
  {
    ...reverse,
    title: "the tunnel of Flannel is strict, though a loose filter is Flannel's",
    spoil: `${link('flannel.1')}; sysctl -qw net.ipv4.conf.all.rp_filter=2 net/ipv4/conf/flannel.1/rp_filter=1`,
    found: 'flannel.1 is strict (1)',
    mend: `${unlink}; ${allOff}`,
  },
  {
    control: 'bridge-filter-values',
    node: 'w-1',
    title: 'bridged packets are left alone, by a file for virtual machines',
    spoil: `${file('/etc/sysctl.d/60-libvirt.conf', 'net.bridge.bridge-nf-call-iptables = 0\\nnet.bridge.bridge-nf-call-ip6tables = 0\\n')}; ${atBoot}`,
    found: '/etc/sysctl.d/60-libvirt.conf:1 sets it to 0',
    boot: atBoot,
    mend: 'rm /etc/sysctl.d/60-libvirt.conf; sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1',
  },
  {
    control: 'bridge-filter-module',
    node: 'w-1',
    title: 'a baseline bars br_netfilter',
    spoil: file('/etc/modprobe.d/cis.conf', 'install br-netfilter /bin/true\\nblacklist br_netfilter\\n'),
    found: '/etc/modprobe.d/cis.conf:1 keeps it away',
    mend: 'rm /etc/modprobe.d/cis.conf',
  },
  {
    control: 'overlay-module',
    node: 'w-1',
    title: 'a baseline bars overlay',
    spoil: file('/etc/modprobe.d/cis.conf', 'install cramfs /bin/false\\ninstall overlay /bin/false\\n'),
    found: '/etc/modprobe.d/cis.conf:2 keeps it away',
    mend: 'rm /etc/modprobe.d/cis.conf',
  },
];

const own = { control: 'node-resolver', node: 'w-1' } as const;
const grid = { control: 'dns-answers', node: 'w-1' } as const;
/** What the healthy node has, kept by the test. */
const resolvBack = 'rm -f /etc/resolv.conf; cp -p /root/resolv.conf /etc/resolv.conf';
const stub = 'ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf';
const resolvedOff = 'systemctl stop systemd-resolved; rm -rf /run/systemd/resolve';
const drop = (to: string): string =>
  `printf 'table inet t13 {\\n chain out {\\n type filter hook output priority 0;\\n ip daddr ${to} udp dport 53 drop\\n }\\n}\\n' | nft -f -`;
const undrop = 'nft delete table inet t13';
/** As often as the rows ask for it. */
const again = 'systemctl reset-failed rke2-agent; systemctl restart rke2-agent';
const handsOut = 'handed-out-resolver@w-1 fail';
const limits = 'resolver-limits@w-1 not-applicable';

/** Of the trouble with names. */
export const dnsRows: readonly TroubleRow[] = [
  {
    ...own,
    title: 'the resolver was emptied, and another program knows the servers',
    spoil: ': > /etc/resolv.conf',
    found: '/etc/resolv.conf names no name server',
    also: [handsOut],
    mend: resolvBack,
  },
  {
    ...own,
    title: 'the resolver was emptied, and nobody knows a server',
    spoil: 'printf "search example.org\\n" > /etc/resolv.conf; mv /run/NetworkManager /run/gone',
    found: '/etc/resolv.conf names no name server',
    also: [handsOut],
    refused: 'no file of this node names a server that could be put in',
    mend: `${resolvBack}; mv /run/gone /run/NetworkManager`,
  },
  {
    ...own,
    title: 'the resolver was closed to others',
    spoil: 'chmod 600 /etc/resolv.conf',
    found: '/etc/resolv.conf has the mode 0600',
    mend: resolvBack,
  },
  {
    ...own,
    title: 'the resolver is a link to nothing, for systemd-resolved was switched off',
    spoil: stub,
    found: '/etc/resolv.conf is a link to ../run/systemd/resolve/stub-resolv.conf, and nothing is there',
    also: [handsOut, limits],
    mend: `${resolvedOff}; ${resolvBack}`,
  },
  {
    ...own,
    title: 'systemd-resolved is masked',
    spoil: `${stub}; systemctl -q mask systemd-resolved`,
    found: 'and nothing is there',
    also: [handsOut, limits],
    mend: `systemctl -q unmask systemd-resolved; ${resolvedOff}; ${resolvBack}`,
  },
  {
    ...own,
    title: 'systemd-resolved was stopped and left its files',
    spoil: `${stub}; systemctl start systemd-resolved; systemctl stop systemd-resolved`,
    found: 'names only 127.0.0.53, where systemd-resolved would answer, and it does not run',
    also: [handsOut],
    mend: `${resolvedOff}; ${resolvBack}`,
  },
  {
    control: 'handed-out-resolver',
    node: 'w-1',
    title: 'a setting hands the stub of systemd-resolved out',
    spoil: `${stub}; systemctl start systemd-resolved; ${file('/etc/rancher/rke2/config.yaml.d/50-own.yaml', 'resolv-conf: /etc/resolv.conf\\n')}; ${again}`,
    found: '127.0.0.53 is the pod itself to a pod',
    restart: true,
    mend: `rm -r /etc/rancher/rke2/config.yaml.d; ${resolvedOff}; ${resolvBack}; ${again}`,
  },
  {
    control: 'handed-out-resolver',
    node: 'w-1',
    title: 'RKE2 made up a public server, for the site has a resolver of its own on each node',
    spoil: `printf "nameserver 127.0.0.1\\n" > /etc/resolv.conf; ${again}`,
    found: '8.8.8.8; the distribution wrote that file itself',
    also: ['node-resolver@w-1 fail'],
    refused: 'is for the owner of this machine to correct',
    mend: `${resolvBack}; ${again}`,
  },
  {
    control: 'resolver-limits',
    node: 'w-1',
    title: 'there are more servers than a pod takes',
    spoil: 'for n in 1 2 3; do echo "nameserver 192.0.2.$n"; done >> /etc/resolv.conf',
    found: 'the 1 after the third are left out of every pod',
    refused: 'is for the owner of this machine to correct',
    mend: resolvBack,
  },
  {
    control: 'coredns-loop',
    node: 'w-1',
    title: 'CoreDNS stopped at a loop',
    spoil: file(
      '/var/log/pods/kube-system_rke2-coredns_x/coredns/0.log',
      '2026-01-05T10:00:00.000000000Z stdout F [FATAL] plugin/loop: Loop (127.0.0.1:38111 -> :53) detected for zone "."\\n',
    ),
    found: 'Loop (127.0.0.1:38111 -> :53) detected',
    refused: 'a line of a log is a sign',
    mend: 'rm -r /var/log/pods/kube-system_rke2-coredns_x',
  },
  {
    control: 'coredns-restarted',
    node: 'cluster',
    title: 'CoreDNS is older than the resolver that it copied',
    spoil: 'now=$(date +%s); while [ "$(date +%s)" = "$now" ]; do sleep 0.02; done; touch /etc/resolv.conf',
    verdict: 'manual',
    found: '2 of 2 pods are older than /etc/resolv.conf',
    once: true,
  },
  {
    ...grid,
    title: 'the service alone is dead on one node',
    spoil: drop(dnsService),
    found: 'the pods answer and the service address does not',
    refused: 'kube-proxy',
    mend: undrop,
  },
  {
    ...grid,
    title: 'one pod is dead, for every node',
    dns: { [dnsPods[1]]: { silent: true } },
    found: `${dnsPods[1]} does not answer this node`,
    also: ['dns-answers@cp-1 fail'],
    refused: 'that pod',
  },
  {
    ...grid,
    title: 'only names of the world outside fail',
    dns: Object.fromEntries([dnsService, ...dnsPods].map((address) => [address, { outside: 'fails' }])),
    found: 'the name servers that CoreDNS asks',
    also: ['dns-answers@cp-1 fail'],
    refused: 'the name servers that CoreDNS asks',
  },
  {
    ...grid,
    title: 'a firewall drops what one node sends',
    spoil: drop('10.42.0.0/15'),
    found: 'no server answers this node',
    refused: 'no server answers this node',
    mend: undrop,
  },
  {
    ...grid,
    title: 'one node has no route',
    spoil: 'ip route add unreachable 10.42.0.0/15',
    found: 'no server answers this node',
    refused: 'no server answers this node',
    mend: 'ip route del unreachable 10.42.0.0/15',
  },
  {
    ...grid,
    title: "the site's own server says nothing, so names outside are nobody's fault here",
    dns: { site: { silent: true } },
    verdict: 'pass',
    found: 'the node itself does not find kubernetes.io',
  },
];
