import type { Read } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';

type Processes = readonly (readonly string[])[] | undefined;

/**
 * The processes of a component that its own unit of the node runs. A pod may run a program of the same name: where the node's own
 * runs, only that is meant; where its unit does not run, none is, nor one from elsewhere where that could not be read.
 */
export function processesOfTheNode(
  processes: Processes,
  since: Read<number | undefined>,
  { distribution }: Place,
): Processes {
  const all = withoutWrappers(processes);
  const { programs } = distribution.argumentFiles ?? {};
  if (programs === undefined) return all;
  const own = all?.filter(([program]) => program?.startsWith(programs)) ?? [];
  if (own.length > 0) return own;
  const elsewhere = all?.every(([program]) => program?.startsWith('/')) ?? false;
  return (since.known ? since.value === undefined : elsewhere) ? undefined : all;
}

/**
 * The wrapper that starts a component goes by its name until it hands over, which it does only once others answer. Its arguments are
 * those of a shell.
 */
function withoutWrappers(processes: Processes): Processes {
  const own = processes?.filter(([program = '']) => !/(^|\/)(ba|da)?sh$/.test(program));
  return own && own.length > 0 ? own : undefined;
}
