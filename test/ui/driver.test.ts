import { describe, expect, it } from 'vitest';
import { noSession } from '../../src/domain/session.ts';
import { locate } from '../../src/ui/location.ts';
import { change, fiveNodes, plansOf, ready, stateOf } from './fixture.ts';
import { prose } from './frame.tsx';
import { scenes } from './scenes.ts';
import { changing, world } from './world.ts';

const onControl = (id = 'control-0', more: Parameters<typeof stateOf>[2] = {}) =>
  stateOf({}, { control: id }, { plans: plansOf(id), ...more });

describe('applying', () => {
  it('takes a and then y, each by itself', () => {
    const w = world(onControl());
    w.press('a');
    expect(locate(w.state())).toBe('confirm-apply');
    w.press('y');
    expect(w.calls).toContainEqual({ name: 'apply', args: ['control-0', fiveNodes().map((n) => n.name)] });
    expect(w.state().view.overlay).toEqual({ kind: 'running' });
  });

  it.each(['enter', 'n', 'escape', 'right', 'l', 'space'])('is not done by %s', (key) => {
    const w = world(onControl());
    w.press('a', key, 'enter', 'enter');
    expect(w.names().filter((n) => changing.includes(n as never))).toEqual([]);
  });

  it('drops a yes that was typed ahead, in the same packet or within 300 ms', () => {
    const w = world(onControl());
    w.pass(400);
    w.packet('ay');
    expect(locate(w.state())).toBe('confirm-apply');
    w.pass(299);
    w.packet('y');
    w.pass(299);
    w.packet('y');
    expect(w.names()).not.toContain('apply');
    w.pass(300);
    w.packet('y');
    expect(w.names()).toContain('apply');
  });

  it('does not take a yes out of a burst, even on a screen that has stood', () => {
    const w = world(onControl());
    w.press('a');
    w.pass(400);
    w.packet('yy');
    w.packet('ly');
    expect(w.names()).not.toContain('apply');
    expect(w.state().view.notice?.text).toMatch(/by itself/);
  });

  it('does nothing on a paste', () => {
    const w = world(onControl());
    w.press('a');
    w.pass(400);
    w.packet('\x1b[200~y\r\x1b[201~');
    expect(w.names()).not.toContain('apply');
  });

  it.each([500, 1_000, 60_000])('is not done by the end of a paste that comes after %s ms', (ms) => {
    const w = world(onControl());
    w.press('a');
    w.pass(400);
    w.packet('\x1b[200~abc');
    w.pass(ms);
    w.packet('y\x1b[201~');
    expect(w.names()).not.toContain('apply');
    w.press('y');
    expect(w.names()).toContain('apply');
  });

  it.each([
    ['a key that is not ours', '\x1b[1;5Py'],
    ['an alt key', '\x1bay'],
    ['the end of a paste', '\x1b[201~y'],
    ['the beginning of a sequence', 'y\x1b[20'],
    ['a control byte', '\x00y'],
  ])('is not done by a yes in one packet with %s', (_, bytes) => {
    const w = world(onControl());
    w.press('a');
    w.pass(400);
    w.packet(bytes);
    w.pass(1_000);
    expect(w.names()).not.toContain('apply');
    expect(w.state().view.notice?.text).toMatch(/by itself/);
  });

  it('is not done by what first follows a torn sequence', () => {
    const w = world(onControl());
    w.press('a');
    w.pass(400);
    w.packet('\x1b[1;');
    w.pass(1_000);
    w.packet('y');
    expect(w.names()).not.toContain('apply');
    w.packet('y');
    expect(w.names()).toContain('apply');
  });

  it('waits until what would run is on the screen, and counts it as a new screen when it comes', () => {
    const w = world(
      onControl('control-0', {
        plans: {},
        work: [{ id: 'w', label: 'x', since: 0, done: 0, of: 0, changing: false }],
      }),
    );
    w.press('a', 'y');
    expect(w.names()).not.toContain('apply');
    w.store.setState({ plans: plansOf('control-0'), work: [] });
    w.packet('y');
    expect(w.names()).not.toContain('apply');
    w.press('y');
    expect(w.names()).toContain('apply');
  });

  it('applies only where something would be done', () => {
    const plans = {
      ...plansOf('control-0'),
      'control-0@cp-2': {
        kind: 'refused',
        control: 'control-0',
        place: 'cp-2',
        reason: 'no',
        instead: 'wait',
      } as const,
    };
    const w = world(onControl('control-0', { plans }));
    w.press('a', 'y');
    expect(w.calls.find((c) => c.name === 'apply')?.args[1]).toEqual([
      'cp-1',
      'cp-3',
      'worker-1',
      'worker-2',
    ]);
  });

  it('aims at the ticked places', () => {
    const w = world(onControl());
    w.press('down', 'space', 'a', 'y');
    expect(w.calls.find((c) => c.name === 'apply')?.args).toEqual(['control-0', ['cp-2']]);
  });

  it.each(['control-6', 'control-7'])('wants the name typed for the grave %s', (id) => {
    const w = world(onControl(id));
    w.press('a', 'y', 'enter');
    expect(w.names()).not.toContain('apply');
    w.press('escape', 'a', ...'prod-east', 'enter');
    expect(w.names()).toContain('apply');
  });

  it('keeps the question on Enter without the name, and says what is missing', () => {
    const w = world(onControl('control-6'));
    w.press('a', 'enter');
    expect(locate(w.state())).toBe('confirm-apply');
    expect(w.state().view.notice?.text).toBe('Nothing is done until “prod-east” stands here; esc leaves.');
    w.press('enter', 'enter');
    expect(w.names()).toEqual([]);
    w.press('escape');
    expect(locate(w.state())).toBe('control');
  });

  it('says that a name that was typed too soon was not taken', () => {
    const w = world(onControl('control-6'));
    w.pass(400);
    w.packet('a');
    for (const key of 'prod-east') {
      w.pass(50);
      w.packet(key);
    }
    expect(w.state().view.field?.text).toBe('');
    const said = 'Too soon: not taken. Nothing is done until “prod-east” stands here; esc leaves.';
    expect(w.state().view.notice?.text).toBe(said);
    expect(prose(w.state(), 80, 24)).toContain(said);
    w.press('enter');
    expect(locate(w.state())).toBe('confirm-apply');
    w.press(...'prod-east', 'enter');
    expect(w.names()).toContain('apply');
  });

  it('leaves the question visibly unanswered by a yes that came too soon', () => {
    const w = world(onControl());
    w.pass(400);
    w.packet('a');
    w.pass(50);
    w.packet('y');
    expect(w.names()).not.toContain('apply');
    expect(prose(w.state(), 80, 24)).toMatch(/Yes, apply on .* y .*Too soon: that key was not taken/);
    w.press('y');
    expect(w.names()).toContain('apply');
    expect(w.state().view.notice).toBeUndefined();
  });

  it('says on Enter without the name why nothing can be done yet', () => {
    const work = [{ id: 'w', label: 'x', since: 0, done: 0, of: 0, changing: false }];
    const w = world(onControl('control-6', { plans: {}, work }));
    w.press('a', 'enter');
    expect(w.state().view.notice?.text).toBe('Not now: what would run is still being worked out.');
  });

  it('empties the line after a wrong name, says what was wrong, and takes the right one then', () => {
    const w = world(onControl('control-6'));
    w.press('a', ...'prod-eas', 'enter');
    expect(w.names()).not.toContain('apply');
    expect(w.state().view.field?.text).toBe('');
    expect(w.state().view.notice?.text).toBe(
      '“prod-eas” is not “prod-east”, so nothing has happened. Type the name anew.',
    );
    w.press(...'prod-east', 'enter');
    expect(w.names()).toContain('apply');
  });

  it('wants the name of the cluster also where it is about one node', () => {
    const w = world(onControl('control-6', { plans: { 'control-6@cp-1': ready('control-6', 'cp-1') } }));
    w.press('space', 'a', ...'cp-1', 'enter');
    expect(w.names()).not.toContain('apply');
    w.press(...'prod-east', 'enter');
    expect(w.calls.find((c) => c.name === 'apply')?.args).toEqual(['control-6', ['cp-1']]);
  });

  it('does not take the name and Enter in one packet', () => {
    const w = world(onControl('control-6'));
    w.press('a');
    w.pass(400);
    w.packet('prod-east\r');
    expect(w.names()).not.toContain('apply');
    w.press('enter');
    expect(w.names()).toContain('apply');
  });

  it('forgets a typed name when the question goes away', () => {
    const w = world(onControl('control-6'));
    w.press('a', ...'prod-east', 'escape', 'a', 'enter');
    expect(w.names()).not.toContain('apply');
  });

  it('shows what it refuses first, to its end', () => {
    const lines = Array.from({ length: 80 }, (_, i) => `pod ${i} would be refused`);
    const w = world(onControl('control-5', { previews: { 'control-5': { kind: 'ready', lines } } }));
    w.press('a');
    expect(locate(w.state())).toBe('preview');
    w.press('i');
    expect(w.names()).not.toContain('acknowledge');
    w.press('end', 'i');
    expect(w.names()).toContain('acknowledge');
  });

  it('is not offered in a read-only session', () => {
    const w = world({ ...onControl(), session: { ...onControl().session, readOnly: true } });
    w.press('y', 'a');
    expect(w.state().view.notice?.text).toBe('Not now: this session is read-only.');
    w.press('y');
    expect(w.names()).not.toContain('apply');
  });

  it('is not taken on a terminal too small to read the question', () => {
    const w = world(onControl());
    w.press('a');
    w.store.dispatchView({ kind: 'resized', columns: 40, rows: 10 });
    w.press('y');
    expect(w.names()).not.toContain('apply');
  });
});

