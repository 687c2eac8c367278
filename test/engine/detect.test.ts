import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/answer.ts';
import type { Control } from '../../src/domain/control.ts';
import type { Role } from '../../src/domain/distribution.ts';
import { questionKey } from '../../src/domain/question.ts';
import { detect, detectionQuestions, nodeNameOf } from '../../src/engine/detect.ts';
import { placeOf } from '../../src/engine/place.ts';
import { judge } from '../../src/engine/probe.ts';
import { configOf } from '../../src/resources/settings.ts';
import { placeFor } from '../resources/place.ts';

const { distribution } = placeFor();
const { file } = configOf(placeFor());
const said = (text: string): Answer => ({ kind: 'said', text });
const silent: Answer = { kind: 'failed', exit: 1, message: 'Failed to connect to bus' };
const unit = (active: string, more = ''): Answer => said(`ActiveState=${active}\nUnitFileState=\n${more}`);

/** A server that runs with everything at its default, but for what is given by unit name or path. */
function answersWith(given: Readonly<Record<string, Answer>>) {
  const usual: Readonly<Record<string, Answer>> = {
    'rke2-server': unit('active'),
    'rke2-agent': unit('inactive'),
    machine: said('hostname=cp-1\nnow=1'),
    'rke2 --version': said('rke2 version v1.23.17+rke2r1'),
    '/var/lib/rancher/rke2/x': said('600|root|root|0|0|1|1|1|1|regular file'),
    '/data/x': said('777|root|root|0|0|1|1|1|1|regular file'),
    ...given,
  };
  const files = ['/var/lib/rancher/rke2/x', '/data/x'].map((path) => ({ kind: 'stat', path }) as const);
  return new Map(
    [...detectionQuestions(distribution), ...files].map((q) => {
      const name =
        'name' in q ? q.name : 'path' in q ? q.path : 'words' in q ? q.words.join(' ') : (q.kind as string);
      return [questionKey(q), usual[name] ?? ({ kind: 'absent' } as const)];
    }),
  );
}

function control(roles: readonly Role[], path: string): Control {
  return {
    id: 'x',
    title: 'x',
    target: 'node',
    roles,
    why: 'x',
    breaks: 'x',
    impact: 'none',
    wants: [{ type: 'file', spec: { path, mode: '0600' } }],
    needs: [],
    sources: ['x'],
  };
}

function verdict(of: Control, given: Readonly<Record<string, Answer>>, declared?: Role) {
  const answers = answersWith(given);
  const facts = detect(distribution, answers, 'root', declared);
  if (!facts.known) throw new Error(facts.reason);
  return judge(of, placeOf(distribution, 'cp-1', facts.value), answers);
}

const inData = control(['server'], '{{data-dir}}/x');
const everywhere = control(['server', 'agent'], '/var/lib/rancher/rke2/x');

describe('the role of a node', () => {
  const mute = { 'rke2-server': silent, 'rke2-agent': silent };

  it('is unknown, with all its controls, when no unit was read', () => {
    for (const of of [inData, everywhere, control(['agent'], '/data/x')])
      expect(verdict(of, mute)).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('bus') });
  });

  it('is not settled by what was declared while the units are silent', () => {
    expect(verdict(inData, mute, 'agent').kind).toBe('unknown');
    expect(verdict(inData, mute, 'server').kind).toBe('unknown');
    expect(verdict(everywhere, mute, 'agent').kind).toBe('pass');
    expect(verdict(inData, { 'rke2-server': unit('inactive'), 'rke2-agent': silent }, 'agent').kind).toBe(
      'unknown',
    );
  });

  it('is what runs, else what is declared', () => {
    expect(verdict(inData, {}).kind).toBe('pass');
    expect(verdict(inData, { 'rke2-agent': silent }).kind).toBe('pass');
    expect(verdict(inData, { 'rke2-server': unit('inactive') }, 'agent').kind).toBe('not-applicable');
    expect(verdict(inData, { 'rke2-server': unit('inactive') }, 'server').kind).toBe('pass');
  });
});

