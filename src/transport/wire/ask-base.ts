/**
 * The frames, and the time limits where the node has `timeout` with the usual arguments.
 *
 * Every write is a packet on its way to us, so what the shell itself says waits in `w_unsaid` for the next write, but never
 * while a command runs: whatever asks something begins with `w_out`, `w_open` or `w_begin`. Only `w_begin` opens a frame on
 * standard error too, where it goes on to the next; what begins without it says nothing there but through `w_complain`.
 */
export const askBase: readonly string[] = [
  "w_newline='",
  "'",
  'w_unsaid=',
  'w_out() { printf %s "$w_unsaid"; w_unsaid=; }',
  'w_open() { w_unsaid="$w_unsaid$w_marker b $1$w_newline"; w_out; }',
  'w_begin() { w_open "$1"; printf "%s b %s\\n" "$w_marker" "$1" >&2; }',
  'w_end() { w_unsaid="$w_unsaid$w_marker e $1 $2$w_newline"; }',
  'w_part() { printf "%s%s s %s\\n%s\\0" "$w_unsaid" "$w_marker" "$1" "$2"; w_unsaid=; }',
  // The frame of one sentence on standard error.
  'w_complain() { printf "%s b %s\\n%s\\n" "$w_marker" "$1" "$2" >&2; }',
  // A whole frame, of what a command said on both streams.
  'w_frame() { w_unsaid="$w_unsaid$w_marker b $1$w_newline$3$w_newline"; w_end "$1" "$2"; }',
  'w_10= w_20= w_hung=',
  "if timeout 5 true >/dev/null 2>&1; then w_10='timeout 10' w_20='timeout 20'; fi",
];
