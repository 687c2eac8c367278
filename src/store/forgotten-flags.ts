import type { Recorded } from '../domain/event.ts';

/**
 * The flags that a session was begun or resumed with, the newest of each name, that are not given now in any form. They are
 * not taken over by themselves: a file on disk must not decide which key is offered or which known_hosts is believed.
 */
export function forgottenFlags(records: readonly Recorded[], given: readonly string[]): readonly string[] {
  let flags: readonly string[] = [];
  for (const { event } of records)
    if (event.kind === 'session-started' || event.kind === 'session-resumed')
      flags = [...without(flags, event.flags ?? []), ...(event.flags ?? [])];
  return without(flags, given);
}

function without(flags: readonly string[], named: readonly string[]): readonly string[] {
  const names = new Set(named.map(nameOf));
  return flags.filter((flag) => !names.has(nameOf(flag)));
}

function nameOf(flag: string): string {
  return flag.split(' ', 1)[0] ?? '';
}
