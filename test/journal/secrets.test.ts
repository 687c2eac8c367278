import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replay } from '../../src/domain/replay.ts';
import { createJournal } from '../../src/journal/journal.ts';
import { readJournal } from '../../src/journal/read.ts';
import { createRedactor } from '../../src/journal/redactor.ts';
import { listSessions } from '../../src/journal/sessions.ts';
import { checks, formats } from '../../src/report/index.ts';
import { control, profileOf } from '../support/profile.ts';
import { everyEvent, everyKind } from './every-event.ts';
import { good, options, temporaryFolder } from './fixture.ts';

const hex = (bytes: number) => randomBytes(bytes).toString('hex');
const words = (bytes: number) => randomBytes(bytes).toString('base64url');
const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Ten secrets. `told`: the wizard has seen it typed; `text`: how a node would show it; `telling`: what must not remain. */
const secrets: readonly {
  readonly what: string;
  readonly told?: string;
  readonly text: string;
  readonly telling: readonly string[];
}[] = [
  secret('sudo password', `Tr0ub&dor ${words(6)}`, (s) => `sudo: ${s}`),
  secret('SSH password', `p'w"${words(6)}\\/é`, (s) => `asked for ${s}, again ${JSON.stringify(s)}`),
  secret('key passphrase', `horse-${words(9)}`, (s) => encodeURIComponent(s)),
  secret('encryption key', randomBytes(32).toString('base64'), (s) =>
    Buffer.from(`x${s}`).toString('base64'),
  ),
  shown('join token', `K10${hex(32)}::server:${hex(16)}`, (s) => `token: ${s}`),
  shown('agent token', words(20), (s) => `a: 1\nagent-token: "${s}"\nb: 2`),
  shown('private key', pem.split('\n')[1] ?? '', () => `before\n${pem}after`),
  shown('web token', `eyJ${words(12)}.eyJ${words(30)}.${words(20)}`, (s) => `Authorization: Bearer ${s}`),
  shown('client key', Buffer.from(pem).toString('base64'), (s) => `client-key-data: ${s}`),
  shown('cloud secret', words(30), (s) => `rke2 server --token=${s} --etcd-s3-secret-key ${s}`),
];

function secret(what: string, told: string, show: (s: string) => string) {
  return {
    what,
    told,
    text: show(told),
    telling: [...new Set([told, JSON.stringify(told).slice(1, -1), show(told)])],
  };
}

function shown(what: string, hidden: string, show: (s: string) => string) {
  return { what, text: show(hidden), telling: [hidden, hidden.slice(-24), hidden.slice(4, 28)] };
}

describe('ten secrets in every field', () => {
  it('are in an event of every kind', () => {
    expect(new Set(everyEvent('x').map((event) => event.kind))).toEqual(new Set(Object.keys(everyKind)));
  });

  it('are in no journal, no index, no report', async () => {
    const folder = await temporaryFolder();
    const redactor = createRedactor();
    for (const { told } of secrets) if (told !== undefined) redactor.add(told);
    const journal = good(await createJournal(options(folder, 's1', redactor)));
    for (const { text } of secrets) for (const event of everyEvent(text)) good(await journal.record(event));
    await journal.close();
    const records = good(await readJournal(journal.path)).records;
    expect(records).toHaveLength(secrets.length * everyEvent('').length);
    const session = replay(records);
    await listSessions(folder);
    const input = { session, records, chain: 'whole' as const };
    const texts = new Map<string, string>();
    for (const file of await readdir(folder)) texts.set(file, await readFile(join(folder, file), 'utf8'));
    const ids = [...new Set(Object.values(session.findings).map((f) => f.control))];
    const profile = profileOf(
      ids.map((id) => control(id)),
      (index) => ({ number: `V-${index + 1}`, level: 1 }),
    );
    const benchmarks = profile.benchmarks.map((b) => ({ ...b, id: session.benchmark ?? '' }));
    for (const { id, render } of formats) {
      texts.set(id, render(input));
      texts.set(`${id} without escapes`, unescaped(render(input)));
      texts.set(`${id} with a profile`, unescaped(render({ ...input, profile: { ...profile, benchmarks } })));
    }
    for (const [name, render] of Object.entries(checks)) texts.set(`check ${name}`, render(input));
    expect([...texts.keys()].sort()).toEqual(
      [
        ...['check json', 'check text', 'index.json', 's1.head', 's1.jsonl'],
        ...formats.flatMap(({ id }) => [id, `${id} without escapes`, `${id} with a profile`]),
      ].sort(),
    );
    for (const [where, text] of texts) {
      expect(text.length, where).toBeGreaterThan(100);
      for (const { what, telling } of secrets)
        for (const trace of telling)
          expect(text.includes(trace), `${what} in ${where}: ${trace}`).toBe(false);
    }
    expect(texts.get('s1.jsonl')).toContain('[redacted]');
  });

  it('would be found if nothing were redacted', async () => {
    const folder = await temporaryFolder();
    const nothing = { add: () => {}, redact: <T>(value: T) => value };
    const journal = good(await createJournal(options(folder, 's1', nothing)));
    for (const { text } of secrets) for (const event of everyEvent(text)) good(await journal.record(event));
    await journal.close();
    const strings: string[] = [];
    JSON.parse(`[${(await readFile(journal.path, 'utf8')).trim().replaceAll('\n', ',')}]`, (_, value) => {
      if (typeof value === 'string') strings.push(value);
      return value;
    });
    for (const { what, telling } of secrets)
      expect(
        strings.some((s) => telling.some((trace) => s.includes(trace))),
        what,
      ).toBe(true);
  });
});

/** A text without the entities of HTML, XML and Markdown, nor its backslashes: a secret must not hide behind them. */
function unescaped(text: string): string {
  return text
    .replaceAll(/&(amp|lt|gt|quot|#39|#124|#58|#46);/g, (_, name) => entities[name] ?? '')
    .replaceAll(/\\(?=[^\w\s])/g, '');
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#124': '|',
  '#58': ':',
  '#46': '.',
};
