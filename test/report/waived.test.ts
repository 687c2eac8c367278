import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import type { Waiver } from '../../src/domain/waiver.ts';
import { checks, exitCode, formats, summaryText } from '../../src/report/index.ts';
import { control, facts, inputOf, profileOf, verdict } from './fixture.ts';
import { readCklb } from './readers/cklb.ts';
import { readCsv } from './readers/csv.ts';
import { readJunit } from './readers/junit.ts';
import { readOscal } from './readers/oscal.ts';
import { readSarif } from './readers/sarif.ts';

const profile = profileOf([control('etcd-owner', 'The owner of etcd'), control('tls', 'TLS 1.2')]);
const waiver: Waiver = {
  control: 'etcd-owner',
  place: 'cp-1',
  reason: 'the move is in March',
  owner: 'Platform',
  expires: '2030-01-02',
  found: 'root:root',
};

function session(...waivers: readonly Waiver[]) {
  const events: readonly Event[] = [
    { kind: 'session-started', id: 's', program: 'k8s-harden 1', operator: 'o', readOnly: true, lab: false },
    { kind: 'distribution-chosen', distribution: 'rke2' },
    { kind: 'benchmark-chosen', benchmark: 'cis-1.12', level: 1 },
    { kind: 'nodes-set', cluster: 'prod', nodes: [{ name: 'cp-1', host: '10.0.0.1', port: 22, user: '' }] },
    { kind: 'node-connected', node: 'cp-1', facts: facts('cp-1', 'server') },
    ...(waivers.length > 0 ? [{ kind: 'waivers-read', file: '/w.yaml', waivers } as const] : []),
    {
      kind: 'found',
      findings: [
        { control: 'etcd-owner', place: 'cp-1', verdict: verdict('fail', 'root:root', 'etcd:etcd') },
        { control: 'tls', place: 'cp-1', verdict: verdict('pass', '1.2', '1.2') },
      ],
    },
    { kind: 'probe-ended', missing: [] },
  ];
  return inputOf(events, profile);
}

const render = (id: string, ...waivers: readonly Waiver[]): string =>
  formats.find((f) => f.id === id)?.render(session(...waivers)) ?? '';
const words = 'waived by Platform until 2030-01-02: the move is in March';

describe('what is waived', () => {
  it('is not open for the exit code; what is waived no longer is', () => {
    const code = (...waivers: readonly Waiver[]) => exitCode(session(...waivers).session, profile);
    expect(code()).toBe(3);
    expect(code(waiver)).toBe(0);
    expect(code({ ...waiver, expires: '2030-01-01' })).toBe(3);
    expect(code({ ...waiver, found: 'root:etcd' })).toBe(3);
  });

  it.each(['markdown', 'html', 'json', 'summary', 'csv', 'junit', 'sarif', 'oscal'])(
    'stands in %s with owner, last day and reason',
    (id) => expect(render(id, waiver)).toContain(words),
  );

  it('is counted in words, and printed by check', () => {
    expect(summaryText(session(waiver).session, profile)).toContain('0 open, 1 waived, 1 pass');
    expect(checks.text(session(waiver))).toMatch(/waived {2}\S* ?The owner of etcd {2}\(cp-1\)/);
    expect(checks.text(session(waiver))).toContain(words);
  });

  it('says why it is open again', () => {
    const ended = checks.text(session({ ...waiver, expires: '2030-01-01' }));
    expect(ended).toContain('the waiver of Platform ended on 2030-01-01');
    expect(checks.text(session({ ...waiver, found: 'a:b' }))).toContain('was for “a:b”');
  });

  it('is skipped for a build server, suppressed for code scanning, not satisfied in OSCAL, not open in a table', () => {
    readJunit(render('junit', waiver));
    expect(render('junit', waiver)).toMatch(/<skipped type="waived"/);
    readSarif(render('sarif', waiver));
    const [result] = JSON.parse(render('sarif', waiver)).runs[0].results;
    expect(result.suppressions).toEqual([{ kind: 'external', status: 'accepted', justification: words }]);
    readOscal(render('oscal', waiver));
    expect(render('oscal', waiver)).toMatch(/"state": ?"not-satisfied"/);
    readCsv(render('csv', waiver));
    expect(render('csv', waiver)).toContain('"fail","waived","no"');
  });

  it('stays open in a checklist, which knows no waiver, and says who answers for it', () => {
    const numbered = profileOf(profile.controls, (i) => ({ number: `V-24237${i}`, level: 1 }));
    const text =
      formats.find((f) => f.id === 'cklb')?.render({ ...session(waiver), profile: numbered }) ?? '';
    const [waived, passed] = readCklb(text).stigs[0]?.rules ?? [];
    expect([waived?.status, passed?.status]).toEqual(['open', 'not_a_finding']);
    expect(waived?.finding_details).toContain(words);
  });
});
