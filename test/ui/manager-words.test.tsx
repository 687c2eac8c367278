import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { findingKey, type Session } from '../../src/domain/session.ts';
import type { View } from '../../src/store/view.ts';
import { Frame } from '../../src/ui/components/Frame.tsx';
import { lookOf } from '../../src/ui/look.ts';
import { shippedProfiles } from '../controls/practice.ts';
import { control, fiveNodes, profileOf, ready, stateOf } from './fixture.ts';

const canonical = (await shippedProfiles()).find((p) => p.distribution.id === 'canonical');
if (!canonical) throw new Error('no Canonical Kubernetes');
const { distribution } = canonical;
const of = control(1);
const juju = { who: 'Juju', instead: 'Ask the charm.' };

function shown(session: Partial<Session>, view: Partial<View>, managedBy: typeof juju | undefined): string {
  const [node] = fiveNodes();
  if (!node?.facts) throw new Error('no node');
  const facts = { ...node.facts, distribution: 'canonical', ...(managedBy ? { managedBy } : {}) };
  const state = stateOf(
    { distribution: 'canonical', nodes: [{ ...node, facts }], ...session },
    { ...view, columns: 120, rows: 40 },
    {
      profiles: [{ ...profileOf([of]), distribution }],
      plans: { [findingKey(of.id, 'cp-1')]: ready(of.id, 'cp-1', false) },
    },
  );
  const look = lookOf(state.view, { ascii: false, color: true, plain: false });
  return renderToString(<Frame state={state} look={look} mark="" />, { columns: 120 }).replaceAll(
    /\s+/g,
    ' ',
  );
}

describe('a node whose arguments a charm writes', () => {
  const rest = 'the charm of Juju does not write: it is changed here, and stays.';
  const asking = { control: of.id, overlay: { kind: 'confirm-apply', places: ['cp-1'] } } as const;

  it('says before a change what becomes of what the charm does not write', () => {
    expect(shown({}, asking, juju)).toContain(rest);
    expect(shown({}, asking, juju)).toContain('A machine that Juju adds later comes without it');
  });

  it('says nothing of it on a node of nobody, or of somebody else', () => {
    expect(shown({}, asking, undefined)).not.toContain('Juju');
    expect(shown({}, asking, { ...juju, who: 'Rancher' })).not.toContain('Juju');
  });

  it('says it where the node is connected', () => {
    const text = shown({ step: 'connect' }, {}, juju);
    expect(text).toContain('Juju owns the configuration of this node. Ask the charm. What is no argument');
  });
});
