import type { Control } from '../domain/control.ts';
import type { Distribution } from '../domain/distribution.ts';
import type { Gate } from '../domain/upgrade.ts';
import type { Findings } from './findings.ts';
import { type GateData, gatesSchema } from './gate-schema.ts';
import type { ControlData } from './schema.ts';
import { checkControl, type ValidateWant } from './wants.ts';
import { fillingsOf } from './words.ts';

/** Reads what versions no longer take; an entry in a later file replaces the one of the same id. */
export async function readGates(
  files: readonly string[],
  distribution: Distribution,
  validateWant: ValidateWant,
  findings: Findings,
): Promise<readonly Gate[]> {
  const gates = new Map<string, Gate>();
  const fillings = fillingsOf(distribution);
  for (const file of files) {
    const document = await findings.document(file);
    const read = document && findings.validate<readonly GateData[]>(document, gatesSchema);
    const seen = new Map<string, number>();
    for (const [at, gate] of (read ?? []).entries()) {
      if (!document) continue;
      const earlier = seen.get(gate.id);
      if (earlier !== undefined) {
        const message = `${gate.id} stands on line ${document.lineOf([earlier])} already; give it an id of its own`;
        findings.take(document.invalid([at, 'id'], message));
      }
      seen.set(gate.id, earlier ?? at);
      const check = (key: 'wants' | 'only' | 'next' | 'onlyNext'): Control['wants'] | undefined => {
        const asked = controlOf(gate, gate[key] ?? []);
        return findings.take(checkControl(document, at, asked, distribution, fillings, validateWant, key))
          ?.wants;
      };
      const wants = check('wants');
      const { only: _only, next: _next, onlyNext: _onlyNext, ...said } = gate;
      const more = (['only', 'next', 'onlyNext'] as const).flatMap((key) => {
        const read = gate[key] && check(key);
        return read ? [[key, read] as const] : [];
      });
      if (wants) gates.set(gate.id, { ...said, wants, ...Object.fromEntries(more) });
    }
  }
  return [...gates.values()];
}

/** Wants as a control has them, so that they are checked, asked and judged alike. */
function controlOf({ id, what, instead, roles, sources }: GateData, wants: GateData['wants']): ControlData {
  const said = { id, title: what, why: what, breaks: instead, sources };
  return { ...said, target: 'node', roles, impact: 'none', needs: [], wants };
}
