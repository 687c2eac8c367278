import { expect, test } from 'vitest';
import { endpointsOf, manifestPath, readMirrors } from '../../src/resources/mirrors.ts';

const path = '/etc/rancher/rke2/registries.yaml';

function mirrorsOf(text: string) {
  const read = readMirrors(text, path);
  if (!read.known) throw new Error(read.reason);
  return read.value;
}

test('each registry has its own, any other those of *, and none is no mirror', () => {
  const mirrors = mirrorsOf(
    'mirrors:\n  docker.io: { endpoint: ["https://a:5000"] }\n  "*": { endpoint: ["http://b"] }\n  quay.io:\n',
  );
  const hosts = (registry: string) => endpointsOf(mirrors, registry).map(({ host }) => host);
  expect(hosts('docker.io')).toEqual(['https://a:5000']);
  expect(hosts('ghcr.io')).toEqual(['http://b']);
  expect(hosts('quay.io')).toEqual([]);
  expect(mirrorsOf('').size).toBe(0);
  expect(mirrorsOf('configs: {}').size).toBe(0);
});

test('an account of the address is left out, a path must be one of a registry', () => {
  const mirrors = mirrorsOf(
    'mirrors:\n  docker.io:\n    endpoint: ["https://me:secret@a/v2/proxy/", b.corp, "https://c/other", "ftp://d", "https://e;x"]\n',
  );
  expect(endpointsOf(mirrors, 'docker.io').map(({ host, base }) => host + base)).toEqual([
    'https://a/v2/proxy',
    'https://b.corp/v2',
  ]);
});

test('its certificate is taken as the container runtime takes it', () => {
  const mirrors = mirrorsOf(
    'mirrors: { x: { endpoint: [https://a:5000, https://b, https://c] } }\nconfigs:\n  "a:5000": { auth: { password: secret }, tls: { ca_file: /etc/ssl/corp.pem } }\n  b: { tls: { insecure_skip_verify: true } }\n',
  );
  expect(endpointsOf(mirrors, 'x').map(({ tls }) => tls)).toEqual([
    ['--cacert', '/etc/ssl/corp.pem'],
    ['-k'],
    [],
  ]);
});

test.each([
  ['web', '/v2/library/web/manifests/latest?ns=docker.io'],
  ['docker.io/library/web:1', '/v2/library/web/manifests/1?ns=docker.io'],
  ['rancher/pause:3.6', '/v2/mirror/rancher-pause/manifests/3.6?ns=docker.io'],
  ['r.corp:5000/a/b', '/v2/a/b/manifests/latest?ns=r.corp:5000'],
  ['r.corp/a/b:1@sha256:0a', '/v2/a/b/manifests/sha256:0a?ns=r.corp'],
])('where %s stands at a mirror', (image, wanted) => {
  const [endpoint] = endpointsOf(
    mirrorsOf(
      'mirrors: { "*": { endpoint: [https://m], rewrite: { "^rancher/(.*)": "mirror/rancher-$1" } } }',
    ),
    '*',
  );
  expect(endpoint && manifestPath(image, endpoint)).toBe(wanted);
});

test('a pattern that only Go knows tells nothing of where it stands', () => {
  const [endpoint] = endpointsOf(
    mirrorsOf('mirrors: { "*": { endpoint: [https://m], rewrite: { "(?P<a>.*)[": x } } }'),
    '*',
  );
  expect(endpoint && manifestPath('web', endpoint)).toBeUndefined();
});

test.each([
  ['mirrors: [', 'is not YAML'],
  ['mirrors: text', 'is not a file of mirrors: mirrors'],
  ['mirrors: { x: { endpoint: text } }', 'is not a file of mirrors: mirrors.x.endpoint'],
])('%s is not read as no mirror', (text, why) => {
  expect(readMirrors(text, path)).toMatchObject({ known: false, reason: expect.stringContaining(why) });
});
