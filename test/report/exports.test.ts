import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Event, Finding } from '../../src/domain/event.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { formats } from '../../src/report/index.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { json } from '../../src/report/json.ts';
import { uuidOf } from '../../src/report/uuid.ts';
import { resources } from '../../src/resources/index.ts';
import { everyEvent } from '../journal/every-event.ts';
import { control, inputOf, profileOf, smallProfile, smallSession, verdict } from './fixture.ts';
import { readCklb } from './readers/cklb.ts';
import { readCsv } from './readers/csv.ts';
import { all, readJunit } from './readers/junit.ts';
import { readOscal } from './readers/oscal.ts';
import { readSarif } from './readers/sarif.ts';

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  csv: readCsv,
  junit: readJunit,
  sarif: readSarif,
  oscal: readOscal,
  cklb: readCklb,
};
const head = 'ab'.repeat(32);
const small: ReportInput = { ...inputOf(smallSession, smallProfile), head };

function render(id: string, input: ReportInput): string {
  const format = formats.find((f) => f.id === id);
  if (!format) throw new Error(`There is no format ${id}.`);
  return format.render(input);
}

/** Two rules of a STIG with one control, one that fails, one that nobody asked, one that does not apply. */
const stigControls = [
  control('tls', 'TLS 1.2'),
  control('token', 'No token file'),
  control('gone', 'Nothing of it'),
];
const numbers = ['V-242376', 'V-242377', 'V-242378'];
const stig = profileOf(stigControls, (i) => ({ number: numbers[i] ?? '', level: i === 1 ? 2 : 1 }));
const found = (list: readonly (readonly [string, string, Finding['verdict']])[]): Event => ({
  kind: 'found',
  findings: list.map(([id, place, v]) => ({ control: id, place, verdict: v })),
});

describe.each(Object.entries(readers))('%s', (id, read) => {
  it('follows its published form, whole, half-done or cut anywhere, and says how far it may be believed', () => {
    for (let length = 0; length <= smallSession.length; length++) {
      const events = smallSession.slice(0, length);
      const text = render(id, { ...inputOf(events, smallProfile, 'not ended'), head });
      read(text);
      expect(text).toContain('the chain is whole, but it has no end: later entries may be missing');
      read(render(id, inputOf(events, undefined, 'cut off after line 4')));
    }
  });

  it('holds nothing that a reader could act on, whatever nodes and people said', () => {
    const texts = [
      '</testcase>"&<b>\'><![CDATA[ ]]>&amp;',
      '=1+1", "=2',
      '[click](https://evil.example) {0}',
      '\u001b[2J\u0000\u202e\ufffe\ud800 \u0085\u00a0',
      '   ',
      '-',
    ];
    for (const x of texts) {
      const input = { ...inputOf(everyEvent(x), undefined), head };
      const text = render(id, input);
      read(text);
      expect(text).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\ufffe]/);
      const titled = profileOf([control(x, x)], () => ({ number: 'V-1', level: 1 }));
      const profile = {
        ...titled,
        benchmarks: titled.benchmarks.map((b) => ({ ...b, id: x, title: x || 'b' })),
      };
      if (x.trim() !== '') read(render(id, { ...input, profile }));
    }
  });

  it('is the same for the same session', () => {
    expect(render(id, small)).toBe(render(id, small));
  });
});

