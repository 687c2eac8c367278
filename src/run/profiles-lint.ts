import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { told } from '../domain/failure.ts';
import type { Invocation } from '../flags.ts';
import { labCluster } from '../lab/cluster.ts';
import { lintProfiles } from '../profiles/index.ts';
import { resources } from '../resources/index.ts';
import { complain } from './complain.ts';
import { exits } from './exits.ts';
import { ownProfiles, packageFolder } from './program.ts';

/** Says everything that is wrong with a folder of profiles, or what it adds to the built-in ones and replaces of them. */
export async function lintCommand(invocation: Invocation): Promise<number> {
  const folder = resolve(invocation.operands[1] ?? '');
  const own = ownProfiles();
  const isOwn = (await real(folder)) === (await real(own));
  const below = [fileURLToPath(new URL('profiles', packageFolder)), ...(isOwn ? [] : [own])];
  const validate = (type: string, spec: unknown): unknown => resources.get(type)?.schema.parse(spec);
  const lint = await lintProfiles(below, folder, validate, labCluster);
  if (!lint.ok) return complain(lint.failure);
  const { findings, says } = lint.value;
  const lines = findings.map(told);
  const end = findings.length === 0 ? 'Nothing is wrong with them.' : `${count(findings.length)} to correct.`;
  process.stdout.write(`${[...lines, ...says, end].join('\n')}\n`);
  return findings.length === 0 ? exits.fine : exits.usage;
}

async function real(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}

function count(findings: number): string {
  return findings === 1 ? '1 line' : `${findings} lines`;
}
