import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The program, built from the tree as it stands, where no other build can replace it while it runs. */
export type Built = { readonly program: string; readonly remove: () => void };

/** Names the program that a whole run of tests shares; see setup.ts. */
export const shared = 'K8S_HARDEN_TEST_PROGRAM';

/** The program that the run of tests shares, which nothing may change; elsewhere, one built for who asks. */
export async function builtProgram(): Promise<Built> {
  const program = process.env[shared];
  return program === undefined ? buildProgram() : { program, remove: () => {} };
}

/** Builds the program into a folder of its own. */
export async function buildProgram(root = resolve(import.meta.dirname, '../..')): Promise<Built> {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-harden-build-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const part of ['bin', 'src', 'profiles', 'package.json']) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    await promisify(execFile)(process.execPath, [join(folder, 'bin/build.js')]);
  } catch (error) {
    remove();
    throw error;
  }
  return { program: join(folder, 'bin/k8s-harden.cjs'), remove };
}
