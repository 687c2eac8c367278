import { open } from 'node:fs/promises';
import type { Profile } from '../domain/control.ts';
import type { Recorded } from '../domain/event.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import type { Session } from '../domain/session.ts';
import { messageOf } from '../journal/system-message.ts';
import { formats } from '../report/index.ts';
import type { Chain } from '../report/input.ts';

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
  try {
    const file = await open(path, 'w', 0o600);
    try {
      // An older file keeps its mode when it is opened; terminals and pipes have none to set.
      if ((await file.stat()).isFile()) await file.chmod(0o600);
      for (const part of parts(text)) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    return ok(path);
  } catch (error) {
    return fail({ code: 'file-unwritable', path, message: messageOf(error) });
  }
}

/** A text in parts, so that the bytes of a long one need not stand in memory beside it; no sign is cut in two. */
function* parts(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const end = from + 1_000_000;
    const to = /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end;
    yield text.slice(from, to);
    from = to;
  }
}
