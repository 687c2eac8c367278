import type { Location } from '../location.ts';
import type { Screen } from '../page.ts';
import { asked } from './asked.ts';
import { attestScreen } from './attest.ts';
import { benchmark } from './benchmark.ts';
import { commands } from './commands.ts';
import { confirmApply } from './confirm-apply.ts';
import { confirmEndLab } from './confirm-end-lab.ts';
import { confirmPlan } from './confirm-plan.ts';
import { confirmRepair } from './confirm-repair.ts';
import { confirmRestart } from './confirm-restart.ts';
import { confirmTakeOver } from './confirm-take-over.ts';
import { confirmUndo } from './confirm-undo.ts';
import { connect } from './connect.ts';
import { control } from './control.ts';
import { controls } from './controls.ts';
import { distribution } from './distribution.ts';
import { editCluster, importInventoryScreen } from './edit-cluster.ts';
import { editNodes } from './edit-nodes.ts';
import { explain } from './explain.ts';
import { exportScreen } from './export.ts';
import { help } from './help.ts';
import { importSsh } from './import-ssh.ts';
import { nameRancher } from './name-rancher.ts';
import { nodes } from './nodes.ts';
import { preview } from './preview.ts';
import { probe } from './probe.ts';
import { quitScreen } from './quit.ts';
import { restarts } from './restarts.ts';
import { running } from './running.ts';
import { sessionsScreen } from './sessions.ts';
import { skipScreen } from './skip.ts';
import { start } from './start.ts';
import { summary } from './summary.ts';
import { logLine, symptom } from './symptom.ts';
import { undoScreen } from './undo.ts';
import { unfinishedScreen } from './unfinished.ts';
import { upgradeScreen, upgradeTo } from './upgrade.ts';

/** Every screen and overlay by where it stands. */
export const screens: Readonly<Record<Location, Screen>> = {
  start,
  distribution,
  benchmark,
  symptom,
  nodes,
  connect,
  probe,
  controls,
  filter: controls,
  control,
  restarts,
  summary,
  export: exportScreen,
  help,
  quit: quitScreen,
  explain,
  commands,
  preview,
  'confirm-apply': confirmApply,
  'confirm-undo': confirmUndo,
  'confirm-restart': confirmRestart,
  'confirm-repair': confirmRepair,
  'confirm-take-over': confirmTakeOver,
  'confirm-plan': confirmPlan,
  'confirm-end-lab': confirmEndLab,
  skip: skipScreen,
  attest: attestScreen,
  undo: undoScreen,
  running,
  asked,
  unfinished: unfinishedScreen,
  sessions: sessionsScreen,
  'upgrade-to': upgradeTo,
  upgrade: upgradeScreen,
  'edit-nodes': editNodes,
  'edit-cluster': editCluster,
  'import-ssh': importSsh,
  'import-inventory': importInventoryScreen,
  'name-rancher': nameRancher,
  'log-line': logLine,
};