describe('while a node is being changed', () => {
  const busy = { work: [{ id: 'w', label: 'changing', since: 0, done: 0, of: 1, changing: true }] };

  it('drops every key but ctrl-c', () => {
    const w = world(onControl('control-0', busy));
    w.press('q', 'escape', 'enter', 'a', 'y', 'n', 'u', '?', 'j');
    expect(w.calls).toEqual([]);
    expect(locate(w.state())).toBe('running');
    w.press('ctrl-c');
    expect(w.names()).toEqual(['stopAfterStep']);
  });

  it('asks at the second ctrl-c, and stays unless y is pressed', () => {
    const w = world(onControl('control-0', busy));
    w.press('ctrl-c', 'ctrl-c');
    expect(locate(w.state())).toBe('quit');
    w.press('enter');
    expect(locate(w.state())).toBe('running');
    w.press('ctrl-c', 'y');
    expect(w.calls.at(-1)).toEqual({ name: 'quit', args: ['interrupted'] });
  });

  it('leaves after the step when a signal comes, at once when it comes again', () => {
    const w = world(onControl('control-0', busy));
    w.driver.stop();
    expect(w.names()).toEqual(['stopAfterStep']);
    w.store.setState({ work: [] });
    expect(w.calls.at(-1)).toEqual({ name: 'quit', args: ['interrupted'] });
    const again = world(onControl('control-0', busy));
    again.driver.stop();
    again.driver.stop();
    expect(again.names()).toEqual(['stopAfterStep', 'quit']);
  });
});

