import { type Press, say } from '../binding.ts';

/** Looks ahead to the version that was typed. */
export function foretell(press: Press): void {
  const typed = (press.state.view.field?.text ?? '').trim();
  if (!/^v?\d+\.\d+\.\d+([-+][\w.+-]*)?$/.test(typed)) {
    say(press, 'Type a whole version, such as v1.34.2, or press escape.', 'bad');
    return;
  }
  press.view({ kind: 'close', now: press.now });
  press.actions.foretellUpgrade(typed.replace(/^v?/, 'v'));
  press.view({ kind: 'open', overlay: { kind: 'upgrade' }, now: press.now });
}
