import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Answer } from '../../src/domain/answer.ts';
import type { Deed, DeedReport, Target } from '../../src/domain/ports.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { askExchange, deedExchange, type Exchange } from '../../src/transport/wire/index.ts';
import { type Act, type Case, type Given, top } from './parity-cases.ts';
import { practiceStore } from './practice.ts';

/** One side of the comparison. */
export type Side = {
  readonly ask: (question: Question) => Promise<Answer>;
  readonly perform: (deed: Deed) => Promise<DeedReport>;
  readonly pass: () => Promise<void>;
};

const nobody = { uid: 65534, gid: 65534 };

/** A lab node, alone in its cluster, that has what a case finds. */
export function labSide(given: Case['given']): Side {
  const files = Object.fromEntries(
    Object.entries({ '': { mode: '0755' }, ...given }).map(([name, file]) => {
      const { owner = 'root', ...rest } = file as Given;
      return [
        name ? `${top}/${name}` : top,
        { ...rest, owner, group: owner === 'nobody' ? 'nogroup' : 'root' },
      ];
    }),
  );
  const { store, clock } = practiceStore({ common: { files } }, (name) => name === 'cp-1');
  const target = createLabTarget(store, 'cp-1');
  return { ...targetSide(target), pass: async () => clock.pass(1) };
}

/** A plain shell of this machine, on files of its own. */
export async function shellSide(given: Case['given']): Promise<Side> {
  await rm(top, { recursive: true, force: true });
  await mkdir(top, { mode: 0o755 });
  const entries = Object.entries(given ?? {});
  for (const [name, { text }] of entries) {
    const path = `${top}/${name}`;
    await mkdir(text === undefined ? path : dirname(path), { recursive: true });
    if (text !== undefined) await writeFile(path, text);
  }
  for (const [name, { mode, owner }] of entries) {
    await chmod(`${top}/${name}`, Number.parseInt(mode, 8));
    if (owner === 'nobody') await chown(`${top}/${name}`, nobody.uid, nobody.gid);
  }
  return {
    ask: async (question) => {
      const answers = await talk(askExchange([question], { marker: marker() }));
      return answers.get(questionKey(question)) ?? { kind: 'lost', reason: 'no answer' };
    },
    perform: (deed) => talk(deedExchange(deed, { marker: marker(), node: 'cp-1' })),
    pass: async () => undefined,
  };
}

/** A booted node behind the real transport. */
export function nodeSide(target: Target): Side {
  return { ...targetSide(target), pass: () => new Promise((resolve) => setTimeout(resolve, 100)) };
}

function targetSide(target: Target): Pick<Side, 'ask' | 'perform'> {
  const patience = { deadlineMs: 60_000 };
  return {
    ask: async (question) =>
      (await target.ask([question], patience)).get(questionKey(question)) ?? { kind: 'lost', reason: '' },
    perform: (deed) => target.perform(deed, patience),
  };
}

/** What a case's acts come to on a side, as far as the two must agree. */
export async function transcript(side: Side, of: Case): Promise<readonly unknown[]> {
  const said: unknown[] = [];
  for (const act of of.acts) said.push(await put(side, act, of));
  return said;
}

async function put(side: Side, act: Act, of: Case): Promise<unknown> {
  if ('ask' in act) return [act.ask.kind, tell(await side.ask(act.ask), act.ask, of)];
  if ('deed' in act) {
    const report = await side.perform(act.deed);
    if (report.kind !== act.ends) throw new Error(`${of.name}: ${JSON.stringify(report)}`);
    return [act.deed.kind, tellReport(report)];
  }
  for (let n = 0; n < 300; n++) {
    const answer = await side.ask(act.until);
    if (answer.kind === 'said' && answer.text.includes(act.has)) return [act.has];
    await side.pass();
  }
  throw new Error(`${of.name}: ${act.has} did not come`);
}

function tell(answer: Answer, question: Question, of: Case): unknown {
  if (answer.kind === 'failed') return { ...answer, message: lastPart(answer.message) };
  if (answer.kind !== 'said') return answer;
  if (of.telling) return { kind: 'said', text: of.telling(answer.text, question) };
  return { kind: 'said', text: question.kind === 'stat' ? timeless(answer.text) : answer.text };
}

/** Of a folder the size, and of everything the time, is the file system's own business. */
function timeless(text: string): string {
  const [mode, owner, group, uid, gid, size, , , type] = text.split('|');
  return [mode, owner, group, uid, gid, type === 'directory' ? '' : size, type].join('|');
}

/** The kind and the failure; of its words what a tool says last, for where it comes from differs. */
function tellReport(report: DeedReport): unknown {
  if (report.kind === 'done') return { kind: 'done', output: report.output.filter(isOurs) };
  const { failure } = report;
  const message = 'message' in failure ? lastPart(failure.message) : '';
  return { kind: report.kind, code: failure.code, path: 'path' in failure ? failure.path : '', message };
}

/** Lines of our own scripts; what tools print beside them differs by their version. */
function isOurs(line: string): boolean {
  return /^(step \d|Taking back|Everything this change|.* is not empty and stays)/.test(line);
}

function lastPart(message: string): string {
  return (message.split(': ').at(-1) ?? '').replace(/[‘’']/g, "'");
}

function marker(): string {
  return randomBytes(16).toString('hex');
}

function talk<T>(exchange: Exchange<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const shell = spawn('/bin/sh', ['-s'], { stdio: ['pipe', 'pipe', 'pipe'] });
    shell.on('error', reject);
    shell.stdout.on('data', exchange.feed);
    shell.stderr.on('data', exchange.feedError);
    shell.on('close', (exit) => resolve(exchange.finish({ exit })));
    shell.stdin.end(exchange.script);
  });
}
