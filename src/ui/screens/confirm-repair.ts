import { findingKey } from '../../domain/session.ts';
import { cureOf } from '../../store/cure.ts';
import { blank, line, paragraph, span } from '../line.ts';
import { activeOverlay } from '../location.ts';
import { type Screen, textPage } from '../page.ts';
import { noOrYes } from './ask.ts';
import { planLines } from './commands.ts';
import { serviceCommand, unitOf } from './restarts.ts';

/** How a node whose service no longer starts is healed: stop, change, restart; then its name must be typed. */
export const confirmRepair: Screen = (state, look) => {
  const overlay = activeOverlay(state);
  const node = overlay?.kind === 'confirm-repair' ? overlay.node : '';
  const cure = cureOf(state, node);
  const plan = cure && state.plans[findingKey(cure.id, node)];
  const unit = unitOf(state, node);
  return textPage(
    [line(span(` Repair ${node}?`, 'strong')), blank],
    [
      ...paragraph(`Its last start failed in a way that “${cure?.title ?? ''}” heals.`, look.columns),
      blank,
      line(span(`   $ ${serviceCommand('stop', unit)}`, 'busy')),
      ...planLines(plan, look, false),
      line(span(`   $ ${serviceCommand('restart', unit)}`, 'busy')),
      blank,
      ...paragraph('Then it is watched until it is healthy. u undoes the change.', look.columns, 'dim'),
    ],
    [],
    noOrYes(state, look, 'No, change nothing', `Yes, repair ${node}`),
  );
};
