import type { Words } from './question.ts';

/** What a file was before we touched it: not there, or the SHA-256 of its bytes. */
export type FileBefore = { readonly kind: 'absent' } | { readonly kind: 'present'; readonly sha256: string };

/**
 * The closed list of changes. What changes something that is there carries what it was, so that the node can refuse when reality
 * has moved since we looked. Its way back is `undo.ts`, with the originals that were kept. Modes are four octal digits.
 */
export type Step =
  | {
      readonly kind: 'write-file';
      readonly path: string;
      readonly content: string;
      readonly mode: string;
      readonly owner: string;
      readonly group: string;
      readonly before: FileBefore;
      /** The text before, for the diff on the screen; undefined when absent. */
      readonly textBefore?: string;
      /** Files that go with it: they stay as they are, and a copy of each is kept with the original of this one. */
      readonly beside?: readonly string[];
    }
  | {
      readonly kind: 'make-folder';
      readonly path: string;
      readonly mode: string;
      readonly owner: string;
      readonly group: string;
    }
  | {
      /** A folder under another name beside it: nothing in it is touched, and what is made anew in its place does not go back. */
      readonly kind: 'move-folder';
      readonly path: string;
      readonly to: string;
    }
  | { readonly kind: 'set-mode'; readonly path: string; readonly mode: string; readonly before: string }
  | {
      readonly kind: 'set-owner';
      readonly path: string;
      readonly owner: string;
      readonly group: string;
      /** `owner:group` before; a number where there is no name. */
      readonly before: string;
      /** Everything below too; allowed only where the control names the tree (see `guard.ts`). */
      readonly tree: boolean;
    }
  | { readonly kind: 'set-kernel'; readonly key: string; readonly value: string; readonly before: string }
  | {
      readonly kind: 'create-account';
      readonly name: string;
      readonly comment: string;
      readonly shell: string;
      /** Also a group of that name (`useradd -U`); false when the group is there already. */
      readonly withGroup: boolean;
    }
  | {
      readonly kind: 'create-group';
      readonly name: string;
      /** The number it must get: an account that is already there has it as its primary group. */
      readonly gid?: string;
    }
  | {
      readonly kind: 'set-unit';
      readonly unit: string;
      readonly verb: 'enable' | 'disable' | 'mask' | 'unmask';
      /** `UnitFileState` before. */
      readonly before: string;
    }
  | {
      readonly kind: 'patch-object';
      readonly kubectl: Words;
      /** For example `['serviceaccount', 'default', '-n', 'shop']`. */
      readonly object: Words;
      /** A JSON merge patch, and the merge patch that takes it back. */
      readonly patch: string;
      readonly back: string;
    }
  | {
      readonly kind: 'create-object';
      readonly kubectl: Words;
      readonly object: Words;
      readonly manifest: string;
    }
  | {
      /** One object of the Rancher server: fields set, an action, or the object removed. */
      readonly kind: 'rancher-object';
      /** For example `/v3/nodeDrivers/azure`. */
      readonly path: string;
      /** What it is, for people. */
      readonly title: string;
      readonly does: 'set' | 'activate' | 'deactivate' | 'remove';
      /** The fields that count, as JSON, before and after; `{}` after a removal. */
      readonly before: string;
      readonly after: string;
    }
  | {
      /** A command whose own effect nobody takes back (an etcd snapshot, say), but for what `undo` names; `why` says so on the screen. */
      readonly kind: 'run';
      readonly words: Words;
      readonly why: string;
      /** What the operator answers for by the typed name, because nothing else shows it; on the screen above the command. */
      readonly vouch?: string;
      /** What was found out before, on the screen above the command, too. */
      readonly known?: string;
      /** Commands that take back what followed from it elsewhere: objects that the service made in the cluster. */
      readonly undo?: readonly Words[];
    };

/** One change of one control on one place: the unit of apply and of undo. */
export type Change = {
  readonly id: string;
  readonly session: string;
  readonly control: string;
  /** The place it belongs to: a node, `cluster`, `workstation` or `rancher`. */
  readonly node: string;
  /** The machine it ran on, where its originals stay: the node itself, or the server that spoke for the cluster. */
  readonly via: string;
  readonly steps: readonly Step[];
};

/**
 * The id of the change that follows `made` others: a name for a folder, and never that of another control or place. What may
 * not stand in such a name is written as its number.
 */
export function changeId(made: number, control: string, place: string): string {
  const safe = (text: string): string =>
    text.replaceAll(/[^A-Za-z0-9.-]/gu, (sign) => `_${sign.codePointAt(0)?.toString(16)}_`);
  return `${String(made + 1).padStart(4, '0')}-${safe(control)}_at_${safe(place)}`;
}

/** Where originals and the undo script of a session's changes stay on a node; root only. */
export const nodeFolder = '/var/lib/k8s-harden';

/** The folder of one change on its node. */
export function changeFolder(change: Pick<Change, 'session' | 'id'>): string {
  return `${nodeFolder}/${change.session}/${change.id}`;
}

/** Paths whose originals must be kept before a step runs, so that its undo can put them back. */
export function pathsToKeep(step: Step): readonly string[] {
  switch (step.kind) {
    case 'write-file':
      return [step.path, ...(step.beside ?? [])];
    case 'create-account':
    case 'create-group':
      return [
        'passwd',
        'passwd-',
        'group',
        'group-',
        'shadow',
        'shadow-',
        'gshadow',
        'gshadow-',
        'subuid',
        'subuid-',
        'subgid',
        'subgid-',
        '.pwd.lock',
      ].map((name) => `/etc/${name}`);
    case 'make-folder':
    case 'move-folder':
    case 'set-mode':
    case 'set-owner':
    case 'set-kernel':
    case 'set-unit':
    case 'patch-object':
    case 'create-object':
    case 'rancher-object':
    case 'run':
      return [];
  }
}
