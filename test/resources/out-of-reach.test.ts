// Folders behind links, asked with the very commands on this machine.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import { statFormat } from '../../src/domain/evidence.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { partQuestions } from '../../src/domain/read-only.ts';
import { outOfReach } from '../../src/resources/out-of-reach.ts';
import { placeFor } from './place.ts';

let top: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'out-of-reach-'));
  chmodSync(top, 0o755);
});

afterEach(() => rmSync(top, { recursive: true, force: true }));

function folder(path: string, mode: number): string {
  mkdirSync(join(top, path), { recursive: true });
  chmodSync(join(top, path), mode);
  return join(top, path);
}

function answerOf(question: Question): Answer {
  const words =
    question.kind === 'command'
      ? question.words
      : ['stat', '-L', '-c', statFormat, 'path' in question ? question.path : ''];
  return { kind: 'said', text: execFileSync(words[0] ?? '', words.slice(1), { encoding: 'utf8' }) };
}

function verdict(below: string, door: string) {
  const wanted = { below, depth: 4, door };
  const asked = outOfReach.ask(wanted, placeFor());
  expect(partQuestions(asked).refused.size).toBe(0);
  const answers = new Map(asked.map((question) => [questionKey(question), answerOf(question)]));
  const read = outOfReach.read(wanted, answers, placeFor());
  if (!read.known) throw new Error(read.reason);
  return outOfReach.judge(wanted, read.value, placeFor());
}

describe.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)('folders behind links', () => {
  it('a link that leads past a closed folder is open all the same', () => {
    const door = folder('rancher', 0o700);
    folder('data', 0o755);
    folder('data/agent', 0o755);
    folder('data/agent/tmp', 0o777);
    symlinkSync(join(top, 'data/agent'), join(door, 'agent'));
    expect(verdict(join(door, 'agent'), door)).toMatchObject({
      kind: 'fail',
      found: expect.stringContaining(`really lies in ${top}/data/agent`),
    });
    chmodSync(join(top, 'data'), 0o700);
    expect(verdict(join(door, 'agent'), door)).toMatchObject({
      kind: 'pass',
      found: expect.stringContaining(`${top}/data is 0700 root:root`),
    });
  });

  it('what lies where the last folder leads to is found', () => {
    const door = folder('kubelet', 0o755);
    folder('data', 0o755);
    folder('data/pods', 0o755);
    folder('data/pods/volume', 0o777);
    symlinkSync('../data/pods', join(door, 'pods'));
    expect(verdict(join(door, 'pods'), door)).toMatchObject({
      kind: 'fail',
      reason: expect.stringContaining(`${door}/pods/volume`),
    });
  });
});
