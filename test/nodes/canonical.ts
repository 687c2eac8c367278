import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultArguments, defaultFiles } from '../../src/lab/canonical-defaults.ts';
import { bootNodes, type Cluster, type NodeSpec } from './cluster.ts';
import { until } from './command.ts';
import { copyTree } from './layer.ts';
import type { Machine, Role } from './machine.ts';
import { type NodeFile, place, placeLink } from './place.ts';
import { sleeper } from './sleeper.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const LIB = 'usr/local/lib';
const REVISION = 'snap/k8s/3063';

/** What snapd writes for a component of the snap. */
const unitText = (service: string): string => `[Unit]
# Auto-generated, DO NOT EDIT
Description=Service for snap application k8s.${service}
Wants=network.target
After=network.target
X-Snappy=yes

[Service]
EnvironmentFile=-/etc/environment
ExecStart=/usr/bin/snap run k8s.${service}
SyslogIdentifier=k8s.${service}
Restart=always
TimeoutStopSec=30
Type=simple

[Install]
WantedBy=multi-user.target
`;

const rolesOf = (role: Role) => ({
  roles: role === 'server' ? (['server', 'etcd'] as const) : (['agent'] as const),
});

function unitsOf(role: Role): readonly string[] {
  return Object.keys(defaultArguments(rolesOf(role)));
}

/** What the bootstrap of a node leaves on it. */
function filesOf(role: Role): Readonly<Record<string, NodeFile>> {
  const at = rolesOf(role);
  const made: Record<string, NodeFile> = {};
  for (const [path, mode, kind] of defaultFiles(at))
    if (kind === 'file') made[path] = { content: 'stand-in\n', mode: Number.parseInt(mode, 8) };
  for (const [service, words] of Object.entries(defaultArguments(at))) {
    const lines = Object.entries(words).map(([flag, value]) => `--${flag}="${value}"\n`);
    const content = lines.toSorted().join('');
    made[`/var/snap/k8s/common/args/${service}`] = { content, mode: 0o600 };
    made[`/etc/systemd/system/snap.k8s.${service}.service`] = { content: unitText(service) };
  }
  return made;
}

async function placeStandin(layer: string, base: string): Promise<void> {
  await copyTree(join(HERE, 'standin'), layer, base, `${LIB}/rke2-standin`);
  await copyTree(join(HERE, 'canonical'), layer, base, `${LIB}/canonical-standin`);
  await placeLink(layer, base, 'usr/bin/snap', `/${LIB}/canonical-standin/snap`);
  await placeLink(layer, base, 'snap/bin/k8s', `/${LIB}/canonical-standin/k8s`);
  for (const program of new Set([...unitsOf('server'), ...unitsOf('agent')]))
    await place(layer, base, `${REVISION}/bin/${program}`, { content: sleeper(), mode: 0o755 });
}

/** Waits until every component of a node runs. */
export async function waitForCanonical(node: Machine, seconds = 60): Promise<void> {
  const units = unitsOf(node.role).map((service) => `snap.k8s.${service}`);
  await until(
    `the components of ${node.name}`,
    seconds,
    async () => {
      const states = (await node.exec(`systemctl is-active ${units.join(' ')}`)).stdout.trim().split('\n');
      const marks = await node.exec(`pgrep -c -f '^/${REVISION}/bin/'`);
      const up = states.every((state) => state === 'active') && Number(marks.stdout) >= units.length;
      return up ? true : undefined;
    },
    50,
  );
}

/** Boots nodes with a stand-in of Canonical Kubernetes as its bootstrap leaves them, every component a unit of its own. */
export async function bootCanonical(
  nodes: readonly NodeSpec[],
  options: { readonly version?: string; readonly suite?: 'bookworm' | 'trixie' } = {},
): Promise<Cluster> {
  const { version = 'v1.32.6', suite } = options;
  const cluster = await bootNodes({
    rke2: false,
    ...(suite ? { suite } : {}),
    standin: { version, about: { parts: true }, place: placeStandin },
    nodes: nodes.map((node) => ({ ...node, files: { ...filesOf(node.role), ...node.files } })),
  });
  try {
    await Promise.all(cluster.nodes.map(start));
    return cluster;
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

async function start(node: Machine): Promise<void> {
  const folders = defaultFiles(rolesOf(node.role)).flatMap(([path, mode, kind]) =>
    kind === 'folder' ? [`mkdir -p ${path} && chmod ${mode} ${path}`] : [],
  );
  const units = unitsOf(node.role).map((service) => `snap.k8s.${service}`);
  await node.must(`${folders.join(' && ')} && systemctl enable --now ${units.join(' ')}`);
  await waitForCanonical(node);
}
