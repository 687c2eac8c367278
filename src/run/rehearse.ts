import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { word } from '../domain/failure.ts';
import { parseCommandLine } from '../flags.ts';
import { labCluster } from '../lab/cluster.ts';
import { startLab } from '../lab/server.ts';
import { readPractice } from '../profiles/index.ts';
import type { runCheck } from './check.ts';

/**
 * Checks the practice cluster on loopback, once for each format. The build does it to have V8 compile what a check uses; what
 * comes of it is no matter.
 */
export async function rehearse(run: typeof runCheck, profiles: string): Promise<void> {
  const data = await readPractice([profiles], 'rke2');
  if (!data.ok) throw new Error(word(data.failure).sentence);
  const cluster = labCluster(data.value);
  if (!cluster.ok) throw new Error(word(cluster.failure).sentence);
  const lab = await startLab(cluster.value, { readYaml: parse, stranger: '' });
  try {
    const inventory = join(lab.clientKey, '..', 'inventory.yaml');
    await writeFile(inventory, JSON.stringify({ cluster: 'practice', nodes: lab.nodes }));
    for (const format of ['text', 'json']) {
      const read = parseCommandLine(['check', '--inventory', inventory, '--format', format]);
      if (!read.ok) throw new Error(word(read.failure).sentence);
      await run(read.value, { lab: true, knownHosts: lab.knownHosts, identity: lab.clientKey });
    }
  } finally {
    await lab.close();
  }
}