describe('a question of a connection', () => {
  it('takes y for a host key; Enter is no', () => {
    const no = world(scenes.asked);
    no.press('enter');
    expect(no.calls).toEqual([{ name: 'answer', args: [undefined] }]);
    const yes = world(scenes.asked);
    yes.press('y');
    expect(yes.calls).toEqual([{ name: 'answer', args: ['yes'] }]);
  });

  it('drops what was typed before it stood', () => {
    const w = world(scenes.asked);
    w.packet('y');
    expect(w.calls).toEqual([]);
  });

  it('keeps a password out of the store and gives it once', () => {
    const w = world(
      stateOf({ step: 'connect' }, {}, { asked: { kind: 'password', node: 'cp-1', user: 'kim' } }),
    );
    w.press(...'hunter2', 'backspace', '3');
    expect(JSON.stringify(w.state())).not.toContain('hunter');
    expect(w.state().view.field?.text).toBe('*******');
    w.press('enter');
    expect(w.calls).toEqual([{ name: 'answer', args: ['hunter3'] }]);
  });

  it('takes a pasted password, and forgets it when another question comes', () => {
    const asked = (node: string) => ({ kind: 'password', node, user: 'kim' }) as const;
    const w = world(stateOf({ step: 'connect' }, {}, { asked: asked('cp-1') }));
    w.pass(400);
    w.packet('\x1b[200~correct horse\n\x1b[201~');
    w.store.setState({ asked: asked('cp-2') });
    w.press('enter');
    expect(w.calls).toEqual([]);
    w.press(...'x', 'enter');
    expect(w.calls).toEqual([{ name: 'answer', args: ['x'] }]);
  });

  it('gives up on escape', () => {
    const w = world(
      stateOf({ step: 'connect' }, {}, { asked: { kind: 'sudo-password', node: 'cp-1', user: 'kim' } }),
    );
    w.press('a', 'escape');
    expect(w.calls).toEqual([{ name: 'answer', args: [undefined] }]);
  });
});

