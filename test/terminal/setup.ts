import { buildProgram, shared } from './build.ts';

/** Builds the program once for every file that only runs it. */
export default async function setup(): Promise<() => void> {
  const { program, remove } = await buildProgram();
  process.env[shared] = program;
  return remove;
}
