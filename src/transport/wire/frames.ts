/** Bytes of one part of a frame; a frame without parts of its own has one, with an empty name. */
export type Section = { readonly name: string; readonly bytes: Buffer };

/** What arrived between a begin and an end mark. Without `status` it was never closed. */
export type Frame = {
  readonly index: number;
  readonly status?: string;
  readonly sections: readonly Section[];
  /** More came than the cap, and was dropped. */
  readonly overflow: boolean;
};

/** What a section says as text; nothing when there is none. */
export function sectionText(section: Section | undefined): string {
  return section?.bytes.toString('utf8') ?? '';
}

/** What a frame says before any section of a name of its own. */
export function frameText(frame: Frame | undefined): string {
  return sectionText(frame?.sections[0]);
}

/** Takes frames out of a stream, however it is cut up. */
export type FrameReader = {
  readonly feed: (chunk: Buffer) => void;
  /** Gives out what was held back as a possible mark; call once, after the last chunk. */
  readonly end: () => void;
  readonly frames: ReadonlyMap<number, Frame>;
};

/** What a frame reader tells while the stream runs. */
export type FrameListener = {
  readonly onContent?: (section: string, bytes: Buffer) => void;
  readonly onSection?: (name: string) => void;
  readonly onClosed?: (index: number) => void;
};

/** The most bytes one answer may have. */
export const answerCap = 1024 * 1024;

/** A mark longer than this is no mark of ours. */
const longestMark = 160;

/** The line that opens a frame. */
export function beginMark(marker: string, index: number): string {
  return `${marker} b ${index}\n`;
}

/** The line that opens a section inside a frame. */
export function sectionMark(marker: string, index: number, name = ''): string {
  return `${marker} s ${index}${name ? ` ${name}` : ''}\n`;
}

/** The line that closes a frame, with an exit code or a word. */
export function endMark(marker: string, index: number, status: string | number): string {
  return `${marker} e ${index} ${status}\n`;
}

/** Reads the marks of one marker; keeps at most `cap` bytes a frame. */
export function frameReader(marker: string, cap: number, listener: FrameListener = {}): FrameReader {
  const needle = Buffer.from(marker, 'latin1');
  const frames = new Map<number, Frame>();
  let pending: Buffer = Buffer.alloc(0);
  let open: OpenFrame | undefined;

  const content = (bytes: Buffer): void => {
    if (!open || bytes.length === 0) return;
    const kept = bytes.subarray(0, Math.max(0, cap + 1 - open.size));
    open.size += bytes.length;
    open.sections.at(-1)?.parts.push(Buffer.from(kept));
    listener.onContent?.(open.sections.at(-1)?.name ?? '', bytes);
  };
  const store = (frame: OpenFrame, status?: string): void => {
    frames.set(frame.index, {
      index: frame.index,
      ...(status === undefined ? {} : { status }),
      sections: frame.sections.map((s) => ({ name: s.name, bytes: Buffer.concat(s.parts) })),
      overflow: frame.size > cap,
    });
  };
  const mark = (line: string): boolean => {
    const [, kind, number, word = ''] = /^ ([bse]) (\d{1,6})(?: (\S{1,100}))?$/.exec(line) ?? [];
    if (kind === undefined) return false;
    const index = Number(number);
    if (kind === 'b') {
      if (open) store(open);
      open = { index, size: 0, sections: [{ name: '', parts: [] }] };
    } else if (open?.index === index && kind === 's') {
      open.sections.push({ name: word, parts: [] });
      listener.onSection?.(word);
    } else if (open?.index === index) {
      store(open, word);
      open = undefined;
      listener.onClosed?.(index);
    }
    return true;
  };

  return {
    frames,
    feed: (chunk) => {
      const bytes = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      let from = 0;
      for (;;) {
        const at = bytes.indexOf(needle, from);
        if (at < 0) {
          const held = Math.max(from, bytes.length - needle.length + 1);
          content(bytes.subarray(from, held));
          pending = Buffer.from(bytes.subarray(held));
          return;
        }
        if (at > from) content(bytes.subarray(from, at));
        const newline = bytes.indexOf(10, at);
        if (newline < 0 && bytes.length - at <= longestMark) {
          pending = bytes.subarray(at);
          return;
        }
        const isMark =
          newline >= 0 &&
          newline - at <= longestMark &&
          mark(bytes.toString('latin1', at + needle.length, newline));
        // Only one byte on: what looked like a marker may hold the start of the real one.
        if (!isMark) content(bytes.subarray(at, at + 1));
        from = isMark ? newline + 1 : at + 1;
      }
    },
    end: () => {
      content(pending);
      pending = Buffer.alloc(0);
      if (open) store(open);
      open = undefined;
    },
  };
}

type OpenFrame = {
  readonly index: number;
  size: number;
  readonly sections: { readonly name: string; readonly parts: Buffer[] }[];
};
