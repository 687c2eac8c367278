import { StringDecoder } from 'node:string_decoder';
import type { Deed, DeedReport } from '../../domain/ports.ts';
import { cleanText, lastLine } from './clean.ts';
import { sectionNames } from './deed-functions.ts';
import { type DeedSaid, reportOf, wordOf } from './deed-report.ts';
import { deedScript } from './deed-script.ts';
import { checkMarker, type Exchange, type Spoken, whyEnded } from './exchange.ts';
import { beginMark, endMark, frameReader, sectionMark } from './frames.ts';

/** What is kept of a deed's output; what goes beyond is dropped, with a line that says so. */
const outputLines = 500;
const outputCap = 256 * 1024;
/** A line without an end is cut here, so that it cannot grow for ever. */
const lineCap = 8 * 1024;

/** A deed as one conversation. `onOutput` gets cleaned lines as they come. */
export function deedExchange(
  deed: Deed,
  options: {
    readonly marker: string;
    readonly node: string;
    readonly onOutput?: (line: string) => void;
  },
): Exchange<DeedReport> {
  const { marker, node, onOutput } = options;
  const kept: string[] = [];
  const last: Record<string, string> = {};
  const steps = deed.kind === 'change' ? deed.change.steps.length : 0;
  let told = 0;
  let begun = 0;
  let size = 0;
  let section = '';
  let complaint = '';
  let detail: Buffer = Buffer.alloc(0);
  const tell = (raw: string): void => {
    const line = cleanText(raw);
    last[section] = lastLine(line) || (last[section] ?? '');
    const title = section === sectionNames.step ? undefined : /^step (\d+) of (\d+): /.exec(line);
    if (title && Number(title[2]) === steps) begun = Number(title[1]);
    told += 1;
    size += line.length;
    if (told > outputLines || size > outputCap) return;
    kept.push(line);
    onOutput?.(line);
  };
  const lines = lineReader(tell);
  const frames = frameReader(marker, 0, {
    onContent: (name, bytes) => {
      if (name !== sectionNames.detail) lines.feed(bytes);
      else if (detail.length < lineCap) detail = Buffer.concat([detail, bytes.subarray(0, lineCap)]);
    },
    onSection: (name) => {
      lines.end();
      section = name;
      if (name === sectionNames.step) last[name] = '';
    },
    onClosed: () => lines.end(),
  });
  return {
    script: deedScript(marker, deed),
    data: () => JSON.stringify({ marker, deed }),
    feed: frames.feed,
    feedError: (chunk) => {
      complaint = (complaint + chunk.toString('utf8')).slice(-lineCap);
    },
    finish: (end) => {
      frames.end();
      lines.end();
      const output = told > kept.length ? [...kept, `(${told - kept.length} more lines)`] : kept;
      const frame = frames.frames.get(0);
      if (frame?.status === undefined) {
        const reason = [whyEnded(end), end.reason ? '' : lastLine(complaint)]
          .filter((t) => t !== '')
          .join(': ');
        return { kind: 'unknown', failure: { code: 'link-lost', node, message: reason }, output };
      }
      const said: DeedSaid = {
        word: frame.status,
        detail: detail.toString('utf8'),
        output,
        step: last[sectionNames.step] ?? '',
        undo: last[sectionNames.undo] ?? '',
        begun,
      };
      return reportOf(deed, node, said);
    },
  };
}

/** What a node whose deed ends in this report says to its script; a report that names no end leaves the frame open. */
export function encodeDeed(marker: string, report: DeedReport): Spoken {
  checkMarker(marker);
  const body = beginMark(marker, 0) + report.output.map((line) => `${line}\n`).join('');
  const closing = wordOf(report);
  if (!closing) return { out: body, err: '', exit: 1 };
  const detail = `${sectionMark(marker, 0, sectionNames.detail)}${closing.detail}\n`;
  return { out: body + detail + endMark(marker, 0, closing.word), err: '', exit: 0 };
}

function lineReader(tell: (line: string) => void): {
  readonly feed: (bytes: Buffer) => void;
  readonly end: () => void;
} {
  let decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    feed: (bytes) => {
      const parts = (rest + decoder.write(bytes)).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) tell(part);
      if (rest.length > lineCap) {
        tell(rest);
        rest = '';
      }
    },
    end: () => {
      rest += decoder.end();
      decoder = new StringDecoder('utf8');
      if (rest !== '') tell(rest);
      rest = '';
    },
  };
}
