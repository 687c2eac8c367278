import { machineWarnings } from '../domain/same-machine.ts';
import { oneLine } from '../report/clean.ts';

/** Says on standard error which names lead to one machine, and which machines are clones. */
export function warnOfMachines(nodes: Parameters<typeof machineWarnings>[0]): void {
  for (const text of machineWarnings(nodes)) process.stderr.write(`k8s-harden: ${oneLine(text)}\n`);
}
