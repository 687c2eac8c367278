/** Exit codes, as --help lists them. */
export const exits = {
  fine: 0,
  bug: 1,
  usage: 2,
  open: 3,
  unreachable: 4,
  unwritten: 5,
  interrupted: 130,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;
