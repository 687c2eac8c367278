import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { ok, type Result } from '../domain/failure.ts';
import type { Connector } from '../domain/ports.ts';
import { brokenPractice } from '../lab/broken.ts';
import { labCluster } from '../lab/cluster.ts';
import { createLabRancher } from '../lab/rancher-service.ts';
import { startLab } from '../lab/server.ts';
import { createLabWorkstation } from '../lab/workstation.ts';
import { readPractice } from '../profiles/index.ts';
import type { LabServices } from '../store/services.ts';
import { createConnector } from '../transport/ssh.ts';
import { ownProfiles, packageFolder } from './program.ts';

/** Starts the practice cluster of a distribution on loopback, broken or whole; the services of a session on it, and how it ends. */
export async function openLab(
  onSecret: (secret: string) => void,
  distribution?: string,
  broken?: string,
): Promise<
  Result<{
    readonly services: LabServices;
    readonly close: () => Promise<void>;
  }>
> {
  const data = await readPractice(
    [fileURLToPath(new URL('profiles', packageFolder)), ownProfiles()],
    distribution ?? 'rke2',
  );
  if (!data.ok) return data;
  const made = broken === undefined ? data : brokenPractice(data.value, broken);
  if (!made.ok) return made;
  const cluster = labCluster(made.value);
  if (!cluster.ok) return cluster;
  const lab = await startLab(cluster.value, { readYaml: parse });
  const connector = createConnector({
    lab: true,
    knownHosts: lab.knownHosts,
    identity: lab.clientKey,
    onSecret,
  });
  // There is no console to compare with; the key was made here a moment ago.
  const practising: Connector = {
    connect: (node, options) =>
      connector.connect(node, {
        ...options,
        answerer: (question) =>
          options.answerer(
            question.kind === 'host-key'
              ? {
                  ...question,
                  note: 'In the lab there is no console, and this is the right key. On a real node, compare.',
                }
              : question,
          ),
      }),
  };
  return ok({
    services: {
      lab: true,
      connector: practising,
      rancher: createLabRancher(lab.store),
      workstation: createLabWorkstation,
      startNodes: lab.nodes,
      clusterName: 'practice',
      labOf: distribution ?? 'rke2',
      ...(distribution ? { practises: distribution } : {}),
      ...(broken === undefined ? {} : { practises: distribution ?? 'rke2', repairs: true as const }),
    },
    close: lab.close,
  });
}
