import type { Answer } from '../domain/answer.ts';
import { readUnit } from '../domain/evidence.ts';

/**
 * When a unit became active, in seconds since 1970; undefined when that cannot be told. The clock time is only taken when
 * its zone is plain, else it is counted from the boot of the machine.
 */
export function activeSince(unit: Answer, machine: Answer): number | undefined {
  const shown = readUnit(unit, 'unit');
  if (!shown.known) return undefined;
  const stamp = shown.value.get('ActiveEnterTimestamp') ?? '';
  if (/^@\d+$/.test(stamp)) return Number(stamp.slice(1));
  const plain = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:UTC|GMT)$/.exec(stamp);
  if (plain) return Date.parse(`${plain[1]}T${plain[2]}Z`) / 1000;
  const since = Number(shown.value.get('ActiveEnterTimestampMonotonic') ?? Number.NaN) / 1e6;
  const now = machineNumber(machine, 'now');
  const up = machineNumber(machine, 'uptime');
  return since > 0 && now !== undefined && up !== undefined ? now - up + since : undefined;
}

/** What a right configuration is that the process does not show: not yet restarted since, or without effect. */
export function inactiveKind(
  since: number | undefined,
  modified: number | undefined,
): 'pending-restart' | 'configured-not-active' {
  return since !== undefined && modified !== undefined && since < modified
    ? 'pending-restart'
    : 'configured-not-active';
}

function machineNumber(machine: Answer, key: string): number | undefined {
  if (machine.kind !== 'said') return undefined;
  const value = new RegExp(`^${key}=(\\d+(?:\\.\\d+)?)`, 'm').exec(machine.text)?.[1];
  return value === undefined ? undefined : Number(value);
}
