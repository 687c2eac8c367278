import { type Hold, holdCommand, holdObject, releaseCommand } from '../../domain/cluster-hold.ts';
import type { Words } from '../../domain/question.ts';
import { commandLine, quote } from '../../domain/quote.ts';
import { deedBase } from './deed-functions.ts';

/** The body of a script that takes the lock of a whole cluster. */
export function holdDeed(kubectl: Words, hold: Hold, over?: string): readonly string[] {
  return [
    ...deedBase,
    `w_message=$( { ${holdCommand(kubectl, hold, over)}; } 2>&1 ); w_status=$?`,
    'case "$w_status:$w_message" in',
    '  0:*) w_end done "" ;;',
    ...noKubectl,
    // Another was first: created it, replaced it, or gave it back while this one wanted to replace it.
    '  *AlreadyExists*|*Conflict*|*NotFound*configmaps*) w_end locked "another" ;;',
    '  *) w_end refused "The lock of the cluster could not be taken (exit $w_status): $w_message" ;;',
    'esac',
  ];
}

/** The body of a script that gives the lock of a whole cluster back, if it is still this holder's. */
export function releaseDeed(kubectl: Words, holder: string): readonly string[] {
  const ask = [...kubectl, 'get', ...holdObject, '--ignore-not-found', '--request-timeout=20s'];
  const failed =
    'w_end refused "The lock of the cluster could not be given back (exit $w_status): $w_message"';
  return [
    ...deedBase,
    `w_holder=${quote(holder)}`,
    `w_message=$(${commandLine([...ask, '-o', 'jsonpath={.data.holder}'])} 2>&1); w_status=$?`,
    'case "$w_status:$w_message" in',
    '  0:) w_end done "" ;;',
    '  "0:$w_holder") ;;',
    '  0:*) w_end locked "$w_message" ;;',
    ...noKubectl,
    `  *) ${failed} ;;`,
    'esac',
    `w_message=$(${releaseCommand(kubectl)} 2>&1); w_status=$?`,
    `if [ "$w_status" = 0 ]; then w_end done ""; fi`,
    failed,
  ];
}

const noKubectl = ['  127:*) w_end refused "The node has no kubectl." ;;'];
