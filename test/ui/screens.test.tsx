import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import type { AppState } from '../../src/store/state.ts';
import { Frame } from '../../src/ui/components/Frame.tsx';
import { type Location, locate } from '../../src/ui/location.ts';
import { lookOf } from '../../src/ui/look.ts';
import { width } from '../../src/ui/text.ts';
import { change, fiveNodes, ready, stateOf } from './fixture.ts';
import { scenes } from './scenes.ts';

const sizes = [
  [60, 16],
  [80, 24],
  [100, 30],
  [120, 40],
] as const;

/** The lines of a whole frame. */
function frame(
  state: AppState,
  columns: number,
  rows: number,
  options: { plain?: boolean; ascii?: boolean } = {},
): readonly string[] {
  const sized = { ...state, view: { ...state.view, columns, rows } };
  const look = lookOf(sized.view, {
    ascii: options.ascii ?? false,
    color: true,
    plain: options.plain ?? false,
  });
  return renderToString(<Frame state={sized} look={look} mark="" />, { columns }).split('\n');
}

const text = (state: AppState, columns = 100, rows = 40): string => frame(state, columns, rows).join('\n');
const prose = (state: AppState, columns = 100, rows = 40): string =>
  text(state, columns, rows).replaceAll(/\s+/g, ' ');

describe.each(Object.entries(scenes) as [Location, AppState][])('screen %s', (at, state) => {
  it('is the screen it should be', () => {
    expect(locate(state)).toBe(at);
  });

  it.each(sizes)('fits %i by %i', (columns, rows) => {
    const lines = frame(state, columns, rows);
    expect(lines.length).toBe(rows - 1);
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
  });

  it('says where the operator is and what to press', () => {
    const lines = frame(state, 80, 24);
    expect(lines[0]).toMatch(/Start|Step \d of 9/);
    expect(lines.at(-1)).toMatch(/\S+ \w+/);
  });

  it('has no symbol outside ASCII when asked', () => {
    const odd =
      frame(state, 80, 24, { ascii: true })
        .join('\n')
        .match(/[^\x00-\x7f“”]/g) ?? [];
    expect(odd).toEqual([]);
  });

  it('reads as lines for a screen reader, without rules and empty lines', () => {
    const lines = frame(state, 80, 24, { plain: true });
    expect(lines.join('\n')).not.toMatch(/[─░█❯]/);
    expect(lines.filter((l) => l.trim() === '').length).toBeLessThanOrEqual(1);
  });
});