describe('undo, restart, unfinished', () => {
  it('opens the undo list with u and never acts by it', () => {
    const w = world(stateOf({ changes: scenes.undo.session.changes }));
    w.press('u', 'u', 'enter', 'enter');
    expect(w.names()).not.toContain('undo');
    w.press('end', 'enter', 'y');
    expect(w.calls.find((c) => c.name === 'undo')?.args).toEqual([
      ['0001-control-1-cp-2', '0001-control-0-cp-1'],
      false,
    ]);
  });

  it('undoes one change alone, the newest unless another is chosen', () => {
    const newest = world(scenes.undo);
    newest.press('enter', 'y');
    expect(newest.calls.find((c) => c.name === 'undo')?.args).toEqual([['0001-control-1-cp-2'], false]);
    const older = world(scenes.undo);
    older.press('down', 'enter', 'y');
    expect(older.calls.find((c) => c.name === 'undo')?.args).toEqual([['0001-control-0-cp-1'], false]);
  });

  it('begins at the change of the open control, wherever the highlight was left', () => {
    const { changes } = scenes.undo.session;
    const highlightedIn = { highlighted: { undo: 'session' } };
    const one = world(stateOf({ changes }, { control: 'control-0', ...highlightedIn }));
    one.press('u', 'enter', 'y');
    expect(one.calls.at(-1)).toEqual({ name: 'undo', args: [['0001-control-0-cp-1'], false] });

    const [first] = changes;
    const twice = [...changes, { ...first, change: change('control-0', 'cp-2') } as typeof first & object];
    const all = world(stateOf({ changes: twice }, { control: 'control-0', ...highlightedIn }));
    all.press('u', 'enter', 'y');
    expect(all.calls.at(-1)?.args).toEqual([['0001-control-0-cp-2'], false]);
    all.press('escape', 'down', 'down', 'enter', 'y');
    expect(all.calls.at(-1)?.args).toEqual([['0001-control-0-cp-2', '0001-control-0-cp-1'], false]);

    // What was undone leaves the list; the highlight stays on one change.
    all.press('escape', 'g');
    all.store.setState(({ session }) => ({ session: { ...session, changes } }));
    all.press('enter', 'y');
    expect(all.calls.at(-1)?.args).toEqual([['0001-control-0-cp-1'], false]);

    const none = world(stateOf({ changes }, { control: 'control-4', ...highlightedIn }));
    none.press('u');
    expect(none.state().view.notice?.text).toMatch(/^No change of this control stands/);
    expect(none.state().view.highlighted.undo).toBe('0001-control-1-cp-2');
  });

  it('restarts in order, after the cluster was named', () => {
    const w = world(scenes.restarts);
    w.press('r', 'y', 'enter', 'escape', 'r', ...'prod-east', 'enter');
    expect(w.calls.filter((c) => c.name === 'restart')).toEqual([
      { name: 'restart', args: [['cp-2', 'cp-1', 'worker-1']] },
    ]);
  });

  it('asks about an unfinished change before anything else, and lets it be put off', () => {
    const w = world(scenes.unfinished);
    expect(locate(w.state())).toBe('unfinished');
    w.press('enter');
    expect(w.calls).toEqual([{ name: 'settle', args: ['0001-control-0-cp-2'] }]);
    w.press('escape');
    expect(locate(w.state())).toBe('controls');
  });

  it('shows how an unfinished change is undone before it is', () => {
    const w = world(scenes.unfinished);
    w.press('down', 'enter', 'enter', 'enter');
    expect(w.names()).not.toContain('undo');
    w.press('y');
    expect(w.calls.at(-1)).toEqual({ name: 'undo', args: [['0001-control-0-cp-2'], false] });
  });

  it('keeps asking about a change of unknown end whose undo was refused, and offers force after the name', () => {
    const [begun] = scenes.unfinished.session.changes;
    const failure = { code: 'drifted', node: 'cp-2', path: '/etc/x' } as const;
    const undo = { at: '', outcome: { kind: 'refused' as const, failure } };
    const w = world(stateOf({ changes: [{ ...begun, undo } as typeof begun & object] }));
    expect(locate(w.state())).toBe('unfinished');
    expect(prose(w.state())).toMatch(/A change on cp-2 has no known end.* Refused .*\/etc\/x.* F shows/);
    w.press('F', 'enter');
    expect(w.names()).not.toContain('undo');
    w.press(...'prod-east', 'enter');
    expect(w.calls.at(-1)).toEqual({ name: 'undo', args: [['0001-control-0-cp-2'], true] });
    const untried = world(scenes.unfinished);
    untried.press('F');
    expect(locate(untried.state())).toBe('unfinished');
  });

  it('names what an undo by force would overwrite, and wants the cluster named', () => {
    const [first] = scenes.undo.session.changes;
    const failure = { code: 'drifted', node: 'cp-1', path: '/etc/x' } as const;
    const refused = {
      ...first,
      change: change('control-0', 'cp-1'),
      undo: { at: '', outcome: { kind: 'refused' as const, failure } },
    };
    const w = world(
      stateOf(
        {
          changes: [
            { commands: [], restarts: false, at: '', output: [], outcome: { kind: 'done' }, ...refused },
          ],
        },
        { overlay: { kind: 'undo' } },
      ),
    );
    w.press('F', 'y', 'enter');
    expect(w.names()).not.toContain('undo');
    w.press('escape', 'F', ...'prod-east', 'enter');
    expect(w.calls.at(-1)?.args[1]).toBe(true);
  });
});