describe('the readers', () => {
  it.each(['junit', 'sarif', 'oscal', 'cklb', 'csv'])('would notice a %s that is not in form', (id) => {
    const input = id === 'cklb' ? { ...inputOf(smallSession, stig), head } : small;
    const text = render(id, input);
    const broken: Readonly<Record<string, readonly [string, string][]>> = {
      junit: [
        ['</testsuites>', ''],
        ['classname=', 'class='],
        ['failures="1"', 'failures="0"'],
        ['prod-east', '&prod'],
      ],
      sarif: [
        ['"kind": "fail"', '"kind": "open"'],
        ['"text"', '"words"'],
        ['"ruleIndex": 1', '"ruleIndex": 0'],
        ['places/', 'places /'],
      ],
      oscal: [
        ['"TEST"', '"SEEN"'],
        ['"collected":"2', '"collected":"x2'],
        ['"subject-uuid":"', '"subject-uuid":"0'],
        ['"state":"not-satisfied"', '"state":"open"'],
      ],
      cklb: [
        ['"not_reviewed"', '"unknown"'],
        ['"V-242376"', '"242376"'],
        ['"mode": 1', '"mode": 1, "more": 1'],
        ['"size": 3', '"size": 2'],
      ],
      csv: [
        ['\r\n', '\n'],
        ['"cp-1",', ''],
        ['"fail"', '"fa"il"'],
        ['"1.1"', '1.1'],
      ],
    };
    for (const [from, to] of broken[id] ?? []) {
      expect(text).toContain(from);
      expect(() => readers[id]?.(text.replace(from, to)), `${from} → ${to}`).toThrow();
    }
  });
});

describe('the numbers', () => {
  it('are those of the transcript for programs, in every form', () => {
    const { totals, coverage } = JSON.parse(json(small));
    const root = readJunit(render('junit', small));
    const cases = all(root, 'testcase').filter((c) => c.attributes.classname !== 'session');
    expect(cases).toHaveLength(coverage.expected);
    const passed = cases.filter((c) => c.children.length === 0);
    expect(passed).toHaveLength(totals.after.pass);
    expect(readCsv(render('csv', small))).toHaveLength(coverage.expected + 1);
    expect(readSarif(render('sarif', small)).results).toHaveLength(totals.open);
    const { findings = [], observations = [] } = readOscal(render('oscal', small)).result;
    expect(findings).toHaveLength(coverage.controls);
    expect(observations.flatMap((o) => o.subjects ?? [])).toHaveLength(coverage.expected);
  });
});

describe('junit', () => {
  it('fails what is wrong, calls what could not be told an error, and skips what was skipped with its reason', () => {
    const root = readJunit(render('junit', small));
    const said = all(root, 'testcase').map((c) => [
      c.attributes.classname,
      c.attributes.name,
      c.children[0]?.name,
    ]);
    expect(said).toEqual([
      ['session', 'The record is whole', undefined],
      ['session', 'Every change came to its end', undefined],
      ['session', 'No restart is due', 'failure'],
      ['kernel-values', 'cp-1', undefined],
      ['kernel-values', 'cp-2', undefined],
      ['kernel-values', 'agent-1', 'error'],
      ['etcd-account', 'cp-1', 'failure'],
      ['etcd-account', 'cp-2', 'skipped'],
      ['etcd-account', 'agent-1', 'error'],
      ['network-policies', 'cluster', 'error'],
    ]);
    expect(all(root, 'skipped')[0]?.attributes.message).toContain(
      'skipped: etcd moves to new disks next week',
    );
  });

  it('is no green build where the record is no proof or a change has no known end', () => {
    const cut = readJunit(
      render('junit', inputOf(smallSession.slice(0, 12), smallProfile, 'damaged at line 13')),
    );
    expect(all(cut, 'error').map((e) => e.text)).toEqual(
      expect.arrayContaining([
        'Record: 12 entries, the chain is damaged at line 13: only what stands before that is shown',
        'the change of change c1 on cp-1 has no known end',
      ]),
    );
  });
});