describe('the data folder', () => {
  const started = (words: string, environment = ''): Answer =>
    unit(
      'active',
      `Environment=${environment}\nExecStart={ path=/usr/local/bin/rke2 ; argv[]=/usr/local/bin/rke2 server${words} ; ignore_errors=no ; pid=1 }`,
    );

  it.each([
    ['the configuration', { [file]: said('data-dir: /data\n') }],
    ['the environment of the unit', { 'rke2-server': started('', 'A=1 RKE2_DATA_DIR=/data "B=2 3"') }],
    ['the flag of the unit', { 'rke2-server': started(' --data-dir /data --debug') }],
    ['a flag that outranks a file', { [file]: said('data-dir: /no\n'), 'rke2-server': started(' -d=/data') }],
    ['a file that is not needed', { [file]: silent, 'rke2-server': started(' --data-dir=/data') }],
    [
      'a file that outranks the environment',
      {
        [file]: said('data-dir: /data\n'),
        'rke2-server': started('', 'RKE2_DATA_DIR=/no'),
      },
    ],
  ] as const)('is where %s says', (_, given) => {
    expect(verdict(inData, given)).toMatchObject({ kind: 'fail', found: expect.stringContaining('0777') });
  });

  it.each([
    ['cannot be read', { [file]: silent }, 'bus'],
    ['is not YAML that can be judged', { [file]: said('a: 1\na: 1\n') }, file],
    ['is another one by flag', { 'rke2-server': started(' --config /etc/other.yaml') }, '/etc/other.yaml'],
    [
      'is another one by variable',
      { 'rke2-server': started('', 'RKE2_CONFIG_FILE=/etc/b.yaml') },
      '/etc/b.yaml',
    ],
  ] as const)('is unknown when the configuration %s', (_, given, reason) => {
    expect(verdict(inData, given)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining(reason),
    });
    // What does not lie in it is judged all the same.
    expect(verdict(everywhere, given).kind).toBe('pass');
  });

  it('is found through other words too', () => {
    const through = control(['server'], '{{kubectl}}');
    expect(verdict(through, { [file]: silent }).kind).toBe('unknown');
  });
});

describe('etcd on a server', () => {
  const ofEtcd = control(['etcd'], '/var/lib/rancher/rke2/x');

  it('is there unless the configuration says otherwise, and unknown when that was not read', () => {
    expect(verdict(ofEtcd, {}).kind).toBe('pass');
    expect(verdict(ofEtcd, { [file]: said('disable-etcd: true\n') }).kind).toBe('not-applicable');
    expect(
      verdict(ofEtcd, { 'rke2-server': unit('active', 'Environment=RKE2_DISABLE_ETCD=true') }).kind,
    ).toBe('not-applicable');
    expect(verdict(ofEtcd, { [file]: silent }).kind).toBe('unknown');
  });
});

describe('what the cluster calls a node', () => {
  const called = (given: Readonly<Record<string, Answer>>, of = distribution): string => {
    const facts = detect(of, answersWith(given), 'root', undefined);
    if (!facts.known) throw new Error(facts.reason);
    return nodeNameOf(facts.value);
  };
  const server = (words: string): Answer =>
    unit(
      'active',
      `ExecStart={ path=/usr/local/bin/rke2 ; argv[]=/usr/local/bin/rke2 server${words} ; ignore_errors=no ; pid=1 }`,
    );
  const machine = said('hostname=CP-1\nnow=1');

  it('is its hostname in lower case', () => {
    expect(called({ machine })).toBe('cp-1');
    expect(called({ machine, [file]: silent })).toBe('cp-1');
    expect(called({ machine, [file]: said('node-name: ""\n') })).toBe('cp-1');
  });

  it('is what its configuration or its unit says instead', () => {
    expect(called({ machine, [file]: said('node-name: Alpha\n') })).toBe('alpha');
    expect(
      called({ machine, 'rke2-server': server(' --node-name=beta'), [file]: said('node-name: a\n') }),
    ).toBe('beta');
    expect(called({ machine, 'rke2-server': unit('active', 'Environment=RKE2_NODE_NAME=gamma') })).toBe(
      'gamma',
    );
  });

  it('is its hostname where the distribution knows no such key', () => {
    const { nodeName: _, ...config } = distribution.config ?? expect.fail('RKE2 has a configuration');
    expect(called({ machine, [file]: said('node-name: alpha\n') }, { ...distribution, config })).toBe('cp-1');
  });
});

it('the configuration is read once for all that it says of a node', () => {
  const answers = answersWith({ [file]: said('data-dir: /data\nnode-name: one\n') });
  const key = questionKey({ kind: 'file', path: file });
  let read = 0;
  const counting = new (class extends Map<string, Answer> {
    override get(asked: string) {
      if (asked === key) read++;
      return super.get(asked);
    }
  })(answers);
  const facts = detect(distribution, counting, 'root', undefined);
  expect(facts.known && facts.value).toMatchObject({ dataDir: '/data', nodeName: 'one' });
  expect(read).toBe(1);
});
