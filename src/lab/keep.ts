import { isDeepStrictEqual } from 'node:util';
import { squeezed } from '../domain/commands.ts';
import type { Step } from '../domain/step.ts';
import { fileAt, tree } from './files.ts';
import { sha256 } from './fingerprint.ts';
import { isStop } from './rebuild.ts';
import type { LabKept, LabNode, LabPeople } from './state.ts';
import { plainName } from './unit.ts';

/** What must be kept before a step runs, so that it can be taken back; undefined when the step itself says it all. */
export function keep(node: LabNode, step: Step): LabKept | undefined {
  switch (step.kind) {
    case 'write-file': {
      const original = fileAt(node, step.path);
      return { kind: 'file', ...(original ? { original } : {}) };
    }
    case 'set-owner': {
      if (!step.tree) return undefined;
      const all = tree(node, step.path);
      return {
        kind: 'owners',
        owners: Object.fromEntries(all.map(([path, file]) => [path, `${file.owner}:${file.group}`])),
      };
    }
    case 'create-account':
    case 'create-group':
      return { kind: 'accounts', before: people(node) };
    case 'make-folder':
    case 'move-folder':
    case 'set-mode':
    case 'set-kernel':
    case 'set-unit':
    case 'patch-object':
    case 'create-object':
    case 'rancher-object':
      return undefined;
    case 'run':
      // The service that it stops is started again on the way back, as it ran before.
      return isStop(step.words)
        ? { kind: 'service', units: node.units, processes: node.processes, journal: node.journal }
        : undefined;
  }
}

/** What was kept, with how things stand after the step: the mark that tells drift from our own work. */
export function marked(kept: LabKept, node: LabNode, step: Step): LabKept {
  switch (kept.kind) {
    case 'file': {
      const text = step.kind === 'write-file' ? fileAt(node, step.path)?.text : undefined;
      return text === undefined ? kept : { ...kept, after: sha256(text) };
    }
    case 'accounts':
      return { ...kept, after: people(node) };
    case 'owners':
    case 'service':
      return kept;
  }
}

/** Whether a step may begin: what it changes is still as it was when the operator looked. */
export function stepHolds(node: LabNode, step: Step): boolean {
  switch (step.kind) {
    case 'write-file': {
      const file = fileAt(node, step.path);
      if (step.before.kind === 'absent') return file === undefined;
      return file?.text !== undefined && sha256(file.text) === step.before.sha256;
    }
    case 'make-folder':
      return fileAt(node, step.path) === undefined;
    case 'move-folder':
      return isFolder(node, step.path) && fileAt(node, step.to) === undefined;
    case 'set-mode':
      return fileAt(node, step.path)?.mode === step.before;
    case 'set-owner': {
      const file = fileAt(node, step.path);
      return file !== undefined && `${file.owner}:${file.group}` === step.before;
    }
    case 'set-kernel':
      return squeezed(node.kernel[step.key] ?? '') === squeezed(step.before);
    case 'create-account':
      return node.accounts[step.name] === undefined;
    case 'create-group':
      return node.groups[step.name] === undefined;
    case 'set-unit':
      return (node.units[plainName(step.unit)]?.enabled ?? '') === step.before;
    case 'patch-object':
    case 'create-object':
    case 'rancher-object':
    case 'run':
      return true;
  }
}

/** Whether what a step left is still what is there, so that taking it back loses nobody's work. */
export function undoHolds(
  node: LabNode,
  step: Step,
  kept: LabKept | undefined,
  later: readonly Step[],
): boolean {
  switch (step.kind) {
    case 'write-file': {
      const file = fileAt(node, step.path);
      const text = file?.text;
      const ours = kept?.kind === 'file' && text !== undefined && kept.after === sha256(text);
      if (!ours && text !== step.content) return false;
      // A later step of the change may have given it another mode or owner.
      const others = later.some(
        (other) =>
          (other.kind === 'set-mode' || other.kind === 'set-owner') &&
          `${step.path}/`.startsWith(`${other.path}/`),
      );
      return others || (file?.mode === step.mode && file.owner === step.owner && file.group === step.group);
    }
    case 'move-folder':
      return isFolder(node, step.to);
    case 'set-mode':
      return fileAt(node, step.path)?.mode === step.mode;
    case 'set-owner': {
      const file = fileAt(node, step.path);
      return file?.owner === step.owner && file.group === step.group;
    }
    case 'set-kernel':
      return squeezed(node.kernel[step.key] ?? '') === squeezed(step.value);
    case 'make-folder':
    case 'create-account':
    case 'create-group':
    case 'set-unit':
    case 'patch-object':
    case 'create-object':
    case 'rancher-object':
    case 'run':
      return true;
  }
}

function isFolder(node: LabNode, path: string): boolean {
  const file = fileAt(node, path);
  return file !== undefined && file.text === undefined;
}

/** Whether nobody touched the account files since the step. */
export function peopleHold(node: LabNode, kept: LabKept & { readonly kind: 'accounts' }): boolean {
  return isDeepStrictEqual(people(node), kept.after);
}

function people({ accounts, groups }: LabNode): LabPeople {
  return { accounts, groups };
}
