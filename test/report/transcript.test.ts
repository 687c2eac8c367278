import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { oneLine } from '../../src/report/clean.ts';
import { inline } from '../../src/report/markdown.ts';
import { transcript } from '../../src/report/transcript.ts';
import { control, inputOf, intended, profileOf, smallProfile, smallSession, verdict } from './fixture.ts';

describe('the transcript', () => {
  it('reads like this', async () => {
    const input = { ...inputOf(smallSession, smallProfile), head: 'ab'.repeat(32) };
    await expect(transcript(input)).toMatchFileSnapshot('transcript.golden.txt');
  });

  it('says how far the record may be believed', () => {
    expect(transcript(inputOf(smallSession, smallProfile, 'damaged at line 9'))).toContain(
      'the chain is damaged at line 9: only what stands before that is shown',
    );
    expect(transcript(inputOf(smallSession.slice(0, -1), smallProfile, 'not ended'))).toContain(
      'later entries may be missing',
    );
  });

  it('does without a profile, and with an empty session', () => {
    expect(transcript(inputOf(smallSession, undefined))).toContain('### kernel-values');
    expect(transcript(inputOf([], undefined, 'not ended'))).toContain('# Hardening transcript');
  });

  it('says when the benchmark wants a control met', () => {
    const of = smallProfile.benchmarks.map((b) => ({
      ...b,
      items: b.items.map((item, i) => (i === 0 ? { ...item, class: 'bootstrap' as const } : item)),
    }));
    const [first] = of.flatMap((b) => b.items);
    const text = transcript(inputOf(smallSession, { ...smallProfile, benchmarks: of }));
    expect(text).toContain(`By the benchmark, ${first?.number} is set at bootstrap.`);
  });

  it('shows a change whose control the profile does not hold', () => {
    const [start] = smallSession;
    const step = { kind: 'set-mode', path: '/x', mode: '0600', before: '0644' } as const;
    const text = transcript(inputOf([start as Event, intended('c9', 'gone', 'cp-1', step)], smallProfile));
    expect(text).toContain('## Other changes');
    expect(text).toContain('#### Change c9 on cp-1: its end was not recorded');
    expect(text).toContain('## Unfinished');
  });
});

const hostile = [
  '| a | b |\n|---|---|',
  '```\n# owned\n```',
  '`````` ~~~',
  '<script>alert(1)</script><!-- ',
  '</td></table><img src=x onerror=y>',
  '# heading',
  '## Summary\n\nAll passed.',
  '- item',
  '1. item',
  '> quote',
  '    code',
  '[text](javascript:x) ![i](http://e.example/i.png)',
  '[x]: http://e.example',
  '*b* _i_ **s** ~~d~~ `c`',
  '&lt;b&gt; &#60;',
  'trailing \\',
  '\\| \\` \\\\',
  '---',
  '===',
  'https://e.example www.e.example a@e.example',
  '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202edcba\u2066\u200b\ufeff',
  'line\r\nfeed\rback\u2028sep\u0000',
  'half \ud83d sign',
  '$x$ :tada: @team #1',
];

describe('hostile text', () => {
  const clean = (text: string) => transcript(session(text));
  const shape = (text: string) => skeleton(clean(text));
  const session = (text: string) =>
    inputOf(
      [
        { kind: 'session-started', id: text, program: text, operator: text, readOnly: false, lab: false },
        { kind: 'distribution-chosen', distribution: text },
        { kind: 'benchmark-chosen', benchmark: 'cis-1.12', level: 1 },
        { kind: 'nodes-set', cluster: text, nodes: [{ name: 'n', host: text, port: 1, user: text }] },
        { kind: 'node-failed', node: 'n', failure: { code: 'refused', message: text } },
        {
          kind: 'found',
          findings: [{ control: 'k', place: 'n', verdict: verdict('fail', text, text, text) }],
        },
        { kind: 'skipped', control: 'k', place: 'n', reason: text },
        { kind: 'attested', control: 'k', place: 'n', pass: true, statement: text },
        { kind: 'acknowledged', control: 'k', text },
        {
          ...intended(text, 'k', 'n', {
            kind: 'write-file',
            path: text.replaceAll('\0', ''),
            content: text,
            mode: '0600',
            owner: 'root',
            group: 'root',
            before: { kind: 'absent' },
          }),
          commands: [text],
        } as Event,
        { kind: 'change-ended', change: text, outcome: { kind: 'done' }, output: [text, text] },
        { kind: 'undo-intended', change: text, commands: [text], force: true },
        { kind: 'undo-ended', change: text, outcome: { kind: 'done' }, output: [text] },
        { kind: 'restart-intended', node: 'n', unit: text },
        { kind: 'restart-ended', node: 'n', unit: text, outcome: { kind: 'crash-looping', line: text } },
        { kind: 'restart-set-aside', node: 'n', reason: text },
        { kind: 'noted', text },
      ],
      profileOf([control('k', text)]),
    );

  it.each(hostile)('cannot change the shape of the document: %j', (text) => {
    expect(shape(text)).toEqual(shape('harmless'));
  });

  it.each(hostile)('still reads as it was: %j', (text) => {
    expect(rendered(inline(text))).toBe(oneLine(text));
    expect(rendered(inline(`a ${text}`))).toBe(oneLine(`a ${text}`));
  });

  it('leaves ordinary values as they are', () => {
    for (const text of [
      '/etc/sysctl.d/90-kubelet.conf',
      'vm.overcommit_memory = 1',
      '1.1.12 etcd:etcd',
      'a@b',
      '0600',
    ])
      expect(inline(text)).toBe(text);
  });

  it.each(hostile)('leaves nothing unseen and no live markup outside a fence: %j', (text) => {
    const document = clean(text);
    expect(document).not.toMatch(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/,
    );
    expect(document.isWellFormed?.() ?? true).toBe(true);
    for (const line of prose(document)) {
      expect(line).not.toMatch(/<|(?<!\\)[`*[\]~]|https?:\/\/|(?<![\\&#])#(?![# ])/);
    }
  });
});

/** What a reader sees of inline text: entities and escaped signs as the signs they stand for. */
function rendered(markdown: string): string {
  const entity = /&(?:#(\d+)|amp|lt|gt);|\\([!-/:-@[-`{-~])/g;
  const words: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
  return markdown.replaceAll(
    entity,
    (whole, code, sign) => words[whole] ?? sign ?? String.fromCharCode(Number(code)),
  );
}

/** The lines outside fences; a fence ends only at as many marks as it began with. */
function prose(document: string): readonly string[] {
  const out: string[] = [];
  let close: string | undefined;
  for (const line of document.split('\n')) {
    const run = /^`{3,}/.exec(line)?.[0];
    if (close === undefined && run) {
      close = run;
      continue;
    }
    if (close !== undefined) {
      if (run !== undefined && line === run && run.length >= close.length) close = undefined;
      continue;
    }
    out.push(line);
  }
  expect(close).toBeUndefined();
  return out;
}

/** What a Markdown reader would make of every line: headings, tables with their cells, items, fences. */
function skeleton(document: string): readonly string[] {
  return prose(document)
    .filter((line) => line !== '')
    .map((line) => {
      if (line.startsWith('|')) return `row of ${line.split('|').length}`;
      return /^(#{1,6} |- |\d+[.)] |> |={3,}|-{3,}| {4}|\t)/.exec(line)?.[0] ?? 'text';
    });
}
