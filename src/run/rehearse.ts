import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { word } from '../domain/failure.ts';
import { type Invocation, parseCommandLine } from '../flags.ts';
import { labCluster } from '../lab/cluster.ts';
import { startLab } from '../lab/server.ts';
import { readPractice } from '../profiles/index.ts';
import type { runCheck } from './check.ts';
import { exits } from './exits.ts';

/** What says where waivers and profiles of the operator are. */
const homes = ['HOME', 'XDG_STATE_HOME', 'XDG_DATA_HOME'] as const;

/**
 * Checks the practice cluster on loopback, once for each format, and once as a real one would be, which it cannot answer. The
 * build does it to have V8 compile what a check uses; what it finds is no matter, but it must come to its end. Waivers and
 * profiles of whoever installs are not read.
 */
export async function rehearse(run: typeof runCheck, profiles: string): Promise<void> {
  const data = await readPractice([profiles], 'rke2');
  if (!data.ok) throw new Error(word(data.failure).sentence);
  const cluster = labCluster(data.value);
  if (!cluster.ok) throw new Error(word(cluster.failure).sentence);
  const lab = await startLab(cluster.value, { readYaml: parse, stranger: '' });
  const own = join(lab.clientKey, '..');
  const before = homes.map((name) => [name, process.env[name]] as const);
  for (const name of homes) process.env[name] = own;
  try {
    const [block, flow] = [join(own, 'block.yaml'), join(own, 'flow.yaml')];
    const inventory = { cluster: 'practice', nodes: lab.nodes };
    await writeFile(block, stringify(inventory));
    await writeFile(flow, stringify(inventory, { collectionStyle: 'flow' }));
    const keys = { knownHosts: lab.knownHosts, identity: lab.clientKey };
    for (const words of [
      ['--inventory', block, '--format', 'text'],
      ['--inventory', flow, '--format', 'json', '--benchmark', 'cis-1.6'],
    ]) {
      const code = await run(invocationOf(words), { ...keys, lab: true });
      if (code !== exits.fine && code !== exits.open)
        throw new Error(`The check of the practice cluster ended with exit code ${code}.`);
    }
    await run(invocationOf(['--inventory', flow]), { ...keys, sshConfig: false, agent: false });
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await lab.close();
  }
}

function invocationOf(words: readonly string[]): Invocation {
  const read = parseCommandLine(['check', ...words]);
  if (!read.ok) throw new Error(word(read.failure).sentence);
  return read.value;
}
