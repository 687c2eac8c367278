import type { Event } from '../domain/event.ts';
import { word } from '../domain/failure.ts';
import type { Session } from '../domain/session.ts';
import { waiverWords } from '../domain/waiver.ts';
import { stepWord } from '../domain/wizard.ts';
import { count, names } from './clean.ts';
import { countVerdicts, countWords } from './counts.ts';
import { outcomeWords, restartWords } from './words.ts';

/** One event in one sentence for the log; text of nodes and people in it is still as it was given. */
export function logLine(event: Event, session: Pick<Session, 'purpose'> = {}): string {
  switch (event.kind) {
    case 'session-started': {
      const mode = [event.readOnly && 'read-only', event.lab && 'in the practice lab'].filter(Boolean);
      return `${event.operator} started the session with ${event.program}${mode.length > 0 ? `, ${mode.join(', ')}` : ''}${withFlags(event.flags)}`;
    }
    case 'session-resumed':
      return `${event.operator} resumed the session${event.readOnly ? ', read-only' : ''}${withFlags(event.flags)}`;
    case 'went-to':
      return `went to ${stepWord(session, event.step)}`;
    case 'purpose-chosen':
      return event.purpose === 'repair'
        ? 'set out to find out why the cluster is broken'
        : 'set out to harden the cluster';
    case 'distribution-chosen':
      return `chose the distribution ${event.distribution}`;
    case 'benchmark-chosen':
      return `chose ${event.benchmark} level ${event.level}`;
    case 'trouble-chosen':
      return `chose the symptom ${event.trouble}${event.pointed ? `; a line of a log points at ${event.pointed}` : ''}`;
    case 'nodes-set':
      return `named ${count(event.nodes.length, 'node')} of ${event.cluster}: ${names(event.nodes.map((n) => n.name))}`;
    case 'rancher-named':
      return `named the Rancher server ${event.url}`;
    case 'host-key-accepted':
      return `accepted the ${event.keyType} host key ${event.fingerprint} of ${event.node}`;
    case 'node-connected': {
      const { user, sudo, hostname, version, roles, machineId } = event.facts;
      const is = [version, ...roles].filter(Boolean).join(' ');
      return `connected to ${event.node} as ${user} (${sudo}): ${hostname}${is && `, ${is}`}, machine ${machineId}`;
    }
    case 'node-failed':
      return `${event.node}: ${word(event.failure).sentence}`;
    case 'probe-started':
      return `asked ${count(event.controls, 'control')} on ${names(event.places)}`;
    case 'found': {
      const places = [...new Set(event.findings.map((f) => f.place))];
      return `found on ${names(places)}: ${countWords(countVerdicts(event.findings.map((f) => f.verdict)))}`;
    }
    case 'probe-ended':
      return event.missing.length > 0
        ? `asking ended; no answer from ${names(event.missing)}`
        : 'asking ended; every place answered';
    case 'skipped':
      return `skipped ${event.control} on ${event.place}: ${event.reason}`;
    case 'unskipped':
      return `took back the skip of ${event.control} on ${event.place}`;
    case 'plan-written':
      return `wrote a plan for review, ${count(event.items, 'item')}, SHA-256 ${event.sha256}: ${names(event.files)}`;
    case 'plan-loaded':
      return `loaded the plan ${event.file} of ${event.made}, ${count(event.items, 'item')}, SHA-256 ${event.sha256}`;
    case 'waivers-read':
      return `read ${count(event.waivers.length, 'waiver')} from ${event.file}`;
    case 'waived':
      return `${event.control} on ${event.place}: ${waiverWords(event)}; found ${event.found || 'nothing'}`;
    case 'unwaived':
      return `took back the waiver of ${event.control} on ${event.place}`;
    case 'attested':
      return `attested ${event.control} on ${event.place} as ${event.pass ? 'passing' : 'failing'}: ${event.statement}`;
    case 'acknowledged':
      return `acknowledged for ${event.control}: ${event.text}`;
    case 'change-intended':
      return `change ${event.change.id} begins: ${event.change.control} on ${event.change.node}`;
    case 'change-ended':
      return `change ${event.change}: ${outcomeWords(event.outcome)}`;
    case 'undo-intended':
      return `undo of change ${event.change} begins${event.force ? ', forced' : ''}`;
    case 'undo-ended':
      return `undo of change ${event.change}: ${outcomeWords(event.outcome)}`;
    case 'restart-intended':
      return `restart of ${event.unit} on ${event.node} begins`;
    case 'stop-intended':
      return `stop of ${event.unit} on ${event.node} begins`;
    case 'restart-ended':
      return `restart of ${event.unit} on ${event.node}: ${restartWords(event.outcome)}`;
    case 'restart-set-aside':
      return `set the restart of ${event.node} aside: ${event.reason}`;
    case 'lock-taken':
      return `${event.holder} took the lock of ${event.node}${event.from ? ` from ${event.from}` : ''}`;
    case 'noted':
      return `note: ${event.text}`;
    case 'session-ended':
      return `the session ended: ${event.why}`;
  }
}

function withFlags(flags: readonly string[] = []): string {
  return flags.length > 0 ? `, with ${flags.join(' ')}` : '';
}
