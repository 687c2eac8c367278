import { describe, expect, it } from 'vitest';
import type { Deed, DeedReport } from '../../../src/domain/ports.ts';
import { beginMark, endMark, sectionMark } from '../../../src/transport/wire/frames.ts';
import { deedExchange, encodeDeed } from '../../../src/transport/wire/index.ts';
import { marker } from './shell.ts';

const deed: Deed = {
  kind: 'change',
  change: { id: 'c1', session: 's1', control: 'c', node: 'cp-1', via: 'cp-1', steps: [] },
};
const node = 'cp-1';
const script = '/var/lib/k8s-harden/s1/c1/undo.sh';
const output = ['first line', '', 'é✓ last'];

const reports: readonly DeedReport[] = [
  { kind: 'done', output },
  { kind: 'done', output: [] },
  { kind: 'put-back', failure: { code: 'change-failed', node, message: 'it broke' }, output },
  { kind: 'refused', failure: { code: 'refused', message: 'not here' }, output },
  { kind: 'refused', failure: { code: 'drifted', node, path: '/etc/a b' }, output },
  { kind: 'refused', failure: { code: 'node-full', node, path: '/etc' }, output },
  { kind: 'refused', failure: { code: 'node-read-only', node, path: '/etc' }, output },
  { kind: 'refused', failure: { code: 'locked', node, holder: 'anna@desk' }, output },
  { kind: 'refused', failure: { code: 'lab-cannot', what: 'this' }, output },
  { kind: 'unknown', failure: { code: 'undo-failed', node, message: 'it broke', script }, output },
  { kind: 'unknown', failure: { code: 'link-lost', node, message: 'the link was lost' }, output },
];

describe('a deed', () => {
  it.each(reports.map((r) => [`${r.kind} ${r.kind === 'done' ? '' : r.failure.code}`, r] as const))(
    '%s survives the wire',
    (_, report) => {
      const mark = marker();
      const lines: string[] = [];
      const exchange = deedExchange(deed, { marker: mark, node, onOutput: (line) => lines.push(line) });
      const { out } = encodeDeed(mark, report);
      for (const byte of Buffer.from(out)) exchange.feed(Buffer.from([byte]));
      expect(exchange.finish({ exit: null })).toEqual(report);
      expect(lines).toEqual(report.output);
    },
  );

  it('whose end did not arrive is unknown, at whatever byte it was cut and whatever the exit', () => {
    const mark = marker();
    const whole = Buffer.from(encodeDeed(mark, { kind: 'done', output }).out);
    for (let cut = 0; cut < whole.length; cut += 1) {
      const exchange = deedExchange(deed, { marker: mark, node });
      exchange.feed(whole.subarray(0, cut));
      const report = exchange.finish({ exit: 0 });
      expect(report).toMatchObject({ kind: 'unknown', failure: { code: 'link-lost', node } });
    }
  });

  it('that never started says what the node said instead', () => {
    const exchange = deedExchange(deed, { marker: marker(), node });
    exchange.feedError(Buffer.from('sh: 1: Syntax error: end of file unexpected\n'));
    expect(exchange.finish({ exit: 2 })).toMatchObject({
      kind: 'unknown',
      failure: {
        message:
          'the script on the node ended too early (exit 2): sh: 1: Syntax error: end of file unexpected',
      },
    });
  });

  it('closed with a word that nobody knows is not done', () => {
    const mark = marker();
    const exchange = deedExchange(deed, { marker: mark, node });
    exchange.feed(Buffer.from(beginMark(mark, 0) + endMark(mark, 0, 'superb')));
    expect(exchange.finish({ exit: 0 }).kind).toBe('unknown');
  });

  it('names the last word of the step that failed, not of the taking back', () => {
    const mark = marker();
    const exchange = deedExchange(deed, { marker: mark, node });
    const parts = [
      'step',
      'going\nthe reason\n',
      'undo',
      'Taking back: x\nall is back\n',
      'detail',
      'exit 9\n',
    ];
    const text = parts.map((part, n) => (n % 2 === 0 ? sectionMark(mark, 0, part) : part)).join('');
    exchange.feed(Buffer.from(beginMark(mark, 0) + text + endMark(mark, 0, 'put-back')));
    expect(exchange.finish({ exit: 0 })).toEqual({
      kind: 'put-back',
      failure: { code: 'change-failed', node, message: 'the reason' },
      output: ['going', 'the reason', 'Taking back: x', 'all is back'],
    });
  });

  it('has its output cleaned and capped', () => {
    const mark = marker();
    const lines: string[] = [];
    const exchange = deedExchange(deed, { marker: mark, node, onOutput: (line) => lines.push(line) });
    exchange.feed(Buffer.from(`${beginMark(mark, 0)}\u001b]0;owned\u0007a\tb\u001b[31m\n`));
    for (let n = 0; n < 100_000; n += 1) exchange.feed(Buffer.from(`line ${n}\n`));
    exchange.feed(Buffer.from(`${'x'.repeat(3_000_000)}\n${endMark(mark, 0, 'done')}`));
    const report = exchange.finish({ exit: 0 });
    expect(report.kind).toBe('done');
    expect(report.output[0]).toBe('a       b');
    expect(report.output.length).toBeLessThan(1000);
    expect(report.output.at(-1)).toMatch(/^\(\d+ more lines\)$/);
    expect(lines.length).toBe(report.output.length - 1);
  });

  it('travels as data too, under the same marker', () => {
    const mark = marker();
    const { data, script: text } = deedExchange(deed, { marker: mark, node });
    expect(JSON.parse(data())).toEqual({ marker: mark, deed });
    expect(text).toContain(mark);
  });

  it('never leaves its folder, and takes no other marker than a random one', () => {
    const change = (id: string): Deed => ({ kind: 'change', change: { ...deed.change, id } });
    for (const id of ['../x', '', 'a/b', '.', '..', '-x'])
      expect(() => deedExchange(change(id), { marker: marker(), node })).toThrow();
    expect(() => deedExchange(deed, { marker: 'abc', node })).toThrow();
  });
});
