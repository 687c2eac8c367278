import type { Control } from '../domain/control.ts';

/** The components whose own argument files a control is about, by their names. */
export function servicesOf({ wants = [] }: Partial<Pick<Control, 'wants'>>): readonly string[] {
  const named = wants.flatMap(({ spec }) =>
    typeof spec === 'object' && spec !== null && 'service' in spec && typeof spec.service === 'string'
      ? [spec.service]
      : [],
  );
  return [...new Set(named)];
}