describe('what the screens say', () => {
  it('shows read-only and lab in the header at every size', () => {
    for (const [columns, rows] of sizes) {
      const [first] = frame(
        stateOf({ readOnly: true, lab: true, cluster: 'a-cluster-with-a-rather-long-name' }),
        columns,
        rows,
      );
      expect(first).toContain('READ-ONLY');
      expect(first).toContain('LAB');
      expect(first).toContain('Controls');
    }
  });

  it('names cluster, version, benchmark and level', () => {
    expect(frame(stateOf(), 120, 40)[0]).toMatch(
      /prod-east · RKE2 v1.33.6\+rke2r1 · CIS 1.12 level 2 .*Step 6 of 9 › Controls/,
    );
  });

  it('says at 80x24 what a control may break, and which key reads on', () => {
    const shown = text(scenes.control, 80, 24);
    expect(shown).toMatch(/Breaks +Tools that read the file as another user stop working/);
    const long = 'Connections from other namespaces time out. '.repeat(12);
    const profiles = scenes.control.profiles.map((p) => ({
      ...p,
      controls: p.controls.map((c) => ({ ...c, impact: 'traffic' as const, breaks: long })),
    }));
    const cutOff = text({ ...scenes.control, profiles }, 80, 24);
    expect(cutOff).toMatch(/Breaks +Connections from [\s\S]* \.\. e reads on *$/m);
    expect(cutOff).toMatch(/Risk +MAY CUT TRAFFIC: connections that no rule lets through/);
    expect(prose({ ...scenes['confirm-apply'], profiles }, 80, 24)).toContain('MAY CUT TRAFFIC');
  });

  it('says of a control for a person only what a person needs', () => {
    const refused = {
      kind: 'refused',
      control: 'control-3',
      place: 'cp-1',
      reason: 'for you',
      instead: '',
    } as const;
    const on = stateOf({}, { control: 'control-3' }, { plans: { 'control-3@cp-1': refused } });
    expect(text(on, 80, 24)).not.toContain('Refused');
    expect(frame(on, 80, 24).at(-1)).toMatch(/^ m attest .*esc back/);
  });

  it('keeps the line of progress below a control with one place and much to say', () => {
    const breaks = 'Connections from other namespaces time out. '.repeat(12);
    const profiles = stateOf().profiles.map((p) => ({
      ...p,
      controls: p.controls.map((c) => ({ ...c, breaks, why: breaks })),
    }));
    expect(text(stateOf({}, { control: 'control-2' }, { profiles }), 80, 24)).toContain('3 of 14 ');
  });

  it('says of a control with a preview that it may refuse pods, and which key shows them', () => {
    const on = stateOf({}, { control: 'control-5' });
    expect(prose(on, 80, 24)).toContain('Risk MAY REFUSE PODS at next start (w shows which).');
  });

  it('names the images that may not come again, with their pods, on the control and where it is confirmed', () => {
    const lines = [
      'Of 9 images in use, 1 may not be pulled again.',
      'Risk: on the node only. Pods: shop/web-1.',
    ];
    const profiles = stateOf().profiles.map((p) => ({
      ...p,
      controls: p.controls.map((c) => (c.id === 'control-5' ? { ...c, preview: 'images' as const } : c)),
    }));
    const unseen = stateOf({}, { control: 'control-5' }, { profiles });
    expect(prose(unseen, 80, 24)).toContain('PODS MAY NOT START AGAIN');
    const previews = { 'control-5': { kind: 'ready' as const, lines } };
    const seen = stateOf({}, { control: 'control-5' }, { profiles, previews });
    expect(prose(seen, 80, 24)).toContain('Risk: on the node only. Pods: shop/web-1.');
    const overlay = { kind: 'confirm-apply' as const, places: ['cp-1'] };
    const plans = { 'control-5@cp-1': ready('control-5', 'cp-1') };
    const asked = stateOf({}, { control: 'control-5', overlay }, { profiles, previews, plans });
    expect(prose(asked, 80, 24)).toContain('Risk: on the node only. Pods: shop/web-1.');
  });

  it('says of a control when its benchmark wants it met', () => {
    const profiles = stateOf().profiles.map((p) => ({
      ...p,
      benchmarks: p.benchmarks.map((b) => ({
        ...b,
        items: b.items.map((i) => (i.control === 'control-0' ? { ...i, class: 'bootstrap' as const } : i)),
      })),
    }));
    expect(prose(stateOf({}, { control: 'control-0' }, { profiles }), 120, 40)).toContain('set at bootstrap');
    expect(prose(stateOf({}, { control: 'control-1' }, { profiles }), 120, 40)).not.toContain('bootstrap');
  });

  it('lists restarts in the order of the distribution, and says which that is', () => {
    const due = { step: 'restarts' as const, restartsDue: ['cp-1', 'worker-1'] };
    expect(text(stateOf(due), 100, 30)).toMatch(
      /1\. +cp-1[\s\S]*2\. +worker-1[\s\S]*servers one after the other; then agents/,
    );
    const profiles = stateOf().profiles.map((p) => ({
      ...p,
      distribution: { ...p.distribution, restartOrder: ['agent', 'server'] as const },
    }));
    const turned = text(stateOf(due, {}, { profiles }), 100, 30);
    expect(turned).toMatch(
      /1\. +worker-1[\s\S]*2\. +cp-1[\s\S]*agents first, then servers one after the other/,
    );
  });

  it('gives every status a word as well as a symbol', () => {
    const shown = text(scenes.control, 120, 40);
    expect(shown).toMatch(/cp-1 +✖ fail +root:root +etcd:etcd/);
  });

  it('names every column of the overview, in the head or in a legend, and no two alike', () => {
    expect(text(scenes.controls, 80, 24)).toMatch(/control +1 +2 +3 +4 +5 +all in all/);
    expect(text(scenes.controls, 80, 24)).toContain('Nodes   1 cp-1, 2 cp-2, 3 cp-3, 4 worker-1, 5 worker-2');
    expect(text(scenes.controls, 80, 24)).toMatch(/✔ pass +✖ fail or not active +\? unknown/);
    const wide = text(scenes.controls, 140, 40);
    expect(wide).toMatch(/cp-1 +cp-2 +cp-3 +worker-1 +worker-2 +all in all/);
    expect(wide).not.toContain('Nodes ');
  });

  it('says the whole title of the highlighted control wherever the table cuts titles', () => {
    for (const columns of [80, 100, 120])
      expect(text(scenes.controls, columns, 40)).toContain(
        'Setting 0 of the node agent is what the benchmark asks for, no restart',
      );
    expect(text(scenes.controls, 220, 40)).not.toContain('asks for, no restart');
  });

  it('shows the position in a list that does not fit', () => {
    expect(text(scenes.controls, 80, 16)).toMatch(/1 of 14/);
  });

  it('shows a host key whole, and no as the answer under the cursor', () => {
    for (const [columns, rows] of sizes) {
      const shown = text(scenes.asked, columns, rows);
      expect(shown).toContain('SHA256:n6mZbE4vWcMNqMuhHS0Yl0k0uRkvyL6e3HDfX2m2x0Y');
      expect(shown).toMatch(/❯ No, do not connect/);
    }
  });

  it('names who works on a node, and how to take it over where that is possible', () => {
    const held = (readOnly: boolean) =>
      prose(
        stateOf(
          { step: 'connect', readOnly },
          { highlighted: { nodes: 'cp-1' } },
          {
            progress: {
              'cp-1': {
                phase: 'done',
                done: 1,
                of: 1,
                failure: { code: 'locked', node: 'cp-1', holder: 'ana@desk, session 7' },
              },
            },
          },
        ),
      );
    expect(held(false)).toMatch(/cp-1 \S+ in use .*ana@desk, session 7 is working on cp-1\. .*t takes over/);
    expect(held(true)).toMatch(/ana@desk, session 7 is working on cp-1\. This session only looks/);
    expect(held(true)).not.toContain('t takes over');
  });

  it('says of a host key that was refused who refused it, and which key asks again', () => {
    const failure = {
      code: 'host-key-refused',
      node: 'cp-1',
      fingerprint: 'SHA256:x',
      keyType: 'ssh-rsa',
    } as const;
    const progress = { 'cp-1': { phase: 'failed', done: 0, of: 0, failure } as const };
    const shown = prose(stateOf({ step: 'connect' }, {}, { progress }), 80, 24);
    expect(shown).toMatch(/cp-1 +✖ key refused +host key refused by you; r asks again/);
    expect(shown).toContain('Refused The host key of cp-1 was refused by you');
  });

  it('names every node that could not be reached beside the number of those that were', () => {
    const failure = { code: 'connect-timeout', node: 'cp-3', seconds: 20 } as const;
    const failed = { phase: 'failed', done: 0, of: 0, failure } as const;
    const { progress } = stateOf();
    const shown = prose(
      stateOf({ step: 'connect' }, {}, { progress: { ...progress, 'cp-3': failed, 'worker-2': failed } }),
      80,
      24,
    );
    expect(shown).toContain('3 of 5 nodes connected, not cp-3 and worker-2');
    expect(prose(stateOf({ step: 'connect' }), 80, 24)).toContain('5 of 5 nodes connected node');
  });

  it('says no to a host key with one word, whichever key is taken', () => {
    const shown = text(scenes.asked, 80, 24).split('\n').at(-1) ?? '';
    expect(shown).toContain('n no');
    expect(shown).not.toContain('give up');
  });

  it('shows every line of a short menu on the smallest screen', () => {
    const shown = text(scenes.start, 60, 16);
    for (const line of ['Harden a cluster', 'Resume a session', 'Practise in the lab'])
      expect(shown).toContain(line);
    const open = text(scenes.unfinished, 60, 16);
    for (const line of ['Ask cp-2', 'Undo it', 'Later']) expect(open).toContain(line);
    expect(open).toContain('2026-03-02 11:50 UTC, 2 steps');
  });

  it('counts a change under way once, on its own screen', () => {
    expect(text(scenes.running, 80, 24).match(/changing/g)).toHaveLength(1);
  });

  it('names the restart that failed and its way out, whichever node is highlighted', () => {
    const shown = prose(scenes.restarts, 80, 24);
    expect(shown).toContain('Failed cp-1: starts and dies again: missing required: user: unknown user etcd');
    expect(shown).toContain('u opens the undo list; after an undo, restart again.');
  });

  it('says of a restart whose end was never written when it was begun', () => {
    const begun = { node: 'cp-1', unit: 'rke2-server', at: '2026-03-02T11:50:00Z' };
    const past = { ...begun, at: '2026-03-01T11:50:00Z', outcome: { kind: 'healthy', seconds: 41 } } as const;
    const state = stateOf({ step: 'restarts', restartsDue: ['cp-2', 'cp-1'], restarts: [past, begun] });
    expect(text(state)).toContain('begun at 11:50 UTC, its end is not known');
    expect(text(state).match(/none yet/g)).toHaveLength(1);
    for (const [columns, rows] of [
      [60, 16],
      [80, 24],
    ] as const)
      expect(prose(state, columns, rows)).toContain(
        'Begun cp-1: at 2026-03-02 11:50 UTC; its end is not known. r restarts it again.',
      );
  });

  it('does not count nothing as open and pass where no control applies', () => {
    const findings = Object.fromEntries(
      Object.entries(stateOf().session.findings).map(([key, f]) => [
        key,
        f.place === 'worker-2'
          ? { ...f, verdict: { kind: 'not-applicable' as const, found: '', wanted: '', reason: 'no' } }
          : f,
      ]),
    );
    const shown = prose(stateOf({ step: 'summary', findings }), 120, 40);
    expect(shown).toMatch(/worker-2 +nothing applies here/);
    expect(shown).not.toContain('0 open, 0 pass');
  });

  it('says at which of its three lines a skip is', () => {
    const skip = (asks: 'reason' | 'owner' | 'expires') =>
      prose(
        stateOf(
          {},
          {
            control: 'control-0',
            overlay: { kind: 'skip', places: ['cp-1'], asks, reason: 'later', owner: 'Platform' },
          },
        ),
        80,
        24,
      );
    expect(skip('reason')).toContain('Line 1 of 3. Why?');
    expect(skip('owner')).toContain('Line 2 of 3. Who answers for it?');
    expect(skip('expires')).toContain('Line 3 of 3. Until which day?');
  });

  it('shows nothing chosen for a statement, and what was stated before', () => {
    const attestations = { 'control-3@cp-1': { pass: true, statement: 'in a hurry', at: '' } };
    const { overlay, field } = scenes.attest.view;
    const view = { control: 'control-3', ...(overlay ? { overlay } : {}), ...(field ? { field } : {}) };
    const shown = prose(stateOf({ attestations }, view), 80, 24);
    expect(shown).toMatch(/\[ \] It holds +up \[ \] It does not hold +down/);
    expect(shown).toContain('Before cp-1: it holds, “in a hurry”.');
    expect(prose(stateOf({}, { ...view, picked: { attest: ['holds'] } }), 80, 24)).toMatch(/\[x\] It holds/);
  });

  it('promises for the operator’s own files only what is kept there', () => {
    const here = change('control-0', 'workstation');
    const undoing = stateOf(
      {
        changes: [
          { change: here, commands: [], restarts: false, at: '', output: [], outcome: { kind: 'done' } },
        ],
      },
      { overlay: { kind: 'confirm-undo', changes: [here.id], force: false } },
    );
    const begun = stateOf({ changes: [{ change: here, commands: [], restarts: false, at: '', output: [] }] });
    for (const state of [undoing, begun]) {
      const shown = prose(state, 120, 60);
      expect(shown).toContain('/k8s-harden/kept/session-1/');
      expect(shown).not.toContain('/var/lib/k8s-harden');
    }
    expect(prose(undoing, 120, 60)).toContain('# removes /etc/sysctl.d/90-kubelet.conf');
  });

  it('shows what is sent to the service of a node, word for word', () => {
    expect(text(scenes['confirm-restart'])).toContain('systemctl --no-block restart -- rke2-server');
    const repair = text(scenes['confirm-repair']);
    expect(repair).toContain('$ systemctl --no-block stop -- rke2-server');
    expect(repair).toContain('$ systemctl --no-block restart -- rke2-server');
  });

  it('shows the exact commands, the difference and the way back by hand', () => {
    const shown = text(scenes.commands, 120, 60);
    expect(shown).toContain("$ printf %s 'kernel.panic = 10' > /etc/sysctl.d/90-kubelet.conf");
    expect(shown).toContain('+kernel.panic = 10');
    expect(shown).toContain('sh /var/lib/k8s-harden/session-1/0001-control-0-cp-1/undo.sh');
  });

  it('names the nodes before it asks, and stands on no', () => {
    const shown = text(scenes['confirm-apply'], 80, 24);
    expect(prose(scenes['confirm-apply'], 80, 24)).toContain('on cp-1 and cp-2?');
    expect(shown).toMatch(/❯ No, change nothing/);
  });

  it('keeps the question on the screen at the smallest size', () => {
    for (const at of [
      'confirm-apply',
      'confirm-undo',
      'confirm-restart',
      'confirm-take-over',
      'quit',
    ] as const) {
      expect(text(scenes[at], 60, 16), at).toMatch(/❯ (No|Stay|prod)/);
    }
  });

  it('says what an undo takes back, in the list and before the deliberate key', () => {
    const { changes } = scenes.undo.session;
    const shown = prose(scenes.undo, 80, 24);
    expect(shown).toContain(
      'Undoes only “Setting 1 of the node agent is what the benchmark asks for” on cp-2: 2 steps.',
    );
    expect(shown).toMatch(/Everything on cp-1 +1 change .*The whole session +2 changes/);
    const all = prose(scenes['confirm-undo'], 80, 24);
    expect(all).toContain('Undo the whole session: 2 changes on cp-2 and cp-1?');
    expect(all).toMatch(/Yes, undo 2 changes on cp-2 and cp-1 +y/);
    const one = { kind: 'confirm-undo', changes: ['0001-control-0-cp-1'], force: false } as const;
    expect(prose(stateOf({ changes }, { overlay: one }), 80, 24)).toMatch(
      /Undo only “Setting 0 .*” on cp-1: 2 steps\?/,
    );
  });

  it('wants the name typed for a restart', () => {
    expect(text(scenes['confirm-restart'])).toContain('type prod-east');
  });

  it('names the first bad line of the nodes', () => {
    expect(text(scenes['edit-nodes'])).toMatch(/line 2.*99999 is not a port/);
  });

  it('says when a role is not what the operator expected', () => {
    const nodes = fiveNodes().map((n, i) => (i === 0 ? { ...n, role: 'agent' as const } : n));
    expect(text(stateOf({ step: 'connect', nodes }))).toContain('You said agent; it is server and etcd.');
  });

  it('says when the benchmark is older than the cluster', () => {
    const state = stateOf({ step: 'benchmark' }, { highlighted: { benchmark: 'cis-1.6 1' } });
    expect(prose(state)).toMatch(/is for Kubernetes .*\. For 1\.33 there is: /);
  });

  it.each(['connect', 'probe', 'controls'] as const)('says so on %s, too, at every size', (step) => {
    const nodes = fiveNodes().map((n) => ({
      ...n,
      ...(n.facts ? { facts: { ...n.facts, version: 'v1.24.17+rke2r1' } } : {}),
    }));
    const state = stateOf({ step, nodes });
    expect(prose(state)).toMatch(/RKE2 v1\.24\.17\+rke2r1 on cp-1, cp-2 and 3 more: .* is for Kubernetes/);
    expect(prose(state)).toContain('No benchmark here is made for 1.24');
    expect(prose(state, 80, 24)).toContain('No benchmark here is made for 1.24');
    expect(prose(stateOf({ step }))).not.toContain('is for Kubernetes');
  });

  it('counts what was not answered in the summary', () => {
    const { [Object.keys(stateOf().session.findings)[0] ?? '']: _, ...findings } = stateOf().session.findings;
    expect(prose(stateOf({ step: 'summary', findings }))).toMatch(/1 missing\. NOT COMPLETE/);
  });

  it('names the keys that mend an overview that is not complete', () => {
    expect(text(stateOf({ missing: ['cp-2'] }), 80, 24)).toContain(
      'Not complete: 1 node gave no answer. C connects, then r asks again.',
    );
  });

  it('keeps three kinds of not done apart', () => {
    expect(text(scenes.summary)).toMatch(/Not applicable: \d+\. Skipped by you: 1\. Attested by you: 0\./);
  });

  it('names an unfinished change and how to undo it by hand', () => {
    const shown = text(scenes.unfinished);
    expect(shown).toContain('A change on cp-2 has no known end');
    expect(shown).toContain('undo.sh');
  });

  it('takes control characters and direction marks out of what a node said', () => {
    const state = stateOf({ cluster: 'a\u001b]0;title\u0007b\u202ec\u001b[2Jd\re' });
    const [first] = frame(state, 100, 30);
    expect(first).toContain('abcde');
    expect(first).not.toMatch(/[\u0000-\u001f\u202e]/);
  });

  it('keeps within the columns with wide characters', () => {
    const nodes = fiveNodes().map((n, i) => ({ ...n, name: `節点-${i}-漢字漢字漢字漢字漢字` }));
    for (const [columns, rows] of sizes) {
      for (const line of frame(stateOf({ step: 'connect', nodes }), columns, rows)) {
        expect(width(line)).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('says when the terminal is too small, and that nothing is lost by it', () => {
    const size = 'Terminal is 40x12; this needs 60x16';
    expect(frame(stateOf(), 40, 12)).toEqual([size, 'Nothing is lost, and what runs goes on.']);
    expect(frame(stateOf(), 40, 2)).toHaveLength(1);
  });

  it('shows a long notice whole', () => {
    const words =
      'The link to cp-2 was lost: read ECONNRESET. What was under way there is unknown until it is asked again.';
    const state = stateOf({}, { notice: { text: words, tone: 'bad' } });
    const lines = frame(state, 60, 16);
    expect(lines.length).toBe(15);
    expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain(words);
  });
});
