import { open, realpath, stat } from 'node:fs/promises';
import type { Profile } from '../domain/control.ts';
import type { Recorded } from '../domain/event.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import type { Session } from '../domain/session.ts';
import { messageOf } from '../journal/system-message.ts';
import { formats } from '../report/index.ts';
import type { Chain } from '../report/input.ts';
import { stateFolder } from '../transport/state-folder.ts';
import { writeWhole } from './whole-file.ts';

/** Renders a session in a format and writes it to a new file, readable by its owner only; answers the path. */
export async function writeExport(
  format: string,
  input: {
    readonly session: Session;
    readonly records: readonly Recorded[];
    readonly profile?: Profile;
    readonly chain: Chain;
    readonly head?: string;
  },
  to?: string,
): Promise<Result<string>> {
  const chosen = formats.find((f) => f.id === format);
  if (!chosen)
    return fail({
      code: 'usage',
      message: `There is no format ${format}; it is one of: ${formats.map((f) => f.id).join(', ')}.`,
    });
  const refused = chosen.refuses?.(input);
  if (refused !== undefined) return fail({ code: 'refused', message: refused });
  const path = to ?? `k8s-harden-${input.session.id}.${chosen.extension}`;
  const text = chosen.render(input);
  if (path === '-') {
    process.stdout.write(text);
    return ok(path);
  }
  const kept = await whyKept(path, text);
  if (kept !== undefined) return fail({ code: 'refused', message: kept });
  try {
    await writeWhole(path, text);
    return ok(path);
  } catch (error) {
    return fail({ code: 'file-unwritable', path, message: messageOf(error) });
  }
}

/** So much of an older file is looked at to know it for an export. */
const looked = 65_536;

/** So much at its beginning is the same in every export of a format. */
const begun = 24;

/** The form that a file for programs says it has. */
function formOf(text: string): string | undefined {
  return /^\{\s*"form": "([^"]*)"/.exec(text)?.[1];
}

/** Why what stands at a path is not written over; undefined where nothing stands there, or an earlier export, or no file at all. */
async function whyKept(path: string, text: string): Promise<string | undefined> {
  const older = await stat(path).catch(() => undefined);
  if (!older?.isFile() || older.size === 0) return undefined;
  const way = 'Name another file, or remove this one first.';
  if ((await realpath(path)).startsWith(`${await realpath(stateFolder()).catch(stateFolder)}/`))
    return `${path} is a file in which this program keeps its sessions. ${way}`;
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(looked), 0, looked, 0);
    const head = buffer.toString('utf8', 0, bytesRead);
    const line = (of: string): string => of.slice(0, Math.max(0, of.indexOf('\n')));
    // That a file names this program says little: waivers, plans and scripts do too. It must begin as this export does.
    const alike = head.slice(0, begun) === text.slice(0, begun) && formOf(head) === formOf(text);
    // A table of values alone does not name the program; its row of titles does.
    const ours =
      (alike && head.includes('k8s-harden')) || (line(head).length > 40 && line(head) === line(text));
    return ours ? undefined : `${path} is there already, and is no export of this program. ${way}`;
  } finally {
    await file.close();
  }
}
