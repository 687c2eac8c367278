import { describe, expect, it } from 'vitest';
import type { AppState } from '../../src/store/state.ts';
import type { Overlay } from '../../src/store/view.ts';
import { boardRows, shownRows } from '../../src/ui/board.ts';
import { width } from '../../src/ui/text.ts';
import { impactSentence } from '../../src/ui/words.ts';
import { plansOf, stateOf } from './fixture.ts';
import { drawn, prose } from './frame.tsx';
import { scenes } from './scenes.ts';
import { type Call, world } from './world.ts';

const chosen = { purpose: 'repair', trouble: 'trouble-all', benchmark: 'trouble-all', level: 2 } as const;
const restarts = (calls: readonly Call[]): readonly unknown[] =>
  calls.filter(({ name }) => name === 'restart').map(({ args }) => args[0]);
const footerText = (state: AppState): string => drawn(state).trimEnd().split('\n').at(-1) ?? '';
const symptom = { step: 'benchmark', purpose: 'repair' } as const;
const order = (more = {}): readonly string[] =>
  boardRows(stateOf({ ...chosen, ...more })).map((r) => `${r.control.id.slice(8)} ${r.status}`);

describe('the start', () => {
  it('offers to repair, and begins such a session', () => {
    const w = world(stateOf({ id: '', step: 'start' }));
    w.press('down', 'down', 'enter');
    expect(w.calls).toEqual([{ name: 'startSession', args: [{ readOnly: false, purpose: 'repair' }] }]);
  });
});

describe('the symptom', () => {
  it('is chosen in place of a benchmark, with its text', () => {
    expect(prose(stateOf(symptom))).toContain('Pods cannot resolve names');
    expect(prose(stateOf(symptom))).toContain('One sees it in the logs of the pods');
    expect(prose(stateOf(symptom))).toContain('Symptom');
    const w = world(stateOf(symptom));
    w.press('enter');
    expect(w.calls).toEqual([{ name: 'chooseTrouble', args: ['trouble-names'] }]);
  });

  it('may be looked for without knowing it', () => {
    const w = world(stateOf(symptom));
    w.press('end', 'enter');
    expect(w.calls).toEqual([{ name: 'chooseTrouble', args: ['trouble-all'] }]);
  });

  it('is found by a line of a log, with the check that has it', () => {
    const w = world(stateOf(symptom));
    w.press('down', 'enter');
    w.packet('\x1b[200~Nov 21 dial: CONTROL-1: no such host\x1b[201~');
    w.press('enter');
    expect(w.calls).toEqual([{ name: 'chooseTrouble', args: ['trouble-names', 'control-1'] }]);
    expect(w.state().view.notice?.text).toBe(
      'The line points at “Fault of control-1”, under “Pods cannot resolve names”. That check comes first.',
    );
  });

  it('a line that no cause has is said to be so, and stays', () => {
    const w = world(stateOf(symptom));
    w.press('down', 'enter');
    w.packet('something else');
    w.press('enter');
    expect(w.calls).toEqual([]);
    expect(w.state().view.notice?.text).toMatch(
      /No cause that is known here has such a line.*look for yourself/,
    );
    expect(w.state().view.field?.text).toBe('something else');
  });
});

/** The findings of the session as they would be with nothing wrong any more. */
function allPassing() {
  return Object.fromEntries(
    Object.entries(stateOf(chosen).session.findings).map(([key, f]) => [
      key,
      { ...f, verdict: { kind: 'pass', found: 'x', wanted: 'x' } as const },
    ]),
  );
}

describe('where no cause was found', () => {
  const passing = allPassing();
  const before = Object.fromEntries(Object.entries(passing).map(([key, f]) => [key, f.verdict]));
  const none = (more = {}, view = {}) =>
    stateOf(
      { ...chosen, trouble: 'trouble-names', benchmark: 'trouble-names', findings: passing, before, ...more },
      view,
    );

  it.each(['probe', 'controls', 'summary'] as const)(
    'the next step is named, and is one key away: %s',
    (step) => {
      const state = none({ step });
      expect(prose(state, 80, 24)).toContain(
        'l asks for every cause that is known here (“Look for yourself”)',
      );
      expect(prose(state, 80, 24)).not.toContain('Nothing is open');
      const w = world(state);
      w.press('l');
      expect(w.calls).toEqual([{ name: 'chooseTrouble', args: ['trouble-all'] }]);
    },
  );

  it.each(['probe', 'controls', 'summary'] as const)(
    'and every cause was asked for, it says so and offers no more: %s',
    (step) => {
      const state = none({ trouble: 'trouble-all', benchmark: 'trouble-all', step });
      expect(prose(state, 80, 24)).toContain('Every cause that is known here was asked for');
      const w = world(state);
      w.press('l');
      expect(w.calls).toEqual([]);
    },
  );

  it('it is not offered where one was, nor before anything was asked, nor where a cluster is hardened', () => {
    for (const state of [stateOf(chosen), none({ probed: false, findings: {}, before: {} }), stateOf()])
      expect(prose(state, 120, 40)).not.toMatch(/cause that is known here/);
  });
});

