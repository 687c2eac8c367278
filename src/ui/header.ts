import { isRepair } from '../domain/session.ts';
import { path, stepTitle, stepWord } from '../domain/wizard.ts';
import { type AppState, chosen } from '../store/state.ts';
import { ends, type Line, line, lineWidth, type Span, span } from './line.ts';
import type { Look } from './look.ts';
import { sign } from './theme.ts';

/** The first line: what must never be missed (read-only, lab), the cluster, what it runs, by which benchmark, and the step. */
export function header(state: AppState, look: Look): Line {
  const right = line(span(stepWords(state, look), 'dim'), ' ');
  const room = look.columns - lineWidth(right) - 2;
  const named = chosen(state).benchmark;
  const long = [...flags(state), ...facts(state, named?.title)];
  const fits = lineWidth(long) + 3 * long.length <= room;
  // The id of a trouble says nothing that the screen does not.
  const short = isRepair(state.session) ? undefined : named?.id;
  const parts = fits ? long : [...flags(state), ...facts(state, short)];
  const dot = ` ${sign('dot', look)} `;
  let left: Line = [span(' ')];
  for (const [i, part] of parts.entries()) {
    const next = [...left, ...(i > 0 ? [span(dot, 'dim')] : []), part];
    if (lineWidth(next) > room && i >= flags(state).length + 1) break;
    left = next;
  }
  return ends(left, right, look.columns);
}

function flags(state: AppState): readonly Span[] {
  return [
    ...(state.session.readOnly ? [span('READ-ONLY', 'warn')] : []),
    ...(state.session.lab ? [span('LAB', 'busy')] : []),
  ];
}

function facts(state: AppState, benchmark: string | undefined): readonly Span[] {
  const { session } = state;
  const { profile } = chosen(state);
  const product = [profile?.distribution.title, versions(state)].filter(Boolean).join(' ');
  const [name] = session.cluster ? [session.cluster] : session.id ? [] : ['k8s-harden'];
  return [
    ...(name ? [span(name, 'strong')] : []),
    ...(product ? [span(product)] : []),
    ...(benchmark ? [span(isRepair(session) ? benchmark : `${benchmark} level ${session.level ?? 1}`)] : []),
  ];
}

function versions(state: AppState): string {
  const all = [...new Set(state.session.nodes.flatMap((n) => n.facts?.version ?? []))];
  return all.length > 1 ? `${all[0]} and ${all.length - 1} other` : (all[0] ?? '');
}

function stepWords(state: AppState, look: Look): string {
  const { step } = state.session;
  if (step === 'start' || state.session.id === '') return stepTitle.start;
  return `Step ${path.indexOf(step)} of ${path.length - 1} ${sign('step', look)} ${stepWord(state.session, step)}`;
}
