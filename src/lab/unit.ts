import type { LabNode, LabUnit } from './state.ts';

/** A unit's name without its `.service`, as the lab files it. */
export function plainName(name: string): string {
  return name.replace(/\.service$/, '');
}

/** A unit by either form of its name. */
export function unitOf(node: LabNode, name: string): LabUnit | undefined {
  return node.units[plainName(name)];
}

/** A node with one unit replaced. */
export function withUnit(node: LabNode, name: string, unit: LabUnit): LabNode {
  return { ...node, units: { ...node.units, [plainName(name)]: unit } };
}

/** What `systemctl show` prints of a unit; one that is not there is `not-found`, and that is an answer too. */
export function unitText(node: LabNode, name: string): string {
  const unit = unitOf(node, name);
  const id = name.includes('.') ? name : `${name}.service`;
  const found = {
    Id: id,
    LoadState: unit === undefined ? 'not-found' : unit.enabled === 'masked' ? 'masked' : 'loaded',
    ActiveState: unit?.active ?? 'inactive',
    SubState: unit?.sub ?? 'dead',
    UnitFileState: unit?.enabled ?? '',
    FragmentPath: unit ? `/usr/local/lib/systemd/system/${id}` : '',
    MainPID: String(unit?.pid ?? 0),
    NRestarts: String(unit?.restarts ?? 0),
    Result: unit?.result ?? 'success',
    ExecMainStatus: unit?.result === 'exit-code' ? '1' : '0',
    StatusText: '',
    ExecMainStartTimestamp: stamp(unit?.since ?? 0),
    ExecMainStartTimestampMonotonic: String(monotonic(node, unit?.since ?? 0)),
    ActiveEnterTimestamp: stamp(unit?.since ?? 0),
    ActiveEnterTimestampMonotonic: String(monotonic(node, unit?.since ?? 0)),
    InactiveEnterTimestamp: '',
    Environment: '',
    ExecStart: unit ? startOf(id) : '',
  };
  return Object.entries(found)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}

/** How the unit of a node agent starts it; of other units the lab does not say. */
function startOf(id: string): string {
  const verb = /^rke2-(server|agent)\.service$/.exec(id)?.[1];
  const program = '/usr/local/bin/rke2';
  return verb ? `{ path=${program} ; argv[]=${program} ${verb} ; ignore_errors=no }` : '';
}

function monotonic(node: LabNode, at: number): number {
  return at === 0 ? 0 : Math.max(1, Math.round((at - node.booted) * 1e6));
}

/** A moment as systemd prints it, in UTC: `Sat 2026-11-21 02:31:17 UTC`; empty for never. */
function stamp(at: number): string {
  if (at === 0) return '';
  const date = new Date(Math.floor(at) * 1000);
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][date.getUTCDay()];
  return `${day} ${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 19)} UTC`;
}
