import { quote } from '../../domain/quote.ts';
import { checkMarker } from './exchange.ts';

/** Where tools are looked for on every node, whatever the login shell thinks. */
const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin';

/** The lines that make every shell the same, before anything else. */
export const sameShell = [
  'LC_ALL=C',
  'LANG=C',
  `PATH=${searchPath}`,
  'export LC_ALL LANG PATH',
  'unset LANGUAGE CDPATH ENV BASH_ENV IFS GREP_OPTIONS POSIXLY_CORRECT',
  'set +efu',
  'umask 022',
] as const;

/**
 * A whole script from its body. Everything stands in one function that the last line calls, so that a shell that got only
 * a part of it runs nothing; inside, standard input is closed to children, who would otherwise eat the script.
 */
export function wholeScript(marker: string, body: readonly string[]): string {
  return [
    '_wire() {',
    ...sameShell,
    'exec </dev/null',
    `w_marker=${quote(checkMarker(marker))}`,
    ...body,
    'exit 0',
    '}',
    '_wire',
    '',
  ].join('\n');
}

/**
 * Shell functions that tell whether the process named in a file (`pid start boot`) still runs. The start time and the boot
 * are there because process ids come again.
 */
export const processFunctions = [
  'w_started() {',
  '  { IFS= read -r w_stat < "/proc/$1/stat"; } 2>/dev/null || return 1',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
  '  set -- ${w_stat##*) }',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
  '  [ "$1" != Z ] && w_since=${20}',
  '}',
  'w_register() {',
  '  { IFS= read -r w_boot < /proc/sys/kernel/random/boot_id; IFS=" " read -r w_self w_rest < /proc/self/stat; } 2>/dev/null',
  '  w_started "$w_self" && printf "%s %s %s\\n" "$w_self" "$w_since" "$w_boot" > "$1"',
  '}',
  'w_alive() {',
  '  [ -s "$1" ] || return 1',
  '  { IFS= read -r w_boot < /proc/sys/kernel/random/boot_id; } 2>/dev/null',
  '  { IFS=" " read -r w_pid w_then w_its < "$1"; } 2>/dev/null',
  '  [ "$w_its" = "$w_boot" ] && w_started "$w_pid" && [ "$w_since" = "$w_then" ]',
  '}',
] as const;