describe('what was cured', () => {
  it('is told where the evidence is, instead of that nothing was found', () => {
    const { findings } = stateOf(chosen).session;
    const now = allPassing();
    const [change] = scenes.undo.session.changes;
    if (!change) throw new Error('no change');
    const before = { ...Object.fromEntries(Object.entries(now).map(([key, f]) => [key, f.verdict])) };
    const key = 'control-0@cp-1';
    const was = findings[key]?.verdict;
    if (!was) throw new Error('no finding');
    const changes = [{ ...change, change: { ...change.change, control: 'control-0', node: 'cp-1' } }];
    const state = stateOf({
      ...chosen,
      step: 'probe',
      findings: now,
      before: { ...before, [key]: was },
      changes,
    });
    expect(prose(state, 80, 24)).toContain('None of them stands any more: 1 cured.');
    expect(prose(state, 80, 24)).not.toMatch(/None of them was found|No cause|every cause/i);
  });
});

describe('the causes', () => {
  it('stand with what was found first, the gentlest cure before others, and what is healthy last', () => {
    expect(order()).toEqual(
      [
        ...['0 fail', '4 fail', '8 fail', '1 fail', '7 fail', '5 fail', '6 fail'],
        ...['2 unknown', '3 manual', '9 pass', '10 pass', '11 pass', '12 pass', '13 pass'],
      ].map((s) => expect.stringMatching(new RegExp(`^${s.split(' ')[0]} `))),
    );
  });

  it('begin with the one that a line of a log pointed at', () => {
    expect(order({ pointed: 'control-12' })[0]).toBe('12 pass');
  });

  it('stand after all that is open when they are cured or gone, and before what is healthy', () => {
    const { findings } = stateOf(chosen).session;
    const cured = Object.fromEntries(
      Object.entries(findings).map(([key, f]) => [
        key,
        f.control === 'control-0' ? { ...f, verdict: { kind: 'pass', found: 'x', wanted: 'x' } as const } : f,
      ]),
    );
    const before = Object.fromEntries(Object.entries(findings).map(([key, f]) => [key, f.verdict]));
    const now = order({ findings: cured, before });
    expect(now.slice(6, 10)).toEqual(['2 unknown', '3 manual', '0 gone', expect.stringMatching(/pass$/)]);
  });

  it('are counted by one rule everywhere, what does not apply by itself', () => {
    const { findings } = stateOf(chosen).session;
    const none = { kind: 'not-applicable', found: '', wanted: '', reason: 'no' } as const;
    const some = Object.entries(findings).map(([key, f]) => [
      key,
      f.control === 'control-9' ? { ...f, verdict: none } : f,
    ]);
    const more = { ...chosen, findings: Object.fromEntries(some) };
    expect(drawn(stateOf(more), 140, 40)).toContain(
      '14 possible causes: 7 found, 1 not learned, 1 to be looked at, 4 not it, 1 not applicable',
    );
    expect(drawn(stateOf(more, { control: 'control-0' }), 140, 40)).toMatch(
      /1 of 14 causes .* 9 to go · 4 not it · 1 not applicable/,
    );
  });

  it('are told in their own words', () => {
    const text = drawn(stateOf(chosen), 140, 40);
    expect(text).toMatch(/14 possible causes: 7 found, 1 not learned, 1 to be looked at, 5 not it/);
    expect(text).toMatch(/✖ cause found/);
    expect(text).toMatch(/✔ not it/);
    expect(text).toContain('Causes');
    expect(text).not.toMatch(/✖ fail|✔ pass/);
    expect(drawn(stateOf(), 140, 40)).not.toMatch(/cause|not it/);
  });
});

describe('at every size', () => {
  const states = [
    stateOf(symptom),
    stateOf(chosen),
    stateOf({ ...chosen, step: 'summary' }),
    stateOf(chosen, { control: 'control-0' }, { plans: plansOf('control-0') }),
    stateOf(chosen, { control: 'control-0', overlay: { kind: 'explain' } }),
  ];

  it.each([
    [60, 16],
    [80, 24],
    [120, 40],
  ])('%i by %i, no line is longer than the terminal or falls off its end', (columns, rows) => {
    for (const state of states) {
      const lines = drawn(state, columns, rows).split('\n');
      expect(lines.length).toBe(rows - 1);
      for (const text of lines) expect(width(text)).toBeLessThanOrEqual(columns);
    }
  });

  it('what would run, what it risks and what it means come before all else where there is little room', () => {
    const text = drawn(states[3] as (typeof states)[0], 80, 20);
    expect(text).toMatch(/Means {3}\S/);
    expect(text).toMatch(/Risk {4}\S/);
    expect(text).toMatch(/Runs {4}\S/);
  });
});

