import { describe, expect, it } from 'vitest';
import { beginMark, endMark, frameReader, sectionMark } from '../../../src/transport/wire/frames.ts';

// Ends as it begins, so that its own start right before it looks like the marker too.
const mark = '70123456789abcdef0123456789abcd7';

function read(stream: Buffer, cuts: readonly number[], cap = 1000) {
  const reader = frameReader(mark, cap);
  let from = 0;
  for (const cut of [...cuts, stream.length]) {
    reader.feed(stream.subarray(from, cut));
    from = cut;
  }
  reader.end();
  return [...reader.frames.values()].map((f) => ({
    ...f,
    sections: f.sections.map((s) => [s.name, s.bytes.toString('hex')]),
  }));
}

const content = 'no newline at the end, é✓漢, NUL \0 and half a marker ';
const stream = Buffer.from(
  `Welcome!\n${mark.slice(0, 20)}\n${beginMark(mark, 0)}${content}${mark.slice(0, 31)}${endMark(mark, 0, 0)}` +
    `noise${beginMark(mark, 1)}${endMark(mark, 1, 'absent')}` +
    `${beginMark(mark, 2)}${sectionMark(mark, 2)}a${sectionMark(mark, 2, 'second')}b\n${endMark(mark, 2, 7)}logout`,
);

describe('frames', () => {
  const whole = read(stream, []);

  it('hold exactly what stands between their marks', () => {
    expect(whole.map((f) => [f.index, f.status, f.sections.length])).toEqual([
      [0, '0', 1],
      [1, 'absent', 1],
      [2, '7', 3],
    ]);
    expect(whole[0]?.sections[0]?.[1]).toBe(Buffer.from(content + mark.slice(0, 31)).toString('hex'));
    expect(whole[2]?.sections.map(([name]) => name)).toEqual(['', '', 'second']);
  });

  it('are the same wherever the stream is cut', () => {
    for (let cut = 1; cut < stream.length; cut += 1) expect(read(stream, [cut])).toEqual(whole);
    expect(
      read(
        stream,
        Array.from({ length: stream.length - 1 }, (_, n) => n + 1),
      ),
    ).toEqual(whole);
  });

  it('stay open when the stream ends too early, at whatever byte', () => {
    for (let end = 0; end < stream.length; end += 1) {
      const partial = read(stream.subarray(0, end), []);
      for (const frame of partial.filter((f) => f.status !== undefined))
        expect(frame).toEqual(whole[frame.index]);
    }
  });

  it('stay open when another one begins, or another one ends', () => {
    const text = beginMark(mark, 0) + endMark(mark, 5, 0) + beginMark(mark, 1) + endMark(mark, 1, 0);
    expect(read(Buffer.from(text), []).map((f) => [f.index, f.status])).toEqual([
      [0, undefined],
      [1, '0'],
    ]);
  });

  it('take a marker without a mark as content', () => {
    const inside = `${mark} x 1\n${mark} but no mark`;
    const [frame] = read(Buffer.from(beginMark(mark, 0) + inside + endMark(mark, 0, 0)), []);
    expect(frame?.sections).toEqual([['', Buffer.from(inside).toString('hex')]]);
  });

  it('say when there was more than the cap, and keep no more', () => {
    const [frame] = read(
      Buffer.from(beginMark(mark, 0) + 'x'.repeat(5000) + endMark(mark, 0, 0)),
      [900, 2000],
      1000,
    );
    expect(frame?.overflow).toBe(true);
    expect(frame?.sections[0]?.[1]?.length).toBe(2 * 1001);
    const [fits] = read(Buffer.from(beginMark(mark, 0) + 'x'.repeat(1000) + endMark(mark, 0, 0)), [], 1000);
    expect(fits?.overflow).toBe(false);
  });
});
