import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { ok } from '../../src/domain/failure.ts';
import type { Target } from '../../src/domain/ports.ts';
import { reduce } from '../../src/domain/reduce.ts';
import { type Session, standing } from '../../src/domain/session.ts';
import type { LabStore } from '../../src/lab/store.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { plansThatHold } from '../../src/store/plans-that-hold.ts';
import { practiceStore } from '../lab/practice.ts';
import { createRun, type Run, walkToProbe } from '../support/run.ts';
import { change, ready, stateOf } from '../ui/fixture.ts';

const file = '/etc/sysctl.d/90-kubelet.conf';
const nodes = ['cp-1', 'worker-2'];
/** Both are written into the same file. */
const [values, quotas] = ['kernel-values', 'kernel-key-quotas'];

describe('what is planned', () => {
  let store: LabStore;
  let run: Run;
  /** What the answers of a node wait for, once they were given. */
  const late = new Map<string, Promise<void>>();

  beforeEach(async () => {
    late.clear();
    ({ store } = practiceStore({}, (name) => nodes.includes(name)));
    run = await createRun({
      connector: {
        connect: async ({ name }) => {
          const target = createLabTarget(store, name);
          const ask: Target['ask'] = async (questions, options) => {
            const answers = await target.ask(questions, options);
            await late.get(name);
            return answers;
          };
          return ok({ target: { ...target, ask }, privilege: 'root' as const });
        },
      },
      nodes: nodes.map((name) => ({ name, host: name, port: 0, user: 'root' })),
    });
    await walkToProbe(run, 'cis-1.6');
  });
  afterEach(() => run?.remove());

  const plan = async (control: string): Promise<void> => {
    run.actions.plan(control);
    await run.idle();
  };
  const apply = async (control: string, places: readonly string[]): Promise<void> => {
    run.actions.apply(control, places);
    await run.idle();
  };
  const undo = async (node: string): Promise<void> => {
    const changes = standing(run.state().session).filter((c) => c.change.node === node);
    run.actions.undo(
      changes.map((c) => c.change.id),
      false,
    );
    await run.until('undone', (s) => !standing(s.session).some((c) => c.change.node === node));
  };
  const planOf = (control: string, place: string) => run.state().plans[`${control}@${place}`];
  const writes = (place: string) => {
    const made = planOf(quotas, place);
    const steps = made?.kind === 'ready' ? made.change.steps : [];
    return steps.flatMap((s) => (s.kind === 'write-file' ? [s.before.kind] : []));
  };
  const text = (node: string): string | undefined => store.cluster().nodes[node]?.files[file]?.text;

  it('is thrown away on the node where a change is taken back, and there alone', async () => {
    await plan(values);
    await apply(values, nodes);
    await plan(quotas);
    expect(nodes.map(writes)).toEqual([['present'], ['present']]);
    const elsewhere = planOf(quotas, 'cp-1');
    await undo('worker-2');
    await run.idle();
    expect(text('worker-2')).toBeUndefined();
    expect(planOf(quotas, 'worker-2')).toBeUndefined();
    expect(planOf(quotas, 'cp-1')).toBe(elsewhere);
    await plan(quotas);
    expect(writes('worker-2')).toEqual(['absent']);
    await apply(quotas, ['worker-2']);
    expect(run.state().view.notice).toMatchObject({ tone: 'good' });
    expect(text('worker-2')).toContain('root_maxkeys');
  });

  it('is thrown away on the node where another control is applied, and not for the rest of that change', async () => {
    await plan(quotas);
    await plan(values);
    expect(nodes.map(writes)).toEqual([['absent'], ['absent']]);
    await apply(values, nodes);
    expect(nodes.map(text)).toEqual(nodes.map(() => expect.stringContaining('kernel.panic')));
    expect(nodes.map((node) => planOf(quotas, node))).toEqual([undefined, undefined]);
  });

  it('is named by its file, its node and the way on where somebody else changed that file since', async () => {
    await plan(quotas);
    const steps = [
      {
        kind: 'write-file',
        path: file,
        content: '# mine\n',
        mode: '0644',
        owner: 'root',
        group: 'root',
        before: { kind: 'absent' },
      },
    ] as const;
    const theirs = { id: 'c', session: 's', control: 'x', node: 'worker-2', via: 'worker-2', steps };
    expect(await store.perform('worker-2', { kind: 'change', change: theirs })).toMatchObject({
      kind: 'done',
    });
    await apply(quotas, nodes);
    const { title } =
      run.state().profiles.flatMap((p) => p.controls.find((c) => c.id === quotas) ?? [])[0] ?? {};
    expect(run.state().view.notice).toEqual({
      tone: 'bad',
      text: `${title}: done on cp-1. Not on worker-2: ${file} on worker-2 changed after we looked. Nothing was written on worker-2; to see what would run there now, press a on the control again.`,
    });
    expect(text('worker-2')).toBe('# mine\n');
    await plan(quotas);
    expect(writes('worker-2')).toEqual(['present']);
  });

  it('is worked out again where it was taken back while another node had not answered yet', async () => {
    await plan(values);
    await apply(values, nodes);
    let answer: () => void = () => {};
    late.set(
      'cp-1',
      new Promise((resolve) => {
        answer = resolve;
      }),
    );
    const asked = () => run.store.getState().session.findings[`${quotas}@worker-2`];
    const before = asked();
    run.actions.plan(quotas);
    await run.until('worker-2 answered', () => asked() !== before);
    await undo('worker-2');
    answer();
    await run.idle();
    expect(nodes.map(writes)).toEqual([['present'], ['absent']]);
  });
});