describe('the summary', () => {
  const text = prose(stateOf({ ...chosen, step: 'summary' }), 120, 60);

  it('says what was seen, what was found, and each place in the words of causes', () => {
    expect(text).toMatch(/Look for yourself\. 7 causes were found, 0 of them cured: /);
    expect(text).toMatch(/\d+ open, \d+ not it, 0 cured/);
    expect(text).toContain('✖ cause found');
    expect(text).not.toMatch(/Controls:|✖ fail/);
  });
});

describe('a fault by its name', () => {
  it('stands on the list of causes, where the title, which is the healthy state, does not', () => {
    const causes = drawn(stateOf(chosen), 140, 40);
    expect(causes).toMatch(/Fault of control-0 .*cause found/);
    expect(causes).not.toContain('Setting 0');
    expect(drawn(stateOf(), 140, 40)).not.toContain('Fault of');
  });

  it('is found by the filter, and so is the title', () => {
    const found = (text: string): readonly string[] =>
      shownRows(stateOf(chosen, { filter: { controls: text } })).map((r) => r.control.id);
    expect(found('fault of control-12')).toEqual(['control-12']);
    expect(found('setting 12')).toContain('control-12');
  });

  it('is what is explained, skipped, cured and taken back', () => {
    const [first] = scenes.undo.session.changes;
    if (!first) throw new Error('no change');
    const { control } = first.change;
    const on = (overlay: Overlay) =>
      prose(stateOf({ ...chosen, changes: [first] }, { control, overlay }), 120, 60);
    const nodes = ['cp-1'];
    expect(on({ kind: 'explain' })).toContain(`Fault of ${control}`);
    expect(on({ kind: 'skip', places: nodes, asks: 'reason', reason: '', owner: '' })).toContain(
      `Skip “Fault of ${control}”`,
    );
    expect(on({ kind: 'confirm-apply', places: nodes })).toContain(`“Fault of ${control}”`);
    expect(on({ kind: 'undo' })).toContain(`cp-1: cure of “Fault of ${control}”`);
    const undo = { kind: 'confirm-undo', changes: [first.change.id], force: false } as const;
    expect(on(undo)).toMatch(new RegExp(`Undo only the cure of “Fault of ${control}” on cp-1: `));
  });
});

it('the counts below a cause are whole at 80 columns', () => {
  const state = stateOf({ ...chosen }, { control: 'control-0' });
  const { findings } = state.session;
  const kinds = ['fail', 'pass', 'unknown', 'manual', 'not-applicable', 'not-applicable'] as const;
  const all = Object.fromEntries(
    Object.entries(findings).map(([key, f]) => {
      const kind = kinds[Number(f.control.split('-')[1]) % kinds.length] ?? 'pass';
      return [key, { ...f, verdict: { kind, found: 'x', wanted: 'y', reason: 'z' } as typeof f.verdict }];
    }),
  );
  const skips = Object.fromEntries(
    Object.keys(findings)
      .filter((key) => key.startsWith('control-6@'))
      .map((key) => [key, 'later']),
  );
  const lines = drawn(stateOf({ ...chosen, findings: all, skips }, { control: 'control-0' }), 80, 24).split(
    '\n',
  );
  const counts = lines.find((l) => l.includes('to go'))?.trimEnd();
  expect(counts).toMatch(/^ 1 of 14 causes .*6 to go · 2 gone since · 1 skipped · 1 not it · 4 n\/a$/);
});

