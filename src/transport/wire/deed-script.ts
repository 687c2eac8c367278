import type { Deed } from '../../domain/ports.ts';
import { quote } from '../../domain/quote.ts';
import { lockFile } from './ask-functions.ts';
import { changeScript, checkedFolder } from './change-script.ts';
import { oneLine } from './clean.ts';
import { deedBase, relayFunctions } from './deed-functions.ts';
import { holdDeed, releaseDeed } from './hold-script.ts';
import { wholeScript } from './prelude.ts';
import { undoExit } from './undo-script.ts';

/** The script of any deed. */
export function deedScript(marker: string, deed: Deed): string {
  switch (deed.kind) {
    case 'change':
      return changeScript(marker, deed.change);
    case 'undo':
      return wholeScript(marker, undoDeed(checkedFolder(deed.change), deed.force));
    case 'restart':
    case 'stop':
    case 'start':
      return wholeScript(marker, unitDeed(deed.kind, deed.unit));
    case 'make-cluster':
      throw new Error('a cluster is made on the operator’s machine, not on a node');
    case 'lock':
      return wholeScript(marker, lockDeed(holderOf(deed.holder), deed.take));
    case 'unlock':
      return wholeScript(marker, unlockDeed(holderOf(deed.holder)));
    case 'hold': {
      const hold = { ...deed.hold, holder: holderOf(deed.hold.holder) };
      return wholeScript(marker, holdDeed(deed.kubectl, hold, deed.over));
    }
    case 'release':
      return wholeScript(marker, releaseDeed(deed.kubectl, holderOf(deed.holder)));
  }
}

/** A holder as it stands in the lock: one line. */
function holderOf(holder: string): string {
  return oneLine(holder);
}

function undoDeed(folder: string, force: boolean): readonly string[] {
  return [
    `w_kept=${quote(folder)}`,
    ...deedBase,
    ...relayFunctions,
    'if [ ! -f "$w_kept/undo.sh" ]; then',
    '  w_end refused "The node no longer has $w_kept/undo.sh, and with it the originals of this change; it cannot be taken back from here."',
    'fi',
    `w_undo() { FORCE=${force ? '1' : ''} sh "$w_kept/undo.sh"; }`,
    'w_section undo',
    'w_log=$w_kept/undo.log',
    'w_run w_undo',
    'case $w_status in',
    `  ${undoExit.done}) w_end done "" ;;`,
    `  ${undoExit.drifted}) w_end drifted "" ;;`,
    `  ${undoExit.running}) w_end refused "" ;;`,
    '  *) w_end undo-failed "exit $w_status" ;;',
    'esac',
  ];
}

function unitDeed(verb: string, unit: string): readonly string[] {
  return [
    ...deedBase,
    `w_message=$(systemctl --no-block ${verb} -- ${quote(unit)} 2>&1); w_status=$?`,
    'if [ -n "$w_message" ]; then w_say "$w_message"; fi',
    'case $w_status in',
    '  0) w_end done "" ;;',
    '  127) w_end refused "The node has no systemctl." ;;',
    `  *) w_end refused "systemctl ${verb} was refused (exit $w_status): $w_message" ;;`,
    'esac',
  ];
}

/** A hard link comes about at once or not at all, so two that try at the same moment cannot both succeed. */
function lockDeed(holder: string, take: boolean): readonly string[] {
  return [
    ...deedBase,
    ...lockWords(holder),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell
    'w_message=$( { umask 077; mkdir -p "${w_lock%/*}" && printf "%s\\n" "$w_holder" > "$w_lock.$$"; } 2>&1 ); w_status=$?',
    'if [ "$w_status" != 0 ]; then',
    '  rm -f "$w_lock.$$"',
    '  w_end refused "The lock $w_lock cannot be written: $w_message"',
    'fi',
    ...(take
      ? ['if mv -f "$w_lock.$$" "$w_lock"; then w_end done ""; fi']
      : [
          'ln "$w_lock.$$" "$w_lock" 2>/dev/null; w_status=$?',
          'rm -f "$w_lock.$$"',
          'if [ "$w_status" = 0 ]; then w_end done ""; fi',
        ]),
    'w_held',
    'if [ "$w_by" = "$w_holder" ]; then w_end done ""; fi',
    'if [ -n "$w_by" ]; then w_end locked "$w_by"; fi',
    'w_end refused "The lock $w_lock could not be taken."',
  ];
}

function unlockDeed(holder: string): readonly string[] {
  return [
    ...deedBase,
    ...lockWords(holder),
    'w_held',
    'if [ ! -e "$w_lock" ]; then w_end done ""; fi',
    'if [ "$w_by" != "$w_holder" ]; then w_end locked "$w_by"; fi',
    'if rm -f "$w_lock"; then w_end done ""; fi',
    'w_end refused "The lock $w_lock could not be removed."',
  ];
}

function lockWords(holder: string): readonly string[] {
  return [
    `w_lock=${quote(lockFile)}`,
    `w_holder=${quote(holder)}`,
    'w_held() { w_by=; { IFS= read -r w_by < "$w_lock"; } 2>/dev/null; }',
  ];
}
