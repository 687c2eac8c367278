import type { NodeAddress, WizardStep } from '../domain/event.ts';
import type { Purpose } from '../domain/trouble.ts';

/**
 * Everything an operator can set in motion. Each returns at once; what follows arrives as events, progress and view
 * changes. Secrets pass through `answer` straight to the waiting connection and are kept nowhere.
 */
export type Actions = {
  /** Begin a new session; read-only refuses every change below the engine. */
  readonly startSession: (options: { readonly readOnly: boolean; readonly purpose?: Purpose }) => void;
  /** Begin a session on the practice cluster inside this program. */
  readonly startLab: () => void;
  /** Open a past session at the step where it was left. */
  readonly resumeSession: (id: string) => void;
  /** Open a past session to read it; its record stays as it is until something is done in it. */
  readonly readSession: (id: string) => void;
  readonly go: (step: WizardStep) => void;
  readonly chooseDistribution: (id: string) => void;
  readonly chooseBenchmark: (id: string, level: 1 | 2) => void;
  /** Say what is seen of a broken cluster; `pointed` is the check that a line of a log pointed at. */
  readonly chooseTrouble: (trouble: string, pointed?: string) => void;
  readonly setNodes: (cluster: string, nodes: readonly NodeAddress[]) => void;
  /** Read an inventory YAML of nodes from a file. */
  readonly importInventory: (path: string) => void;
  /** Name the Rancher server, by its address; its token is asked for. */
  readonly nameRancher: (address: string) => void;
  /** Connect to every node that is not connected. */
  readonly connect: (only?: string) => void;
  /** Answer the connection's question; undefined gives up on that node. */
  readonly answer: (text: string | undefined) => void;
  /** Take the lock of a node over from whoever holds it. */
  readonly takeOver: (node: string) => void;
  /** Ask every control on every connected node. */
  readonly probe: () => void;
  /** Ask one control again everywhere. */
  readonly probeControl: (control: string) => void;
  /** Work out what applying would do on every open place; fills `plans`. */
  readonly plan: (control: string) => void;
  /** Find out what a control with a preview would break; fills `previews`. */
  readonly preview: (control: string) => void;
  /** The operator has seen the preview. */
  readonly acknowledge: (control: string) => void;
  /** Apply the shown plans of a control on these places, one after the other. */
  readonly apply: (control: string, places: readonly string[]) => void;
  readonly skip: (control: string, places: readonly string[], reason: string) => void;
  /** Accept what was found there, for this session and later ones; what cannot be waived is skipped with that reason. */
  readonly waive: (
    control: string,
    places: readonly string[],
    waiver: { readonly reason: string; readonly owner: string; readonly expires?: string },
  ) => void;
  /** Take skips and waivers back. */
  readonly unskip: (control: string, places: readonly string[]) => void;
  readonly attest: (control: string, places: readonly string[], pass: boolean, statement: string) => void;
  /** Undo these changes, newest first. `force` also where the file changed since. */
  readonly undo: (changes: readonly string[], force: boolean) => void;
  /** For a change whose end is unknown: ask the node how far it came and record that. */
  readonly settle: (change: string) => void;
  /** Restart the services that are due, one server at a time, then agents. */
  readonly restart: (nodes: readonly string[]) => void;
  /** Read from the file of the cluster whom making it anew would touch; fills `making`. */
  readonly foreseeMaking: () => void;
  /** Work out the repair of a node whose last start failed in a way that a control heals; fills `plans`. */
  readonly planRepair: (node: string) => void;
  /** Stop the service, apply the control that heals the failed start, start it again and watch it. */
  readonly repair: (node: string) => void;
  /** Ask the connected nodes what a version no longer takes of what they run and have configured; fills `upgrade`. */
  readonly foretellUpgrade: (to: string) => void;
  /** Plan everything that is open and write that for review; nothing is changed. */
  readonly writePlan: () => void;
  /** Write the session to a file in the working directory; formats are those of `report/`. */
  readonly exportAs: (format: string) => void;
  /** Finish the step under way, then stop. */
  readonly stopAfterStep: () => void;
  /** Leave the program; the session stays and can be resumed. */
  readonly quit: (why: 'finished' | 'left' | 'interrupted') => void;
};
