import { describe, expect, it } from 'vitest';
import { briefly } from '../../src/ui/brief.ts';
import { stateOf } from './fixture.ts';
import { drawn } from './frame.tsx';

const found =
  'kernel.panic is 10 now, but no file sets it at boot, vm.overcommit_memory is 0 now, and no file sets it at boot, vm.panic_on_oom is 1 now, and no file sets it at boot';
const wanted = 'kernel.panic = 10, vm.overcommit_memory = 1, vm.panic_on_oom = 0';

describe('what was found and wanted, in two narrow cells', () => {
  it('is the first value that differs and how many more are wanted', () => {
    expect(briefly({ found, wanted }, 23, 23)).toEqual({
      found: 'overcommit_memory is 0',
      wanted: '1, and 2 more',
    });
    expect(briefly({ found, wanted }, 30, 30)).toEqual({
      found: 'vm.overcommit_memory is 0',
      wanted: '1, and 2 more',
    });
  });

  it('is how many are as wanted, of a pass and of nothing else', () => {
    const same = {
      found: 'a.b is 1 now, but no file sets it at boot, c.d is 2 now',
      wanted: 'a.b = 1, c.d = 2',
    };
    expect(briefly({ kind: 'pass', ...same }, 20, 20).found).toBe('all 2 as wanted');
    expect(briefly({ kind: 'fail', ...same }, 20, 20).found).not.toContain('as wanted');
  });

  it('is what the next boot does, where all is as wanted now', () => {
    const keys = {
      found:
        'kernel.keys.root_maxkeys is 1000000 now, but no file sets it at boot, kernel.keys.root_maxbytes is 25000000 now, but no file sets it at boot',
      wanted: 'kernel.keys.root_maxkeys = 1000000, kernel.keys.root_maxbytes = 25000000',
    };
    expect(briefly(keys, 40, 30)).toEqual({
      found: 'kernel.keys.root_maxkeys not set at boot',
      wanted: '1000000, and 1 more',
    });
    expect(briefly(keys, 28, 23).found).toBe('root_maxkeys not set at boot');
    expect(briefly(keys, 23, 23).found).toBe('maxkeys not set at boot');
    const other = 'kernel.panic is 10 now, but /etc/sysctl.d/99-x.conf:3 sets 5 at boot';
    expect(briefly({ found: other, wanted: 'kernel.panic = 10' }, 23, 23)).toEqual({
      found: 'panic is 5 at boot',
      wanted: '10',
    });
    // What already differs now comes first.
    const both = `${keys.found}, kernel.panic is 0 now, and no file sets it at boot`;
    expect(briefly({ found: both, wanted: `${keys.wanted}, kernel.panic = 10` }, 23, 23)).toEqual({
      found: 'kernel.panic is 0',
      wanted: '10, and 2 more',
    });
  });

  it('keeps the value of a key that is too long, and not its beginning', () => {
    const long = {
      found: 'kernel.unprivileged_bpf_disabled is 0 now, and no file sets it at boot',
      wanted: 'kernel.unprivileged_bpf_disabled = 2',
    };
    expect(briefly(long, 9, 23).found).toBe('is 0');
    expect(briefly({ found: 'a.b is 123456', wanted: 'a.b = 2' }, 6, 6).found).toBe('..3456');
    expect(briefly(long, 23, 23)).toEqual({ found: 'bpf_disabled is 0', wanted: '2' });
  });

  it('stays as it is where it fits, or is no list of values', () => {
    expect(briefly({ found: 'kernel.panic is 0 now', wanted: 'kernel.panic = 10' }, 23, 23)).toEqual({
      found: 'kernel.panic is 0 now',
      wanted: 'kernel.panic = 10',
    });
    const owner = { found: '0755 root:root and something more', wanted: '0700, etcd:etcd' };
    expect(briefly(owner, 10, 10)).toEqual(owner);
  });

  it('is what a control shows at 80 columns', () => {
    const state = stateOf({}, { control: 'control-0' });
    const finding = state.session.findings['control-0@cp-1'];
    if (!finding) throw new Error('no finding');
    const findings = {
      ...state.session.findings,
      'control-0@cp-1': { ...finding, verdict: { kind: 'fail' as const, found, wanted } },
    };
    expect(drawn(stateOf({ findings }, { control: 'control-0' }), 80, 24)).toMatch(
      /cp-1 +✖ fail +overcommit_memory is 0 +1, and 2 more/,
    );
  });
});

it('the overview gives to the titles what the words of the nodes do not need', () => {
  const findings = Object.fromEntries(
    Object.entries(stateOf().session.findings).map(([key, f]) => [
      key,
      { ...f, verdict: { kind: 'pass' as const, found: '', wanted: '' } },
    ]),
  );
  const title = (of: ReturnType<typeof stateOf>) =>
    /Setting 3 [^✔✖✎]*?\.\./.exec(drawn(of, 140, 40))?.[0].length;
  const short = title(stateOf({ findings, before: {} })) ?? 0;
  expect(short).toBeGreaterThan(title(stateOf()) ?? 0);
  expect(drawn(stateOf({ findings, before: {} }), 140, 40)).toMatch(/✔ pass +✔ pass/);
});
