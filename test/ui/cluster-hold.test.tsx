import { renderToString } from 'ink';
import { expect, it } from 'vitest';
import type { AppState } from '../../src/store/state.ts';
import { Frame } from '../../src/ui/components/Frame.tsx';
import { lookOf } from '../../src/ui/look.ts';
import { scenes } from './scenes.ts';

/** The question before a restart, as it stands on a terminal of this size. */
function question(state: AppState, columns: number, rows: number): string {
  const sized = { ...state, view: { ...state.view, columns, rows } };
  const look = lookOf(sized.view, { ascii: false, color: true, plain: false });
  const shown = renderToString(<Frame state={sized} look={look} mark="" />, { columns });
  return shown.replaceAll(/\s+/g, ' ');
}

it('the question before a restart says which lock of the cluster it takes, and gives back', () => {
  const shown = question(scenes['confirm-restart'], 100, 40);
  expect(shown).toContain('ConfigMap k8s-harden-restart in kube-system');
  expect(shown).not.toContain('takes the lock over');
});

it('offers to take a lock over that somebody left behind, also on a small terminal', () => {
  const restartHeld = { holder: 'alice', node: 'cp-3', since: '2026-01-01T12:01:00Z', version: '7' };
  const shown = question({ ...scenes['confirm-restart'], restartHeld }, 80, 24);
  expect(shown).toContain(
    'alice is restarting cp-3 since 2026-01-01 12:01 UTC, and no restart takes so long.',
  );
  expect(shown).toContain('A yes here takes the lock over.');
});
