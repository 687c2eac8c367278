/**
 * Asks a DNS server (`$1`) for a name (`$2`) over bash's own UDP: nearly every node has bash, and few have a tool such as dig. The header
 * of the reply says how many answers there were; a name without an IPv4 address is asked for one of IPv6. A query that nobody answers within two seconds is put once more.
 */
const query = [
  'q=; o=$IFS; IFS=.',
  String.raw`for l in $2; do printf -v h "\\x%02x" "${'$'}{#l}"; q=$q$h$l; done; IFS=$o`,
  's=$1 n=$2 r=',
  'for y in 01 1c; do for t in 1 2; do',
  '  e=refused',
  // bash writes out whenever a line ends, and the length of a label may be the byte that ends one: dd makes it one packet again.
  String.raw`  { exec 3<>"/dev/udp/$s/53" && printf "\x4b\x38\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00$q\x00\x00\x$y\x00\x01" | dd obs=1500 >&3; } 2>/dev/null || continue`,
  // The reply begins with the number of the query; a status follows what dd has read.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
  '  set -- $(timeout 2 dd bs=1500 count=1 2>/dev/null <&3 | od -An -v -tx1 -N8; echo "${PIPESTATUS[0]}")',
  '  [ "$1$2" = 4b38 ] && { r="$((0x$4 & 15)) $((0x$7$8))"; [ "$r" = "0 0" ] && continue 2; break 2; }',
  '  [ "$1" = 124 ] && e=timeout',
  'done; break; done',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
  'echo "$s $n ${r:-$e}"',
];

/** Puts every name to every server at once: `$1` is the index of the question, `$2` how many servers there are, then they and the names. */
export const lookupFunctions: readonly string[] = [
  "w_query='",
  ...query,
  "'",
  'w_lookups() {',
  '  w_begin "$1"; w_index=$1 w_left=$2 w_servers=; shift 2',
  '  if ! command -v bash >/dev/null 2>&1; then echo bash >&2; w_end "$w_index" no-tool; return; fi',
  '  while [ "$w_left" -gt 0 ]; do w_servers="$w_servers $1"; w_left=$((w_left - 1)); shift; done',
  '  for w_server in $w_servers; do',
  '    for w_name in "$@"; do $w_10 bash -c "$w_query" bash "$w_server" "$w_name" </dev/null & done',
  '  done',
  '  wait',
  '  w_end "$w_index" 0',
  '}',
];