describe('csv', () => {
  it('never begins a cell with what a spreadsheet would take for a formula', () => {
    const texts = [
      '=1+1',
      '+1',
      '-1',
      '@SUM(1)',
      ' \t=1',
      '"=1"',
      'a;=1+1',
      '\uff1d1',
      "'=1",
      '\n=1',
      'a;"=1',
    ];
    for (const x of texts) {
      const lines = readCsv(
        render('csv', inputOf([found([['c', 'cp-1', verdict('fail', x, x, x)]])], undefined)),
      );
      for (const field of lines.flat())
        expect(field, x).not.toMatch(/(^|;)[\s"]*[=+\-@\uff0b\uff0d\uff1d\uff20]/);
    }
  });
});

describe('sarif', () => {
  it('says of an answer that did not come that the run did not succeed, and suppresses what was skipped', () => {
    const run = readSarif(render('sarif', small));
    expect(run.invocations[0]?.executionSuccessful).toBe(false);
    expect(run.invocations[0]?.toolExecutionNotifications.map((n) => n.level)).toEqual([
      'note',
      'note',
      'error',
    ]);
    const kinds = run.results.map((r) => [
      r.ruleId,
      r.locations[0]?.logicalLocations[0]?.name,
      r.kind,
      r.level,
    ]);
    expect(kinds).toEqual([
      ['kernel-values', 'agent-1', 'open', 'none'],
      ['etcd-account', 'cp-1', 'fail', 'error'],
      ['etcd-account', 'cp-2', 'fail', 'error'],
      ['etcd-account', 'agent-1', 'open', 'none'],
      ['network-policies', 'cluster', 'open', 'none'],
    ]);
    const justified = run.results.map((r) => r.suppressions?.[0]?.justification);
    expect(justified).toEqual([
      undefined,
      undefined,
      'etcd moves to new disks next week',
      undefined,
      undefined,
    ]);
  });

  it('is a run that did not succeed where the record is broken, though every answer came', () => {
    const events: readonly Event[] = [
      { kind: 'nodes-set', cluster: 'c', nodes: [{ name: 'n1', host: 'h', port: 22, user: 'u' }] },
      found([['tls', 'n1', verdict('pass')]]),
    ];
    const succeeded = (chain: ReportInput['chain']) =>
      readSarif(render('sarif', inputOf(events, stig, chain))).invocations[0]?.executionSuccessful;
    expect([succeeded('whole'), succeeded('damaged at line 2')]).toEqual([true, false]);
  });

  it('lets no text of a node become a link or a place to fill in', () => {
    const odd = found([['c', 'cp-1', verdict('fail', '[click](https://evil.example) {0}', 'a[0] {x}')]]);
    const [result] = readSarif(render('sarif', inputOf([odd], undefined))).results;
    expect(result?.message.text).toContain('\\[click\\](https://evil.example) {{0}}');
  });
});

describe('oscal', () => {
  it('has a finding for each control, with the observations that it comes from', () => {
    const { result } = readOscal(render('oscal', small));
    const states = result.findings?.map((f) => [
      f.target['target-id'],
      f.target.status.state,
      f.target.status.reason,
    ]);
    expect(states).toEqual([
      ['kernel-values', 'not-satisfied', 'other'],
      ['etcd-account', 'not-satisfied', 'fail'],
      ['network-policies', 'not-satisfied', 'other'],
    ]);
    expect(result['assessment-log']?.entries).toHaveLength(smallSession.length);
    expect(result.remarks).toContain(head);
  });

  it('calls what does not apply anywhere not applicable, and what passes satisfied', () => {
    const input = inputOf(
      [
        { kind: 'benchmark-chosen', benchmark: 'cis-1.12', level: 1 },
        { kind: 'nodes-set', cluster: 'c', nodes: [{ name: 'n1', host: 'h', port: 22, user: 'u' }] },
        found([
          ['a', 'n1', verdict('pass')],
          ['b', 'n1', verdict('not-applicable')],
        ]),
      ],
      profileOf([control('a', 'A'), control('b', 'B')]),
    );
    const targets = readOscal(render('oscal', input)).result.findings?.map((f) => f.target);
    expect(targets?.map((t) => [t.status, t['implementation-status']])).toEqual([
      [{ state: 'satisfied', reason: 'pass' }, undefined],
      [{ state: 'satisfied', reason: 'other' }, { state: 'not-applicable' }],
    ]);
  });

  it('makes its ids as version 5 of a UUID prescribes', () => {
    const space = Buffer.from('9c9a1f2e5d5b4a0e9d0b7b1f4c6e2a35', 'hex');
    for (const name of ['', 'a', 'ä€𝄞', 'x'.repeat(35), 'x'.repeat(36), 'x'.repeat(44), 'x'.repeat(1000)]) {
      const hash = createHash('sha1')
        .update(space)
        .update(JSON.stringify([name, 'b']))
        .digest();
      hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
      hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
      expect(uuidOf(name, 'b').replaceAll('-', '')).toBe(hash.toString('hex', 0, 16));
    }
  });
});

describe('cklb', () => {
  const nodes = ['n1', 'n2'].map((name) => ({ name, host: 'h', port: 22, user: 'u' }));
  const events: readonly Event[] = [
    { kind: 'benchmark-chosen', benchmark: 'cis-1.12', level: 1 },
    { kind: 'nodes-set', cluster: 'prod', nodes },
    found([
      ['tls', 'n1', verdict('pass', 'VersionTLS12')],
      ['tls', 'n2', verdict('fail', 'VersionTLS10', 'VersionTLS12')],
      ['gone', 'n1', verdict('not-applicable')],
      ['gone', 'n2', verdict('not-applicable')],
    ]),
    { kind: 'skipped', control: 'tls', place: 'n2', reason: 'old clients until May' },
  ];

  it('has every rule of the STIG, asked or not, with the worst of its places', () => {
    const [sheet] = readCklb(render('cklb', inputOf(events, stig))).stigs;
    expect(sheet?.rules.map((r) => [r.group_id, r.severity, r.status])).toEqual([
      ['V-242376', 'high', 'open'],
      ['V-242377', 'medium', 'not_reviewed'],
      ['V-242378', 'high', 'not_applicable'],
    ]);
    const [first, second] = sheet?.rules ?? [];
    expect(first?.finding_details).toBe(
      'n1: pass; found VersionTLS12, wanted y\nn2: fail; found VersionTLS10, wanted VersionTLS12; skipped: old clients until May',
    );
    expect(first?.comments).toBe('skipped tls on n2: old clients until May');
    expect(second?.finding_details).toBe('Not asked: it is outside the level that was chosen.');
  });

  it('is never a finding that is none where an answer is missing', () => {
    const part = [...events.slice(0, 2), found([['tls', 'n1', verdict('pass')]])];
    const statuses = readCklb(render('cklb', inputOf(part, stig))).stigs[0]?.rules.map((r) => r.status);
    expect(statuses).toEqual(['not_reviewed', 'not_reviewed', 'not_reviewed']);
  });

  it('is refused in one sentence for a session without the numbers of a STIG', () => {
    const why = (input: ReportInput) => formats.find((f) => f.id === 'cklb')?.refuses?.(input);
    expect(why(inputOf(events, stig))).toBeUndefined();
    expect(why(small)).toBe(
      'A STIG checklist needs the V numbers of a DISA STIG, and CIS 1.12 has none; export it as oscal, csv or html instead.',
    );
    expect(why(inputOf(smallSession, undefined))).toContain('cis-1.12 is in no profile here');
    expect(why(inputOf([], undefined))).toContain('this session chose no benchmark');
  });

  it('holds the whole DISA STIG for Canonical Kubernetes', async () => {
    const folder = new URL('../../profiles', import.meta.url).pathname;
    const loaded = await loadProfiles([folder], (type, spec) => resources.get(type)?.schema.parse(spec));
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
    const profile = loaded.value.find((p) => p.distribution.id === 'canonical');
    const chose: readonly Event[] = [
      { kind: 'distribution-chosen', distribution: 'canonical' },
      { kind: 'benchmark-chosen', benchmark: 'disa-stig', level: 2 },
      { kind: 'nodes-set', cluster: 'gov', nodes },
    ];
    const [sheet] = readCklb(render('cklb', inputOf(chose, profile))).stigs;
    expect(sheet?.size).toBe(91);
    expect(sheet?.rules.filter((r) => r.severity === 'high')).toHaveLength(18);
    expect(new Set(sheet?.rules.map((r) => r.status))).toEqual(new Set(['not_reviewed']));
  }, 60_000);
});
