import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok } from '../../src/domain/failure.ts';
import type { Target } from '../../src/domain/ports.ts';
import { standing } from '../../src/domain/session.ts';
import type { LabStore } from '../../src/lab/store.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { practiceStore } from '../lab/practice.ts';
import { createRun, type Run, walkToProbe } from '../support/run.ts';

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
