import { statFormat } from '../../domain/evidence.ts';
import { answerCap } from './frames.ts';
import { lookupFunctions } from './lookup.ts';
import { processFunctions } from './prelude.ts';

/** Where the wizard's lock lies on a node: in memory, so that a reboot frees it. */
export const lockFile = '/run/k8s-harden/lock';

const cap = answerCap + 1;

/** What `stat` is asked of the folder of a process and of the link to its program, as `processesOf` takes it apart. */
const ownerFormat = '%n|%u|%U|%N';

/** What is asked of a unit. */
const unitProperties = [
  'Id',
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'FragmentPath',
  'Result',
  'NRestarts',
  'MainPID',
  'ExecMainStatus',
  'StatusText',
  'ExecMainStartTimestamp',
  'ExecMainStartTimestampMonotonic',
  'ActiveEnterTimestamp',
  'ActiveEnterTimestampMonotonic',
  'InactiveEnterTimestamp',
  'Environment',
  'EnvironmentFiles',
  'ExecStart',
].join(',');

/** What `systemctl` is asked of units, whose names follow; it answers in their order. */
export const showUnits = `$w_10 systemctl show --no-pager --property=${unitProperties} --`;

/** The functions that questions need; each is sent only when it is needed. `$1` is the index of the question. */
export const askFunctions = {
  kernel: ['w_kernel() { w_begin "$1"; $w_10 cat "$2"; w_end "$1" "$?"; }'],
  stat: [`w_stat() { w_begin "$1"; $w_10 stat -L -c '${statFormat}' "$2"; w_end "$1" "$?"; }`],
  file: [`w_file() { w_begin "$1"; $w_10 head -c ${cap} "$2"; w_end "$1" "$?"; }`],
  unit: [`w_unit() { w_begin "$1"; ${showUnits} "$2"; w_end "$1" "$?"; }`],
  strays: [
    'w_strays() {',
    '  w_begin "$1"',
    // The exit code of find, not of head, leaves by 3; what is found leaves by 4. Neither is open to the tools themselves.
    '  { w_status=$( { { $w_10 find -H "$2" -xdev ! \\( -user "$3" -group "$4" \\) -print 3>&- 4>&-',
    '    printf %s "$?" >&3; } | head -n 20 >&4 3>&-; } 3>&1 ); } 4>&1',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    '  w_end "$1" "${w_status:-1}"',
    '}',
  ],
  command: [
    'w_capped() {',
    '  w_begin "$1"; shift',
    // The exit code of the command, not of head, leaves by 3; what it says leaves by 4. Neither is open to the command.
    `  { w_status=$( { { "$@" 3>&- 4>&-; printf %s "$?" >&3; } | head -c ${cap} >&4 3>&-; } 3>&1 ); } 4>&1`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    '  w_status=${w_status:-1}',
    '}',
    // What is not there is not started to learn it.
    'w_gone() { w_complain "$1" "find: \'$2\': No such file or directory"; w_frame "$1" 1 ""; }',
    'w_command() {',
    '  case $2 in */*) [ -e "$2" ] ;; *) command -v "$2" >/dev/null 2>&1 ;; esac || { w_frame "$1" 127 ""; return; }',
    '  w_index=$1; shift',
    '  w_capped "$w_index" $w_10 "$@"',
    '  w_end "$w_index" "$w_status"',
    '}',
  ],
  folder: [
    'w_text() {',
    '  if [ -f "$2" ]; then',
    '    w_part "$1" "$2"',
    `    head -c ${cap} "$2" 2>/dev/null || w_cut_short "$1" "$2"`,
    '  elif [ -c "$2" ]; then w_part "$1" "$2"',
    '  fi',
    '}',
    'w_cut_short() {',
    '  w_status=1 w_line="Permission denied"',
    '  if [ ! -e "$2" ]; then w_line="it went while it was read"; elif [ -r "$2" ]; then w_line="it could not be read whole"; fi',
    '  w_complain "$1" "$2: $w_line"',
    '}',
    'w_listable() { if [ -r "$2" ] && [ -x "$2" ]; then return 0; fi; w_complain "$1" "$2: Permission denied"; w_status=1; return 1; }',
    'w_folder() {',
    '  w_status=0',
    '  if [ ! -d "$2" ]; then',
    '    w_begin "$1"',
    '    $w_10 stat -L -c %n "$2" >/dev/null && echo "$2 is not a folder" >&2',
    '    w_end "$1" 1; return',
    '  fi',
    '  w_open "$1"',
    '  if w_listable "$1" "$2"; then',
    '    for w_file in "$2"/*"$3" "$2"/.*"$3"; do w_text "$1" "$w_file"; done',
    '  fi',
    '  w_end "$1" "$w_status"',
    '}',
  ],
  'sysctl-files': [
    'w_sysctl_text() {',
    '  if [ -f "$2" ] || [ -c "$2" ]; then w_text "$1" "$2"',
    // By its name alone, whatever it is, it masks a file of a later folder.
    '  elif [ -e "$2" ] || [ -L "$2" ]; then w_part "$1" "$2"',
    '  fi',
    '  if [ -L "$2" ]; then',
    '    if [ "$2" -ef /etc/sysctl.conf ]; then w_line=/etc/sysctl.conf; else w_line=elsewhere; fi',
    '    w_part "$1" "$2 -> $w_line"',
    '  fi',
    '}',
    'w_sysctl_files() {',
    '  w_open "$1"; w_status=0',
    '  for w_folder in /etc/sysctl.d /run/sysctl.d /usr/local/lib/sysctl.d /usr/lib/sysctl.d /lib/sysctl.d; do',
    '    [ -d "$w_folder" ] || continue',
    '    if [ "$w_folder" = /lib/sysctl.d ] && [ /lib/sysctl.d -ef /usr/lib/sysctl.d ]; then continue; fi',
    '    w_listable "$1" "$w_folder" || continue',
    '    for w_file in "$w_folder"/*.conf; do w_sysctl_text "$1" "$w_file"; done',
    '  done',
    '  for w_file in /etc/sysctl.conf /etc/ufw/sysctl.conf /etc/default/ufw /etc/ufw/ufw.conf; do w_sysctl_text "$1" "$w_file"; done',
    '  w_end "$1" "$w_status"',
    '}',
  ],
  process: [
    'w_process() {',
    '  if [ ! -r /proc/1/cmdline ]; then',
    '    w_complain "$1" "the processes of other users are hidden: Permission denied"',
    '    w_frame "$1" denied ""; return',
    '  fi',
    '  w_open "$1"; w_index=$1; shift',
    '  w_found=$(grep -lsF "$@" /proc/[0-9]*/cmdline /proc/[0-9]*/comm 2>/dev/null)',
    // A process that ends meanwhile makes grep say 2; that is no failure.
    '  w_status=$?; [ "$w_status" -le 2 ] && w_status=0',
    '  w_seen=" " w_links=',
    '  for w_file in $w_found; do',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    '    w_file=${w_file%/*}',
    '    case $w_seen in *" $w_file "*) continue ;; esac',
    '    w_seen="$w_seen$w_file " w_links="$w_links $w_file/exe"',
    '  done',
    // The folder itself always belongs to whom the process runs as; what is in it may not.
    `  [ -z "$w_links" ] || w_unsaid=$($w_10 stat -c '${ownerFormat}' $w_seen $w_links 2>/dev/null)$w_newline`,
    '  for w_file in $w_seen; do',
    '    { IFS= read -r w_comm < "$w_file/comm"; } 2>/dev/null || continue',
    '    printf "%s%s s %s\\n%s\\0%s\\0" "$w_unsaid" "$w_marker" "$w_index" "$w_file" "$w_comm"; w_unsaid=',
    `    head -c ${cap} "$w_file/cmdline" 2>/dev/null`,
    '  done',
    '  w_end "$w_index" "$w_status"',
    '}',
  ],
  access: [
    'w_access() {',
    '  w_begin "$1"; w_said=; w_tool=',
    '  $w_10 stat -L -c %n "$2" >/dev/null || { w_end "$1" "$?"; return; }',
    '  w_test="if [ -$4 \\"\\$1\\" ]; then echo yes; else echo no; fi"',
    '  for w_each in runuser sudo su setpriv; do',
    '    command -v "$w_each" >/dev/null 2>&1 || continue',
    '    w_tool=$w_each',
    '    case $w_tool in',
    '      runuser) w_said=$($w_10 runuser -u "$3" -- /bin/sh -c "$w_test" sh "$2") ;;',
    '      sudo) w_said=$($w_10 sudo -n -u "$3" -- /bin/sh -c "$w_test" sh "$2") ;;',
    '      su) w_said=$($w_10 su -s /bin/sh -c "$w_test" "$3" sh "$2") ;;',
    '      setpriv) w_said=$($w_10 setpriv --reuid "$3" --regid "$(id -g "$3")" --init-groups /bin/sh -c "$w_test" sh "$2") ;;',
    '    esac',
    '    case $w_said in yes | no) printf "%s\\n" "$w_said"; w_end "$1" 0; return ;; esac',
    '  done',
    '  if [ -n "$w_tool" ]; then w_end "$1" failed-1; else echo "runuser, sudo, su or setpriv" >&2; w_end "$1" no-tool; fi',
    '}',
  ],
  lookups: lookupFunctions,
  machine: [
    'w_machine() {',
    '  w_open "$1"; w_id=; w_boot=; w_os=; w_up=',
    '  { IFS= read -r w_id < /etc/machine-id; } 2>/dev/null',
    '  { IFS= read -r w_boot < /proc/sys/kernel/random/boot_id; } 2>/dev/null',
    '  { IFS=" " read -r w_up w_line < /proc/uptime; } 2>/dev/null',
    '  for w_file in /etc/os-release /usr/lib/os-release; do',
    '    [ -r "$w_file" ] || continue',
    '    while IFS= read -r w_line || [ -n "$w_line" ]; do',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    '      case $w_line in PRETTY_NAME=*) w_os=${w_line#PRETTY_NAME=} ;; esac',
    '    done < "$w_file"',
    '    break',
    '  done',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    '  case $w_os in \\"*\\") w_os=${w_os#?}; w_os=${w_os%?} ;; esac',
    '  w_line=$(uname -nm 2>/dev/null)',
    '  printf "hostname=%s\\nmachine-id=%s\\nboot-id=%s\\nos=%s\\nuser=%s\\nuid=%s\\nnow=%s\\nuptime=%s\\narch=%s\\n" \\',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    '    "${w_line% *}" "$w_id" "$w_boot" "$w_os" "$(id -un 2>/dev/null)" "$(id -u 2>/dev/null)" "$(date +%s 2>/dev/null)" "$w_up" "${w_line##* }"',
    '  w_end "$1" 0',
    '}',
  ],
  processes: processFunctions,
  kept: [
    'w_kept_changes() {',
    '  w_begin "$1"',
    '  $w_10 stat -L -c %n "$2" >/dev/null || { w_end "$1" "$?"; return; }',
    '  w_status=0',
    '  if w_listable "$1" "$2"; then',
    '    for w_file in "$2"/*/*/undo.sh; do',
    '      [ -e "$w_file" ] || continue',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    '      w_file=${w_file%/undo.sh}; w_line=',
    '      for w_word in "$w_file"/*.begun; do if [ -e "$w_word" ]; then w_line=begun; break; fi; done',
    '      if [ -s "$w_file/ended" ]; then IFS= read -r w_line < "$w_file/ended"; fi',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    '      if [ -n "$w_line" ]; then w_word=${w_file%/*}; printf "%s %s %s\\n" "${w_word##*/}" "${w_file##*/}" "$w_line"; fi',
    '    done',
    '    printf "end\\n"',
    '  fi',
    '  w_end "$1" "$w_status"',
    '}',
  ],
  'change-state': [
    'w_change_state() {',
    '  w_begin "$1"',
    '  $w_10 stat -L -c %n "$2" >/dev/null || { w_end "$1" "$?"; return; }',
    '  w_status=0',
    '  if w_listable "$1" "$2"; then',
    '    for w_word in begun done undone; do',
    '      for w_file in "$2"/*."$w_word"; do',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    '        if [ -e "$w_file" ]; then w_file=${w_file##*/}; printf "%s %s\\n" "$w_word" "${w_file%%.*}"; fi',
    '      done',
    '    done',
    '    for w_file in "$2/pid" "$2/step.pid" "$2/undo.pid"; do',
    '      if w_alive "$w_file"; then printf "running %s\\n" "$w_pid"; break; fi',
    '    done',
    '    if [ -s "$2/ended" ]; then IFS= read -r w_line < "$2/ended"; printf "ended %s\\n" "$w_line"; fi',
    '  fi',
    '  w_end "$1" "$w_status"',
    '}',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;