describe('which plans hold', () => {
  const { session } = stateOf({ changes: [], restarts: [] });
  const nothing = { kind: 'nothing', control: 'b', place: 'cp-1' } as const;
  const refused = { ...nothing, kind: 'refused', control: 'c', reason: 'no', instead: 'wait' } as const;
  const plans = {
    'a@cp-1': ready('a', 'cp-1'),
    'a@cp-2': ready('a', 'cp-2'),
    'a@cluster': ready('a', 'cluster'),
    'b@cp-1': nothing,
    'c@cp-1': refused,
  };
  const at = '2030-01-02T03:04:05.000Z';
  const left = (before: Session, ...events: readonly Event[]) => {
    const now = events.reduce((s, event) => reduce(s, { at, event }), before);
    return Object.keys(plansThatHold(plans, before, now));
  };
  const intended = (place: string): Event => ({
    kind: 'change-intended',
    change: change('x', place),
    commands: [],
    restarts: false,
  });
  const changed = (place: string): Session => reduce(session, { at, event: intended(place) });
  const id = change('x', 'cp-1').id;
  const done = { kind: 'done' } as const;

  it.each<[string, Session, Event]>([
    ['a change that begins', session, intended('cp-1')],
    ['a change that ends', changed('cp-1'), { kind: 'change-ended', change: id, outcome: done, output: [] }],
    [
      'an undo that begins',
      changed('cp-1'),
      { kind: 'undo-intended', change: id, commands: [], force: false },
    ],
    ['an undo that ends', changed('cp-1'), { kind: 'undo-ended', change: id, outcome: done, output: [] }],
    ['a restart', session, { kind: 'restart-intended', node: 'cp-1', unit: 'rke2-server' }],
  ])('%s on a node leaves those of other nodes, and what was refused', (_, before, event) => {
    expect(left(before, event)).toEqual(['a@cp-2', 'c@cp-1']);
  });

  it('what is done in the whole cluster, or to make it, leaves those that were refused', () => {
    expect(left(session, intended('cluster'))).toEqual(['c@cp-1']);
    expect(left(session, { kind: 'restart-intended', node: 'workstation', unit: 'rke up' })).toEqual([
      'c@cp-1',
    ]);
  });

  it('a repair that stops a service goes on with the plan that was agreed to, and what is only asked leaves all', () => {
    expect(left(session, { kind: 'stop-intended', node: 'cp-1', unit: 'rke2-server' })).toEqual(
      Object.keys(plans),
    );
    const verdict = { kind: 'fail', found: '', wanted: '' } as const;
    const findings = [{ control: 'a', place: 'cp-1', verdict }];
    expect(left(session, { kind: 'found', findings })).toEqual(Object.keys(plans));
  });
});
