import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { parseCommandLine } from '../../src/flags.ts';
import { canonical } from '../../src/journal/canonical.ts';
import { labCluster } from '../../src/lab/cluster.ts';
import { startLab } from '../../src/lab/server.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { runCheck } from '../../src/run/check.ts';
import { loadPlan } from '../../src/run/plan-file.ts';

let lab: Awaited<ReturnType<typeof startLab>>;
const at = (name: string): string => join(lab.clientKey, '..', name);

beforeAll(async () => {
  const data = await readPractice([resolve(import.meta.dirname, '../../profiles')], 'rke2');
  if (!data.ok) throw new Error('no practice');
  const cluster = labCluster(data.value);
  if (!cluster.ok) throw new Error('no cluster');
  lab = await startLab(cluster.value, { readYaml: parse, stranger: '' });
  writeFileSync(at('nodes.yaml'), JSON.stringify({ cluster: 'practice', nodes: lab.nodes }));
});
afterAll(() => lab.close());

/** What a command prints and how it ends, on the practice cluster. */
async function ran(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  const read = parseCommandLine([...args, '--inventory', at('nodes.yaml')]);
  if (!read.ok) throw new Error(JSON.stringify(read.failure));
  const said: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => said.push(String(text)) > 0),
  );
  try {
    const code = await runCheck(read.value, {
      lab: true,
      knownHosts: lab.knownHosts,
      identity: lab.clientKey,
    });
    return { code, said: said.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('a plan for review', { timeout: 60_000 }, () => {
  it('has every change in full, changes nothing, and can be held against the cluster later', async () => {
    const made = await ran('plan', '--format', 'json');
    expect(made.code).toBe(3);
    writeFileSync(at('plan.json'), made.said);
    const loaded = await loadPlan(at('plan.json'));
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
    const { plan, sha256 } = loaded.value;
    const kernel = plan.items.find((item) => item.control === 'kernel-values' && item.does === 'steps');
    expect(kernel?.commands).toContain('sysctl -w kernel.panic=10');
    expect(kernel?.diffs.map((diff) => diff.path)).toEqual(['/etc/sysctl.d/90-kubelet.conf']);
    expect(kernel?.undo.join('\n')).toContain('/<session>/<change>');
    expect(plan.items.some((item) => item.restarts)).toBe(true);
    expect(made.said).toContain('rancher/rke2/config.yaml');
    expect(made.said).not.toContain('token-that-opens-nothing');

    const again = await ran('check', '--plan', at('plan.json'), '--format', 'json');
    const compared = JSON.parse(again.said);
    expect(compared.plan.sha256).toBe(sha256);
    const moved = new Set<string>(compared.rows.map((row: { moved: string }) => row.moved));
    expect([...moved]).toEqual(['same']);
    const text = await ran('check', '--plan', at('plan.json'));
    expect(text.said).toContain(`SHA-256 ${sha256}`);
    expect(text.said).toContain(`same as planned (${plan.items.length})`);
  });

  it('says what is done, new, or would be done otherwise by now', async () => {
    const { said } = await ran('plan', '--format', 'json');
    const { hashed } = await import('../../src/run/plan-file.ts');
    const { form, sha256: _, ...plan } = JSON.parse(said);
    const [first, second, ...others] = plan.items;
    const older = {
      ...plan,
      items: [{ ...first, commands: ['true'] }, ...others, { ...second, place: 'gone' }],
    };
    writeFileSync(at('older.json'), JSON.stringify({ form, ...older, sha256: hashed(older).sha256 }));
    const text = (await ran('check', '--plan', at('older.json'))).said;
    expect(text).toContain('differs: something else would be done now (1)');
    expect(text).toContain('new: open now, and not in the plan (1)');
    expect(text).toContain('unknown: no answer now (1)');
  });

  it('is for people too, with the hash, the risks and the restarts', async () => {
    const { said, code } = await ran('plan');
    expect(code).toBe(3);
    for (const part of [
      /SHA-256 \| [0-9a-f]{64}/,
      /one at a time/,
      /Undone by:/,
      /^\+kernel\.panic ?= ?10$/m,
    ])
      expect(said).toMatch(part);
  });

  it('has the same hash in both forms and in every run over the same state', async () => {
    const hashes: (string | undefined)[] = [];
    const made = new Set<string>();
    for (const format of ['json', 'json', 'markdown']) {
      const { said } = await ran('plan', ...(format === 'json' ? ['--format', format] : []));
      if (format === 'json') made.add(JSON.parse(said).made);
      hashes.push(/[0-9a-f]{64}/.exec(said)?.[0]);
    }
    expect(made.size).toBe(2);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(hashes).size).toBe(1);
  });

  it('with the hash of an earlier version is refused with that reason', async () => {
    const { form, sha256, ...plan } = JSON.parse((await ran('plan', '--format', 'json')).said);
    const old = createHash('sha256').update(canonical(plan)).digest('hex');
    writeFileSync(at('old.json'), JSON.stringify({ form, sha256: old, ...plan }));
    const { code, said } = await ran('check', '--plan', at('old.json'));
    expect(code).toBe(2);
    expect(said).toContain('by an earlier version');
    expect(said).toContain(sha256);
    expect(said).not.toContain('it was changed');
  });

  it('of a large cluster is read in a moment', async () => {
    const { form, sha256: _, ...plan } = JSON.parse((await ran('plan', '--format', 'json')).said);
    const { hashed } = await import('../../src/run/plan-file.ts');
    const copies = Array.from({ length: 6_000 }, (_, n) => ({
      ...plan.items[n % plan.items.length],
      place: `n-${n}`,
    }));
    const large = { ...plan, items: copies };
    writeFileSync(
      at('large.json'),
      JSON.stringify({ form, ...large, sha256: hashed(large).sha256 }, null, 2),
    );
    const began = performance.now();
    expect(await loadPlan(at('large.json'))).toMatchObject({ ok: true });
    expect(performance.now() - began).toBeLessThan(6_000);
  });

  it('is refused when it was changed after it was made, or is none', async () => {
    writeFileSync(
      at('changed.json'),
      readFileSync(at('plan.json'), 'utf8').replace('kernel.panic=10', 'kernel.panic=1'),
    );
    const changed = await ran('check', '--plan', at('changed.json'));
    expect(changed).toMatchObject({
      code: 2,
      said: expect.stringContaining('it was changed after it was made'),
    });
    writeFileSync(at('none.json'), '{\n"form": "k8s-harden/plan/2"}\n');
    const none = await ran('check', '--plan', at('none.json'));
    expect(none).toMatchObject({ code: 2, said: expect.stringContaining('none.json:2: form: ') });
  });
});

it('check reads waivers: what is waived is not open, a file that is wrong is refused', {
  timeout: 60_000,
}, async () => {
  const before = JSON.parse((await ran('check', '--format', 'json')).said);
  const open = before.controls.flatMap(
    (control: { id: string; places: { place: string; after: { kind: string; found: string } }[] }) =>
      control.places.flatMap(({ place, after }) =>
        after.kind === 'fail'
          ? [{ control: control.id, place, owner: 'Platform', reason: 'r', found: after.found }]
          : [],
      ),
  );
  writeFileSync(at('waivers.yaml'), JSON.stringify({ waivers: open.slice(0, 2) }));
  const after = JSON.parse((await ran('check', '--format', 'json', '--waivers', at('waivers.yaml'))).said);
  expect(after.totals.answers.waived).toBe(2);
  expect(after.totals.answers.open).toBe(before.totals.answers.open - 2);
  writeFileSync(at('wrong.yaml'), 'waivers:\n  - { control: a, until: b }\n');
  const wrong = await ran('check', '--waivers', at('wrong.yaml'));
  expect(wrong).toMatchObject({ code: 2, said: expect.stringContaining('wrong.yaml:2: ') });
});