describe('the way', () => {
  it('takes arrows and Enter in one packet as the single keys they are', () => {
    const w = world(stateOf(noSession));
    w.packet('\x1b[B\r');
    expect(w.calls).toEqual([{ name: 'startSession', args: [{ readOnly: true }] }]);
  });

  it('begins one session, however often Enter is pressed', () => {
    const w = world(stateOf(noSession));
    w.packet('\r\r\r');
    expect(w.names()).toEqual(['startSession']);
  });

  it('chooses a benchmark at a level', () => {
    const w = world(scenes.benchmark);
    w.press('down', 'enter');
    expect(w.calls).toEqual([{ name: 'chooseBenchmark', args: ['cis-1.12', 2] }]);
  });

  it('saves typed nodes on an empty last line, and names a bad one instead', () => {
    const w = world(stateOf({ step: 'nodes', nodes: [] }, {}));
    w.press('e');
    w.pass(400);
    w.packet('\x1b[200~root@10.0.0.1 server\nroot@10.0.0.2 boss\x1b[201~');
    w.press('ctrl-s');
    expect(w.calls).toEqual([]);
    expect(w.state().view.notice?.text).toContain('boss');
    w.press(...Array.from({ length: 4 }, () => 'backspace'), ...'agent', 'enter', 'enter');
    const [cluster, nodes] = w.calls[0]?.args ?? [];
    expect(cluster).toBe('prod-east');
    expect(nodes).toMatchObject([
      { host: '10.0.0.1', role: 'server' },
      { host: '10.0.0.2', role: 'agent' },
    ]);
  });

  it('asks once before escape drops what was typed, and drops it then', () => {
    const nodes = world(stateOf({ step: 'nodes', nodes: [] }));
    nodes.press('e', ...'root@10.0.0.1', 'escape');
    expect(locate(nodes.state())).toBe('edit-nodes');
    expect(nodes.state().view.field?.text).toBe('root@10.0.0.1');
    expect(nodes.state().view.notice?.text).toMatch(/not saved: ctrl-s saves it, esc again drops it/);
    nodes.press('0', 'escape');
    expect(locate(nodes.state())).toBe('edit-nodes');
    nodes.press('escape');
    expect(locate(nodes.state())).toBe('nodes');
    nodes.press('e');
    expect(nodes.state().view.field?.text).toBe('');

    const unchanged = world(scenes.nodes);
    unchanged.press('e', 'escape');
    expect(locate(unchanged.state())).toBe('nodes');

    const skip = world(onControl());
    skip.press('s', ...'later', 'escape');
    expect(locate(skip.state())).toBe('skip');
    skip.press('escape');
    expect(locate(skip.state())).toBe('control');
    skip.press('s', ...'later', 'escape');
    expect(locate(skip.state())).toBe('skip');
  });

  it('keeps long typed text while a question of a connection lies over it', () => {
    const w = world(stateOf({ step: 'nodes', nodes: [] }));
    w.press('e', ...'root@10.0.0.1');
    w.store.setState({ asked: { kind: 'password', node: 'cp-1', user: 'kim' } });
    w.press('x');
    w.store.setState(({ asked: _, ...rest }) => rest, true);
    expect(w.state().view.field?.text).toBe('root@10.0.0.1');
  });

  it('writes a form of the record by its own key only', () => {
    const w = world(scenes.export);
    w.press('enter', 'right', ...'html json list');
    expect(w.names()).toEqual([]);
    expect(locate(w.state())).toBe('export');
    w.press('enter');
    expect(w.state().view.notice?.text).toBe('Nothing was written. w writes the highlighted form to a file.');
    w.press('g', 'w');
    expect(w.calls).toEqual([{ name: 'exportAs', args: [w.state().formats[0]?.id] }]);
  });

  it('says of a letter without a meaning that it has none', () => {
    const w = world(stateOf(noSession));
    w.press('l');
    expect(w.state().view.notice?.text).toBe('l does nothing here; ? lists the keys.');
    w.press('h');
    expect(w.calls).toEqual([]);
  });

  it('says of a key that people press one screen too early or too late where it works', () => {
    const said = (state: Parameters<typeof world>[0], key: string) => {
      const w = world(state);
      w.press(key);
      expect(w.calls).toEqual([]);
      return w.state().view.notice?.text;
    };
    for (const key of ['e', 'd', 'a', 's', 'b'])
      expect(said(stateOf(), key)).toBe(`${key} works in an opened control. Open one first (enter).`);
    expect(said(stateOf({ purpose: 'repair' }), 'e')).toBe(
      'e works in an opened cause. Open one first (enter).',
    );
    expect(said(onControl(), 'c')).toBe('c works on the list of controls; esc goes back to it.');
    expect(said(onControl(), 'y')).toBe('Nothing is asked here, so y does nothing; ? lists the keys.');
    expect(said(onControl(), 'x')).toBe('x does nothing here; ? lists the keys.');
  });

  it('connects and probes by itself when the step is entered', () => {
    const w = world({ ...scenes.nodes, progress: {} });
    w.press('c');
    expect(w.names()).toEqual(['go', 'connect']);
    const p = world(stateOf({ step: 'connect', probed: false }));
    p.press('c');
    expect(p.names()).toEqual(['go', 'probe']);
  });

  it('neither connects twice nor edits the list while it connects', () => {
    const work = [{ id: 'w', label: 'connecting', since: 0, done: 0, of: 2, changing: false }];
    const sshHosts = [{ name: 'far', host: '10.0.0.9', port: 22, user: 'root' }];
    const w = world({ ...scenes.nodes, progress: {}, work, sshHosts });
    for (const key of ['e', 'i', 'f', 'm']) {
      w.press(key);
      expect(locate(w.state())).toBe('nodes');
      expect(w.state().view.notice?.text).toBe('Not now: other work is under way.');
    }
    w.press('c');
    expect(w.names()).toEqual(['go']);
  });

  it('keeps typed nodes while other work is under way', () => {
    const w = world({ ...scenes.nodes, progress: {} });
    w.press('e', 'x');
    w.store.setState({
      work: [{ id: 'w', label: 'connecting', since: 0, done: 0, of: 2, changing: false }],
    });
    w.press('ctrl-s');
    expect(w.names()).toEqual([]);
    expect(locate(w.state())).toBe('edit-nodes');
    expect(w.state().view.notice?.text).toContain('What you typed stays here.');
  });

  it('goes back one thing at a time and never out of the program', () => {
    const w = world(
      stateOf({}, { control: 'control-0', filter: { controls: 'fail' } }, { plans: plansOf('control-0') }),
    );
    w.press('e', 'escape');
    expect(locate(w.state())).toBe('control');
    w.press('escape');
    expect(locate(w.state())).toBe('controls');
    w.press('escape');
    expect(w.state().view.filter).toEqual({});
    w.press('escape');
    expect(w.calls).toEqual([{ name: 'go', args: ['probe'] }]);
  });

  it('filters, keeps the highlighted item, and jumps to what is open', () => {
    const w = world(stateOf());
    w.press('down', 'down', '/', ...'setting', 'enter');
    expect(w.state().view.highlighted.controls).toBe('control-2');
    w.press('escape', 'G', 'p');
    expect(w.state().view.highlighted.controls).toBe('control-8');
  });

  it('stops at the ends of a list', () => {
    const w = world(stateOf());
    w.packet('kkk');
    expect(w.state().view.highlighted.controls).toBe('control-0');
    w.packet('GjjjJ');
    expect(w.state().view.highlighted.controls).toBe('control-13');
  });

  it('asks before it leaves, and leaves at once where nothing has begun', () => {
    const w = world(stateOf());
    w.press('q', 'enter');
    expect(w.calls).toEqual([]);
    w.press('q', 'y');
    expect(w.calls).toEqual([{ name: 'quit', args: ['left'] }]);
    const first = world(stateOf(noSession));
    first.press('q');
    expect(first.calls).toEqual([{ name: 'quit', args: ['left'] }]);
  });

  it('leaves at the second ctrl-c within two seconds, not later', () => {
    const slow = world(stateOf());
    slow.press('ctrl-c');
    slow.pass(3_000);
    slow.press('ctrl-c');
    expect(slow.calls).toEqual([]);
    const quick = world(stateOf());
    quick.press('ctrl-c', 'ctrl-c');
    expect(quick.calls).toEqual([{ name: 'quit', args: ['interrupted'] }]);
  });

  it('works out what a control would run only when the control has stood', () => {
    const w = world(stateOf({}, { control: 'control-0' }));
    w.packet('nnn');
    w.pass(299);
    expect(w.calls).toEqual([]);
    w.pass(1);
    expect(w.calls).toEqual([{ name: 'plan', args: ['control-3'] }]);
  });

  it('goes from a control to the one that it needs first, and says so instead of asking', () => {
    const w = world(onControl('control-8'));
    w.press('a');
    expect(locate(w.state())).toBe('control');
    expect(w.state().view.notice?.text).toMatch(/^Not now: it needs “Setting 0 .*” first; f goes there\.$/);
    w.press('f');
    expect(w.state().view.control).toBe('control-0');
    w.press('f');
    expect(w.state().view.notice?.text).toBe('Not now: nothing else is needed first.');
  });

  it('comes back with U to an unfinished change that was put off', () => {
    const w = world(scenes.unfinished);
    w.press('escape');
    expect(locate(w.state())).toBe('controls');
    w.press('U');
    expect(locate(w.state())).toBe('unfinished');
    w.press('escape');
    expect(locate(w.state())).toBe('controls');
  });

  it('works a refusal out again when the control is opened anew', () => {
    const refused = {
      kind: 'refused',
      control: 'control-0',
      place: 'cp-1',
      reason: 'old',
      instead: '',
    } as const;
    const w = world(
      stateOf(
        {},
        { control: 'control-0' },
        { plans: { ...plansOf('control-0'), 'control-0@cp-1': refused } },
      ),
    );
    w.pass(300);
    expect(w.calls).toEqual([{ name: 'plan', args: ['control-0'] }]);
    w.pass(3_000);
    expect(w.calls).toHaveLength(1);
  });

  it('records a skip only with a reason', () => {
    const w = world(onControl());
    w.press('s', 'enter');
    expect(w.calls).toEqual([]);
    w.press(...'later', 'enter', 'enter');
    expect(w.calls).toEqual([{ name: 'skip', args: ['control-0', fiveNodes().map((n) => n.name), 'later'] }]);
    expect(locate(w.state())).toBe('control');
  });

  it('waives with an owner and, if wanted, a last day; going back loses nothing', () => {
    const waiving = (...keys: readonly string[]) => {
      const w = world(onControl());
      w.press('s', ...'later', 'enter', ...'Platform', 'enter', ...keys);
      return w;
    };
    const waived = (w: ReturnType<typeof world>) => w.calls.find((c) => c.name === 'waive')?.args[2];
    expect(waived(waiving('enter'))).toEqual({ reason: 'later', owner: 'Platform' });
    const dated = waiving(...'2027-02-29', 'enter');
    expect(dated.calls).toEqual([]);
    expect(dated.state().view.notice?.text).toMatch(/“2027-02-29” is no day/);
    dated.press('backspace', '8', 'enter');
    expect(waived(dated)).toEqual({ reason: 'later', owner: 'Platform', expires: '2027-02-28' });
    expect(locate(dated.state())).toBe('control');
    const back = waiving('escape');
    expect(back.state().view.field?.text).toBe('Platform');
    back.press('escape');
    expect(back.state().view.field?.text).toBe('later');
    back.press('escape');
    expect(locate(back.state())).toBe('control');
    expect(back.calls).toEqual([]);
  });

  it('records a statement only after it was chosen whether it holds', () => {
    const stated = (...keys: readonly string[]) => {
      const w = world(onControl('control-3'));
      w.press('m', ...keys, ...'seen', 'enter');
      return { w, said: w.calls.find((c) => c.name === 'attest')?.args.slice(2) };
    };
    const none = stated();
    expect(none.said).toBeUndefined();
    expect(none.w.state().view.notice?.text).toMatch(/Choose first whether it holds/);
    none.w.press('down', 'enter');
    expect(none.w.calls.find((c) => c.name === 'attest')?.args.slice(2)).toEqual([false, 'seen']);
    expect(stated('up').said).toEqual([true, 'seen']);
    expect(stated('tab').said).toEqual([true, 'seen']);
    expect(stated('tab', 'tab').said).toEqual([false, 'seen']);
  });

  it('takes a statement anew, on every place or the ticked ones, with nothing chosen again', () => {
    const at = '2026-03-02T11:50:00Z';
    const attestations = Object.fromEntries(
      fiveNodes().map((n) => [
        `control-3@${n.name}`,
        { pass: n.name !== 'cp-1', statement: 'in a hurry', at },
      ]),
    );
    const w = world(stateOf({ attestations }, { control: 'control-3', picked: { attest: ['holds'] } }));
    w.press('m', ...'looked again', 'enter');
    expect(w.names()).not.toContain('attest');
    w.press('down', 'enter');
    const all = fiveNodes().map((n) => n.name);
    expect(w.calls.at(-1)).toEqual({ name: 'attest', args: ['control-3', all, false, 'looked again'] });
    w.press('down', 'space', 'm', 'up', ...'seen', 'enter');
    expect(w.calls.at(-1)).toEqual({ name: 'attest', args: ['control-3', ['cp-2'], true, 'seen'] });
  });
});
