import { closeSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Takes the end of the terminal for the hangup it is, also where the signal went to the shell alone; and lets the program end
 * with its own exit code then.
 */
export function expectHangup(): void {
  const { stdin } = process;
  let told = false;
  const gone = (): void => {
    if (told) return;
    told = true;
    process.emit('SIGHUP', 'SIGHUP');
  };
  stdin.on('end', gone).on('error', gone).on('close', gone);
  // The signal may come once more while the record is closed; without a listener it would end the program right there.
  process.on('SIGHUP', () => {});
  process.stderr.on('error', () => {});
  process.on('exit', leaveDeadTerminal);
}

/**
 * Keeps what is in memory, a sudo password perhaps, out of a core dump: none of its pages is written into one. Elsewhere than on
 * Linux nothing of the kind is to be had.
 */
export function keepMemoryPrivate(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // There is no such thing here.
  }
}

/** Node gives a terminal its settings back when it ends, and aborts where that fails. */
function leaveDeadTerminal(): void {
  for (const fd of [0, 1, 2]) {
    try {
      if (!fstatSync(fd).isCharacterDevice() || isatty(fd)) continue;
      closeSync(fd);
      // The lowest number that is free is taken, which is this one.
      openSync('/dev/null', 'r+');
    } catch {
      // It is closed already: nothing is given back to it.
    }
  }
}
