import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { told } from '../../src/domain/failure.ts';
import { parseCommandLine } from '../../src/flags.ts';
import { good } from '../journal/fixture.ts';

let folder = '';
const at = (name: string): string => join(folder, name);
let pem = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'k8s-harden-rancher-flags-'));
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', at('key')];
  const words = ['req', '-x509', ...key, '-out', at('CA'), '-subj', '/CN=test CA'];
  execFileSync('openssl', words, { stdio: 'pipe' });
  pem = readFileSync(at('CA'), 'utf8');
  const files = {
    TOKEN: 'token-a:b\n',
    OPEN: 'token-a:b\n',
    GROUP: 'token-a:b\n',
    EMPTY: '\n',
    TWO: 'a b',
    CUT: pem.slice(0, 200),
    HALF: pem + pem.replace('\nMII', '\nXXX'),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text, { mode: 0o600 });
  chmodSync(at('OPEN'), 0o604);
  chmodSync(at('GROUP'), 0o640);
  execFileSync('mkfifo', ['-m', '600', at('PIPE')]);
  writeFileSync(at('LONG'), 'a'.repeat(5000), { mode: 0o600 });
});
afterEach(() => {
  delete process.env.K8S_HARDEN_RANCHER_TOKEN;
  vi.resetModules();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rancher = ['--rancher', 'rancher.example.org'];

/** What the command line says, with the names of the test's files in place. */
async function startOf(...args: readonly string[]) {
  const { rancherStart } = await import('../../src/run/rancher.ts');
  const named = args.map((word) => (/^[A-Z]+$/.test(word) ? at(word) : word));
  return rancherStart(good(parseCommandLine(named)));
}

it.each([
  [['--rancher', 'http://a'], '--rancher http://a: only https is spoken'],
  [['--rancher-token-file', 'TOKEN'], 'name the server too, with --rancher'],
  [[...rancher, '--rancher-token-file', 'OPEN'], 'others may read it; chmod 600 it, and make a new token.'],
  [[...rancher, '--rancher-token-file', 'GROUP'], 'others may read it'],
  [[...rancher, '--rancher-token-file', 'EMPTY'], 'it is empty'],
  [[...rancher, '--rancher-token-file', 'TWO'], 'is not one word'],
  [[...rancher, '--rancher-token-file', 'LONG'], 'longer than any token'],
  [[...rancher, '--rancher-token-file', 'MISSING'], 'there is no such file'],
  [[...rancher, '--rancher-token-file', '/'], 'it is not a file'],
  [[...rancher, '--rancher-token-file', 'PIPE'], 'it is not a file'],
  [[...rancher, '--rancher-ca', 'CUT'], 'certificate 1 in it is damaged'],
  [[...rancher, '--rancher-ca', 'HALF'], 'certificate 2 in it is damaged'],
  [[...rancher, '--rancher-ca', 'TOKEN'], 'there is no certificate in it'],
  [[...rancher, '--rancher-ca', 'MISSING'], 'there is no such file'],
])('%j is refused before anything is asked', async (args, says) => {
  const start = await startOf(...args);
  expect(start.ok ? 'taken' : told(start.failure)).toContain(says);
  if (!start.ok) expect(JSON.stringify(start)).not.toContain('token-a:b');
});

it('the token comes from a file of one’s own, else from the environment, where no command finds it any more', async () => {
  process.env.K8S_HARDEN_RANCHER_TOKEN = 'token-e:env';
  expect(await startOf(...rancher, '--rancher-token-file', 'TOKEN', '--rancher-ca', 'CA')).toEqual({
    ok: true,
    value: {
      url: 'https://rancher.example.org',
      token: 'token-a:b',
      ca: pem,
      caPath: at('CA'),
      mayTryLogin: false,
    },
  });
  expect(process.env.K8S_HARDEN_RANCHER_TOKEN).toBeUndefined();
  expect(await startOf(...rancher, '--rancher-try-login')).toEqual({
    ok: true,
    value: { url: 'https://rancher.example.org', token: 'token-e:env', mayTryLogin: true },
  });
});

it('there is no flag that takes the token itself, and none that trusts any certificate', () => {
  expect(parseCommandLine([...rancher, '--rancher-token', 'token-a:b'])).toMatchObject({ ok: false });
  expect(parseCommandLine([...rancher, '--rancher-insecure'])).toMatchObject({ ok: false });
});
