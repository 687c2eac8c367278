import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { canonical } from '../../src/journal/canonical.ts';
import { genesis, sealLine } from '../../src/journal/line.ts';
import { formats } from '../../src/report/index.ts';
import { facts, verdict } from '../report/fixture.ts';
import { type Built, buildProgram } from '../terminal/build.ts';

const stigNumbers = readFileSync(new URL('../../profiles/canonical/disa-stig.yaml', import.meta.url), 'utf8');
const stigControls = [...new Set([...stigNumbers.matchAll(/control: ([\w-]+)/g)].map((m) => m[1] ?? ''))];
const kinds = ['pass', 'pass', 'fail', 'manual', 'unknown'] as const;
let folder = '';
let built: Built;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'k8s-harden-size-'));
  built = await buildProgram();
});
afterAll(() => {
  built?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** The journal of a session with 200 nodes and 130 controls, each with another answer on each node. */
function journal(distribution: string, benchmark: string, first: readonly string[]): string {
  const nodes = Array.from({ length: 200 }, (_, i) => ({
    name: `node-${i}`,
    host: 'h',
    port: 22,
    user: 'ops',
  }));
  const ids = [...first, ...Array.from({ length: 130 }, (_, i) => `control-${i}`)].slice(0, 130);
  const events: readonly Event[] = [
    {
      kind: 'session-started',
      id: 's1',
      program: 'k8s-harden 0.1.0',
      operator: 'o',
      readOnly: false,
      lab: false,
    },
    { kind: 'distribution-chosen', distribution },
    { kind: 'benchmark-chosen', benchmark, level: 2 },
    { kind: 'nodes-set', cluster: 'big', nodes },
    ...nodes.flatMap(({ name }, n): Event[] => [
      { kind: 'node-connected', node: name, facts: facts(name, 'server') },
      {
        kind: 'found',
        findings: ids.map((control, i) => ({
          control,
          place: name,
          verdict: verdict(
            kinds[(n + i) % kinds.length] ?? 'pass',
            // One sign beyond Latin-1 doubles every text that holds it.
            `the file /etc/kubernetes/€${n}.yaml has mode 0644`,
            'mode 0600 or stricter',
          ),
        })),
      },
    ]),
    { kind: 'session-ended', why: 'finished' },
  ];
  let prev = genesis;
  const lines = events.map((event, i) => {
    const { text, hash } = sealLine({ seq: i + 1, prev }, '2030-01-02T03:04:05.000Z', canonical(event));
    prev = hash;
    return `${text}\n`;
  });
  const path = join(folder, `${distribution}.jsonl`);
  writeFileSync(path, lines.join(''));
  return path;
}

describe('export of 200 nodes and 130 controls', () => {
  it.each(formats.map((f) => f.id))(
    'as %s takes less than two seconds and 300 MB',
    async (id) => {
      // Without a profile every control counts; a checklist needs one.
      const session =
        id === 'cklb' ? journal('canonical', 'disa-stig', stigControls) : journal('own', 'own', []);
      const [out, spent] = [join(folder, `out.${id}`), join(folder, 'spent.json')];
      const hook = `import { writeFileSync } from 'node:fs';
      process.on('exit', () => writeFileSync(${JSON.stringify(spent)}, JSON.stringify(process.resourceUsage())));`;
      const node = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, built.program];
      const args = ['export', session, '--format', id, '--output', out];
      await promisify(execFile)(process.execPath, [...node, ...args], {
        env: { ...process.env, XDG_STATE_HOME: folder },
      });
      const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(spent, 'utf8'));
      expect(statSync(out).size).toBeGreaterThan(1000);
      // Time of the processor: what else the machine does is not ours. It is more than the clock's, for V8 has helpers.
      expect((userCPUTime + systemCPUTime) / 1e6, 'seconds').toBeLessThan(2);
      expect(maxRSS / 1024, 'MB').toBeLessThan(300);
    },
    60_000,
  );
});