describe('a restart that a cure waits for', () => {
  const cured = (more = {}) =>
    stateOf({ ...chosen, restartsDue: ['cp-1'], ...more }, { control: 'control-0', ...more });

  it('is one key away, and asks for the name of the cluster', () => {
    expect(prose(cured())).toContain('A restart is due: cp-1. R shows what restarts, then asks.');
    const w = world(cured());
    w.press('R');
    expect(w.state().view.overlay).toEqual({ kind: 'confirm-restart', nodes: ['cp-1'] });
    expect(prose(w.state())).toContain('type prod-east');
    w.press('enter');
    expect(restarts(w.calls)).toEqual([]);
    w.press(...'prod-east', 'enter');
    expect(restarts(w.calls)).toEqual([['cp-1']]);
  });

  it('is offered where the cure has ended, and nothing is left beneath', () => {
    const w = world(
      stateOf({ ...chosen, restartsDue: ['cp-1'] }, { control: 'control-0', overlay: { kind: 'running' } }),
    );
    expect(prose(w.state())).toContain('R shows what restarts');
    w.press('R', 'escape');
    expect(w.state().view.overlay).toBeUndefined();
    expect(restarts(w.calls)).toEqual([]);
  });

  it('is no key of a session that hardens, nor of a read-only one', () => {
    for (const state of [
      stateOf({ restartsDue: ['cp-1'] }, { control: 'control-0' }),
      cured({ readOnly: true }),
      cured({ restartsDue: [] }),
    ]) {
      expect(prose(state)).not.toContain('R shows');
      const w = world(state);
      w.press('R');
      expect(w.state().view.overlay).toBeUndefined();
    }
  });
});

describe('what a cure risks', () => {
  it('is said in its own sentence where that of its impact would mislead', () => {
    const risk = 'Nothing is cut here.';
    expect(impactSentence({ impact: 'traffic', target: 'node', risk })).toBe(risk);
    expect(impactSentence({ impact: 'traffic', target: 'node' })).toContain('CUT TRAFFIC');
  });
});

describe('what only a person can judge', () => {
  const looked = (plans = {}) => world(stateOf(chosen, { control: 'control-3' }, { plans }));

  it('is judged in the words of causes', () => {
    const w = looked();
    w.press('m');
    expect(prose(w.state())).toContain('It is so: this is not the cause');
    expect(footerText(w.state())).not.toContain('attest');
  });

  it('is not asked of anybody where a cure is at hand', () => {
    const w = looked(plansOf('control-3'));
    expect(footerText(w.state())).toContain('apply');
    expect(footerText(w.state())).not.toMatch(/attest|judge/);
    w.press('m');
    expect(w.state().view.overlay).toBeUndefined();
    expect(w.state().view.notice?.text).toContain('a shows a cure');
  });
});

describe('a cause', () => {
  const at = (control: string) => stateOf(chosen, { control }, { plans: plansOf(control) });

  it('says what is asked, what the answer means here and what a healthy one is', () => {
    const text = prose(at('control-0'));
    expect(text).toContain('Asks What the kernel and its files say of control-0.');
    expect(text).toContain('Means The packets of pods are dropped by control-0');
    expect(text).toContain('Healthy One now, and at the next boot.');
    expect(text).toMatch(/Risk .* Runs /);
    expect(text).toContain('cause found');
  });

  it('that is cured was one, and bears no risk any more', () => {
    const { findings } = stateOf(chosen).session;
    const now = Object.fromEntries(
      Object.entries(findings).map(([key, f]) => [
        key,
        f.control === 'control-0' ? { ...f, verdict: { kind: 'pass', found: 'x', wanted: 'x' } as const } : f,
      ]),
    );
    const before = Object.fromEntries(Object.entries(findings).map(([key, f]) => [key, f.verdict]));
    const [change] = scenes.undo.session.changes;
    if (!change) throw new Error('no change');
    const changes = [{ ...change, change: { ...change.change, control: 'control-0', node: 'cp-1' } }];
    const text = prose(stateOf({ ...chosen, findings: now, before, changes }, { control: 'control-0' }));
    expect(text).toContain('Means This was a cause, and it is cured');
    expect(text).not.toContain('Risk ');
    const gone = prose(stateOf({ ...chosen, findings: now, before }, { control: 'control-0' }), 140, 40);
    expect(gone).toContain('Means It was found at first and is gone since, without a change of its own');
    expect(gone).not.toContain('cured');
    const told = prose(stateOf({ ...chosen, findings: now, before, step: 'summary' }), 120, 60);
    expect(told).toMatch(/7 causes were found, 0 of them cured, 1 gone since: /);
  });

  it('that is healthy is not it, and one without an answer rules nothing out', () => {
    expect(prose(at('control-9'))).toContain('Means This is not it: the answer is a healthy one.');
    expect(prose(at('control-2'))).toContain(
      'Means Nothing yet: without an answer this may still be the cause.',
    );
  });

  it('is explained one level deeper', () => {
    const state = stateOf(chosen, { control: 'control-0', overlay: { kind: 'explain' } });
    const text = prose(state, 100, 60);
    expect(text).toContain('Why it is asked A node is a router for its pods.');
    expect(text).toContain('One level deeper The files are read in the order of their names');
    expect(text).toContain('Where it is written Hardening guide, chapter 3');
  });
});
