import { describe, expect, it } from 'vitest';
import { lineWidth } from '../../src/ui/line.ts';
import { locate } from '../../src/ui/location.ts';
import { lookOf } from '../../src/ui/look.ts';
import { extentOf } from '../../src/ui/page.ts';
import { screens } from '../../src/ui/screens/index.ts';
import { control, fourteen, profileOf, ready, stateOf } from './fixture.ts';
import { world } from './world.ts';

const withRancher = { profiles: [profileOf([...fourteen(), control(14, { target: 'rancher' })])] };

/** All that a screen shows, as one text. */
function shown(state: Parameters<typeof locate>[0]): string {
  const look = lookOf(state.view, { ascii: false, color: false, plain: false });
  const page = screens[locate(state)](state, look);
  expect(extentOf(page, look)).toBeDefined();
  const lines = [page.top, page.middle.kind === 'text' ? page.middle.lines : [], page.bottom].flat();
  for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(state.view.columns);
  return lines
    .map((line) => line.map((part) => part.text).join(''))
    .join(' ')
    .replaceAll(/\s+/g, ' ');
}

describe('the Rancher server', () => {
  it('is named on the Nodes screen', () => {
    const w = world(stateOf({ step: 'nodes' }, {}, withRancher));
    w.press('r');
    expect(locate(w.state())).toBe('name-rancher');
    w.press('enter');
    expect(w.calls).toEqual([]);
    w.press(...'rancher.example.org', 'enter');
    expect(w.calls).toEqual([{ name: 'nameRancher', args: ['rancher.example.org'] }]);
    expect(locate(w.state())).toBe('nodes');
  });

  it('is not asked for where the benchmark wants nothing of it', () => {
    const w = world(stateOf({ step: 'nodes' }));
    w.press('r');
    expect(locate(w.state())).toBe('nodes');
    expect(w.state().view.notice?.text).toContain('asks nothing of a Rancher server');
  });

  it('once named, stands below the nodes and in the field', () => {
    const rancher = 'https://rancher.example.org';
    const w = world(stateOf({ step: 'nodes', rancher }, {}, withRancher));
    expect(shown(w.state())).toContain(`Asked too: the Rancher server ${rancher}.`);
    w.press('r');
    expect(w.state().view.field?.text).toBe(rancher);
  });

  it('keeps what was there before on this machine, and says so', () => {
    const { controls } = withRancher.profiles[0] ?? { controls: [] };
    const id = controls.at(-1)?.id ?? '';
    const plan = ready(id, 'rancher');
    const plans = {
      [`${id}@rancher`]:
        plan.kind === 'ready' ? { ...plan, change: { ...plan.change, via: 'rancher' } } : plan,
    };
    const overlay = { kind: 'confirm-apply', places: ['rancher'] } as const;
    expect(shown(stateOf({}, { control: id, overlay }, { ...withRancher, plans }))).toContain(
      'The originals are kept on this machine.',
    );
  });

  it('has its token typed unseen', () => {
    const asked = { kind: 'rancher-token', node: 'rancher', url: 'https://rancher.example.org' } as const;
    const w = world(stateOf({ step: 'nodes' }, {}, { asked }));
    expect(shown(w.state())).toContain('A token of an administrator of https://rancher.example.org');
    w.press(...'token-a:bcd');
    expect(JSON.stringify(w.state())).not.toContain('token-a:');
    expect(shown(w.state())).toContain('kept in memory until you leave');
    w.press('enter');
    expect(w.calls).toEqual([{ name: 'answer', args: ['token-a:bcd'] }]);
  });
});
