/** How a deed's script says what became of it: the words of its closing frame. */
export const deedWords = [
  'done',
  'put-back',
  'refused',
  'drifted',
  'full',
  'read-only',
  'locked',
  'undo-failed',
  'lab-cannot',
] as const;

/** One of the words of a deed's closing frame. */
export type DeedWord = (typeof deedWords)[number];

/** Names of the sections of a deed's frame: what a step said, what taking back said, and the detail of the outcome. */
export const sectionNames = { step: 'step', undo: 'undo', detail: 'detail' } as const;

/**
 * The speech of a deed. All of it is best effort: from the moment the link is gone nobody listens, and the work goes on
 * to its end regardless. `w_end` is the last thing a deed does.
 */
export const deedBase: readonly string[] = [
  "trap '' HUP PIPE",
  'w_section() { printf "%s s 0 %s\\n" "$w_marker" "$1"; } 2>/dev/null',
  'w_say() { printf "%s\\n" "$1"; } 2>/dev/null',
  'w_end() {',
  '  { w_section detail; printf "%s\\n" "$2"; printf "%s e 0 %s\\n" "$w_marker" "$1"; } 2>/dev/null',
  '  exit 0',
  '}',
  'printf "%s b 0\\n" "$w_marker" 2>/dev/null',
];

/**
 * Runs a function with its output passed on line by line. The reader goes on reading when nobody listens any more, so that a
 * command is never stopped by a dropped link; `$w_log` keeps a copy on the node.
 */
export const relayFunctions: readonly string[] = [
  'w_relay() {',
  '  { printf ""; } 2>/dev/null >> "$w_log" || w_log=/dev/null',
  '  while IFS= read -r w_line || [ -n "$w_line" ]; do',
  '    w_say "$w_line"; printf "%s\\n" "$w_line" >&5',
  '  done 5>> "$w_log" 2>/dev/null',
  '}',
  'w_run() {',
  // The exit code of the step, not of the relay, leaves by 3; what is relayed leaves by 4. Neither is open to the step.
  '  { w_status=$( { { "$1" 3>&- 4>&-; printf %s "$?" >&3; } 2>&1 | w_relay >&4 3>&-; } 3>&1 ); } 4>&1',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
  '  w_status=${w_status:-1}',
  '}',
];
