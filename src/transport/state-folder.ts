import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the wizard keeps its state on the workstation: journals, locks, kept originals. */
export function stateFolder(): string {
  return join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'k8s-harden');
}
