import { folderOf } from '../../domain/path.ts';
import type { Change, Step } from '../../domain/step.ts';

/** Room that must be left over where a file is written, beside the file itself. */
export const slack = 16 * 1024;

/** The name of the file that tries whether there is room; it lives for the blink of an eye. */
export const roomName = '.k8s-harden-room';

/** How many bytes will be written in which folder. */
export function rooms(change: Change): readonly (readonly [string, number])[] {
  const bytes = new Map<string, number>();
  for (const step of change.steps) {
    const need = roomOf(step);
    if (need) bytes.set(need.folder, (bytes.get(need.folder) ?? slack) + need.bytes);
  }
  return [...bytes];
}

function roomOf(step: Step): { readonly folder: string; readonly bytes: number } | undefined {
  switch (step.kind) {
    case 'write-file':
      return { folder: folderOf(step.path), bytes: Buffer.byteLength(step.content) };
    case 'make-folder':
    case 'move-folder':
    case 'set-mode':
    case 'set-owner':
      return { folder: folderOf(step.path), bytes: 0 };
    case 'create-account':
    case 'create-group':
      return { folder: '/etc', bytes: 128 * 1024 };
    case 'set-kernel':
    case 'set-unit':
    case 'patch-object':
    case 'create-object':
    case 'rancher-object':
    case 'run':
      return undefined;
  }
}
