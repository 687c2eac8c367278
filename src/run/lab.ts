import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { ok, type Result } from '../domain/failure.ts';
import { labCluster } from '../lab/cluster.ts';
import { startLab } from '../lab/server.ts';
import { readPractice } from '../profiles/index.ts';
import type { Services } from '../store/services.ts';
import { createConnector } from '../transport/ssh.ts';
import { ownProfiles, packageFolder } from './program.ts';

/** Starts the practice cluster on loopback; the services of a session on it, and how it ends. */
export async function openLab(onSecret: (secret: string) => void): Promise<
  Result<{
    readonly services: Pick<Services, 'lab' | 'connector' | 'startNodes' | 'clusterName'>;
    readonly close: () => Promise<void>;
  }>
> {
  const data = await readPractice([fileURLToPath(new URL('profiles', packageFolder)), ownProfiles()], 'rke2');
  if (!data.ok) return data;
  const cluster = labCluster(data.value);
  if (!cluster.ok) return cluster;
  const lab = await startLab(cluster.value, { readYaml: parse });
  const connector = createConnector({
    lab: true,
    knownHosts: lab.knownHosts,
    identity: lab.clientKey,
    onSecret,
  });
  return ok({
    services: { lab: true, connector, startNodes: lab.nodes, clusterName: 'practice' },
    close: lab.close,
  });
}
