import type { Event, Outcome, RestartOutcome } from '../domain/event.ts';
import { worstFirst } from '../domain/verdict.ts';
import { path as wizardPath } from '../domain/wizard.ts';
import { failure } from './failure-shape.ts';
import { flag, list, members, number, oneOf, type Shape, text, variants } from './shape.ts';
import { change, changeName } from './step-shape.ts';

const texts = list(text);
const roles = list(oneOf('server', 'agent', 'etcd'));
const node = members({ name: text, host: text, port: number, user: text }, { role: text });
const facts = members(
  {
    hostname: text,
    machineId: text,
    bootId: text,
    os: text,
    user: text,
    sudo: oneOf('root', 'passwordless', 'password'),
    roles,
  },
  {
    distribution: text,
    version: text,
    dataDir: text,
    nodeName: text,
    address: text,
    unsure: members({}, { roles: text, etcd: text, dataDir: text, config: text }),
    managedBy: members({ who: text, instead: text }),
  },
);
const verdict = members({ kind: oneOf(...worstFirst), found: text, wanted: text }, { reason: text });
const failed = members({ failure });
// As of the events below: an end that is not here makes the whole record unreadable.
const changeEnds: Readonly<Record<Outcome['kind'], Shape>> = {
  done: members({}),
  'put-back': failed,
  refused: failed,
  unknown: failed,
};
const restartEnds: Readonly<Record<RestartOutcome['kind'], Shape>> = {
  healthy: members({ seconds: number }),
  'crash-looping': members({ line: text }),
  failed: members({ line: text }),
  stuck: members({ line: text, seconds: number }),
  unhardened: members({ line: text }),
  unknown: failed,
};
const outcome = variants('kind', changeEnds);
const restart = variants('kind', restartEnds);
const unit = { node: text, unit: text };
const at = { control: text, place: text };
const waiver = members(
  { ...at, reason: text, owner: text, found: text },
  { cluster: text, nodes: texts, benchmark: text, expires: text },
);

// A table, so that the compiler asks for every kind: one that is not here cannot be replayed.
const events: Readonly<Record<Event['kind'], Shape>> = {
  'session-started': members(
    { id: text, program: text, operator: text, readOnly: flag, lab: flag },
    { flags: texts },
  ),
  'session-resumed': members({ operator: text }, { readOnly: flag, flags: texts }),
  'went-to': members({ step: oneOf(...wizardPath) }),
  'purpose-chosen': members({ purpose: oneOf('harden', 'repair') }),
  'distribution-chosen': members({ distribution: text }),
  'benchmark-chosen': members({ benchmark: text, level: oneOf(1, 2) }),
  'trouble-chosen': members({ trouble: text }, { pointed: text }),
  'nodes-set': members({ cluster: text, nodes: list(node) }),
  'rancher-named': members({ url: text }),
  'host-key-accepted': members({ node: text, fingerprint: text, keyType: text }),
  'node-connected': members({ node: text, facts }),
  'node-failed': members({ node: text, failure }),
  'probe-started': members({ places: texts, controls: number }),
  found: members({ findings: list(members({ ...at, verdict })) }),
  'probe-ended': members({ missing: texts }),
  skipped: members({ ...at, reason: text }),
  unskipped: members(at),
  'plan-written': members({ files: texts, sha256: text, items: number }),
  'plan-loaded': members({ file: text, sha256: text, made: text, items: number }),
  'waivers-read': members({ file: text, waivers: list(waiver) }),
  waived: waiver,
  unwaived: members(at),
  attested: members({ ...at, pass: flag, statement: text }),
  acknowledged: members({ control: text, text }),
  'change-intended': members({ change, commands: texts, restarts: flag }),
  'change-ended': members({ change: changeName, outcome, output: texts }),
  'undo-intended': members({ change: changeName, commands: texts, force: flag }),
  'undo-ended': members({ change: changeName, outcome, output: texts }),
  'restart-intended': members(unit),
  'stop-intended': members(unit),
  'restart-ended': members({ ...unit, outcome: restart }),
  'restart-set-aside': members({ node: text, reason: text }),
  'lock-taken': members({ node: text, holder: text }, { from: text }),
  noted: members({ text }),
  'session-ended': members({ why: oneOf('finished', 'left', 'interrupted') }),
};

/** Why an entry cannot be replayed, without the full stop; undefined when it can. */
export function whyNotEvent(event: { readonly kind: string }): string | undefined {
  const { kind } = event;
  if (!Object.hasOwn(events, kind)) return 'the entry is of a kind this version does not know';
  const wrong = events[kind as Event['kind']](event, '');
  return wrong === undefined ? undefined : `the entry ${kind} is not whole: ${wrong}`;
}
