import { kernelPath } from './commands.ts';
import type { Step } from './step.ts';

/** The kernel values that the kernel itself sets whenever a key changes, as patterns of paths; for most keys there are none. */
function resetBy(step: Step): readonly string[] {
  return step.kind === 'set-kernel' ? (resets[kernelPath(step.key)] ?? []) : [];
}

const ipv4 = ['/proc/sys/net/ipv4/conf/*/forwarding', '/proc/sys/net/ipv4/conf/all/accept_redirects'];

const resets: Readonly<Record<string, readonly string[]>> = {
  '/proc/sys/net/ipv4/ip_forward': ipv4,
  '/proc/sys/net/ipv4/conf/all/forwarding': ipv4,
  '/proc/sys/net/ipv6/conf/all/forwarding': ['/proc/sys/net/ipv6/conf/*/forwarding'],
};

/** The lines that keep the values which the kernel is about to reset, each after its path, in `$w_kept`. */
export function keepReset(step: Step, index: number): readonly string[] {
  const paths = resetBy(step);
  if (paths.length === 0) return [];
  return [
    `for w_file in ${paths.join(' ')}; do`,
    '  if [ -e "$w_file" ]; then printf "%s %s\\n" "$w_file" "$(cat "$w_file")"; fi',
    `done > "$w_kept/${index}.reset"`,
  ];
}

/** The lines that put those values back, in terms of `$KEPT`; an interface that has gone meanwhile is left out. */
export function putBackReset(step: Step, index: number): readonly string[] {
  if (resetBy(step).length === 0) return [];
  return [
    `while read -r path value; do if [ -e "$path" ]; then echo "$value" > "$path"; fi; done < "$KEPT/${index}.reset"`,
  ];
}
