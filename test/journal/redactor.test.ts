import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/journal/redactor.ts';
import { random } from './random.ts';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function knowing(...secrets: readonly string[]) {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor.redact;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('a secret that was told', () => {
  it.each([
    ['as it is', (s: string) => `sudo: ${s} is wrong`],
    ['in base64', base64],
    ['in base64, one byte further', (s: string) => base64(`:${s}:`)],
    ['in base64, two bytes further', (s: string) => base64(`u:${s}\n`)],
    ['in base64 for addresses', (s: string) => Buffer.from(`>${s}`).toString('base64url')],
    ['in base64 broken into lines', (s: string) => base64(`user ${s}`).replaceAll(/(.{7})/g, '$1\n')],
    ['encoded for an address', (s: string) => `https://host/?q=${encodeURIComponent(s)}&x=1`],
    ['as a form field', (s: string) => new URLSearchParams({ q: s }).toString()],
    ['in JSON', (s: string) => JSON.stringify({ q: s })],
    ['in JSON in JSON', (s: string) => JSON.stringify(JSON.stringify({ q: s }))],
    ['quoted for a shell', (s: string) => `printf %s '${s.replaceAll("'", `'\\''`)}' | x`],
    ['quoted in YAML', (s: string) => `a: '${s.replaceAll("'", "''")}'`],
    ['broken by a line end', (s: string) => `${s.slice(0, 5)}\n    ${s.slice(5)}`],
    ['broken as a shell breaks it', (s: string) => `${s.slice(0, 5)}\\\n${s.slice(5)}`],
  ])('is covered %s', (_, spell) => {
    for (const secret of ['Tr0ub4dor&3/x y', `it's "q\\uoted" <ü>`, 'plainenoughtobeaword', 'hunter2']) {
      const spelled = spell(secret);
      const covered = knowing(secret)(spelled);
      expect(covered, spelled).toContain('[redacted]');
      for (const form of [secret, base64(secret).slice(0, 8), encodeURIComponent(secret)])
        expect(covered).not.toContain(form);
    }
  });

  it('is covered across the lines of an output, and every line stays a line', () => {
    const redact = knowing('correct-horse-battery');
    expect(redact(['it is correct-', 'horse-bat', 'tery, he said', 'fine'])).toEqual([
      'it is [redacted]',
      '[redacted]',
      '[redacted], he said',
      'fine',
    ]);
  });

  it('is covered anywhere in a value, in keys too', () => {
    const redact = knowing('S3cretS3cret');
    const value = { a: [{ 'x S3cretS3cret': ['S3cretS3cret', 1, null, true] }], b: 'S3cretS3cret' };
    expect(redact(value)).toEqual({
      a: [{ 'x [redacted]': ['[redacted]', 1, null, true] }],
      b: '[redacted]',
    });
    expect(value.b).toBe('S3cretS3cret');
  });

  it('is covered in part when the whole had many lines', () => {
    const key = `first line of the secret\n${'k'.repeat(40)}9\nlast line of the secret`;
    expect(knowing(key)(`see ${'k'.repeat(40)}9 there`)).toBe('see [redacted] there');
  });

  it('is covered line by line, where a line is long enough to be told from evidence', () => {
    const redact = knowing('0123456789abcdef\nfedcba987654321\nsecret');
    expect(redact('see 0123456789abcdef there')).toBe('see [redacted] there');
    expect(redact('see fedcba987654321 there')).toBe('see fedcba987654321 there');
  });

  it('leaves the wizard its own words, and does not look for what is too short', () => {
    const evidence = 'chown root:etcd /var/lib; kernel.panic = 10';
    expect(knowing('root', 'etcd', '10', '', ' ', 'abc')(evidence)).toBe(evidence);
  });

  it('as a plain word is covered as a word, but does not make nodes and users unfindable', () => {
    const redact = knowing('debian');
    const nodes = [{ name: 'debian', host: 'debian', user: 'debian', port: 22 }];
    expect(redact({ kind: 'nodes-set', nodes })).toEqual({ kind: 'nodes-set', nodes });
    expect(redact({ output: ['sudo: debian?', 'debianutils 5'] })).toEqual({
      output: ['sudo: [redacted]?', 'debianutils 5'],
    });
  });
});

describe('a secret that shows by its shape or name', () => {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const body = pem.split('\n')[1] ?? '';
  const token = `K10${'0f'.repeat(32)}::server:5f1c0a0ff1ce`;
  const jwt = `${base64('{"alg":"RS256"}')}.${base64('{"sub":"x"}').replaceAll('=', '')}.c2lnbmF0dXJl`;
  it.each([
    ['a private key', `before\n${pem}after`, body],
    ['a private key in JSON', JSON.stringify({ data: pem }), body],
    ['a private key cut off', pem.slice(0, 60), body.slice(0, 20)],
    ['a private key with headers', pem.replace('\n', '\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,00\n\n'), body],
    ['a private key in base64', `x ${base64(pem)} y`, base64(pem).slice(0, 60)],
    ['a join token', `joined with ${token}.`, 'ff1ce'],
    ['a web token', `got ${jwt}`, 'c2lnbmF0dXJl'],
    [
      'a join token of Canonical Kubernetes',
      `k8s join-cluster ${base64('{"token":"abc","secret":"x"}')}`,
      'InNlY3JldCI6',
    ],
    ['a bearer token', 'curl -H "Authorization: Bearer abcdef"', 'abcdef'],
    ['a bearer token in a log', 'bearer 0123456789abcdef refused', '0123456789abcdef'],
    ['an AWS key', 'AKIAABCDEFGHIJKLMNOP', 'ABCDEFGHIJKLMNOP'],
    ['an AWS secret', 'aws_secret_access_key = wJalr/bPx+K7', 'wJalr'],
    ['a GitLab token', `cloned with glpat-${'x7_Y'.repeat(5)}.`, 'x7_Y'],
    ['a Rancher token', `token-abc12:${'x7'.repeat(27)}`, 'x7x7'],
    ['a token of a Rancher agent', `got agent-xy12z:${'x7'.repeat(27)} back`, 'x7x7'],
    ['a password of three digits', 'password: 908', '908'],
    ['a password of four digits', 'password: 4711', '4711'],
    ['a password of six digits', 'password: 471108', '471108'],
    ['a password hash', `ops:$6$salt$${'Ab1/'.repeat(20)}:19000:0`, 'Ab1/'],
    ['a password in an address', 'https://ops:hunter9@reg.example/v2', 'hunter9'],
    ['YAML', 'server: x\ntoken: abc123\nmode: "0600"', 'abc123'],
    ['YAML with a prefix', 'agent-token: "abc123"', 'abc123'],
    ['YAML in a list', '  - token: abc123', 'abc123'],
    ['YAML as a block', 'a: 1\ntoken: |\n  abc123\n  def456\nb: 2', 'def456'],
    ['YAML on the next line', 'token:\n  abc123\nb: 2', 'abc123'],
    ['YAML with spaces', 'password: my abc123 word # note', 'abc123'],
    ['YAML in single quotes', "client-secret: 'it''s abc123'", 'abc123'],
    ['kubeconfig', 'client-key-data: QUJDREVG', 'QUJDREVG'],
    ['JSON', '{"clientSecret":"abc123","x":1}', 'abc123'],
    ['JSON with an escaped quote', '{"password":"a\\"bc123","x":1}', 'bc123'],
    ['JSON in JSON', JSON.stringify(JSON.stringify({ token: 'a"bc123' })), 'bc123'],
    ['YAML in JSON', JSON.stringify('a: b\ntoken: abc123\nc: d'), 'abc123'],
    ['the environment', 'export RKE2_TOKEN=abc123', 'abc123'],
    ['ini', 'db_password=abc123; x=1', 'abc123'],
    ['an argument', 'rke2 server --token=abc123 --x', 'abc123'],
    ['an argument in two words', 'rke2 server --agent-token abc123 --x', 'abc123'],
    ['an argument of a process', 'rke2\u0001--token\u0001abc123\u0001--x', 'abc123'],
    ['a quoted argument', `rke2 '--token=abc123' --password "x abc123"`, 'abc123'],
    ['a short name', 'pass: Xabc123', 'Xabc123'],
    ['a shorter name', 'pw: Xabc123', 'Xabc123'],
    ['a name with a dot', 'db.pass=Xabc123', 'Xabc123'],
    ['a quoted argument of a list', '- "token-auth-pw=Xabc123"', 'Xabc123'],
    ['a key of Azure', 'aadClientKey: Xabc123', 'Xabc123'],
    ['a shared key', 'PresharedKey=Xabc123', 'Xabc123'],
    ['a proxy without a scheme', 'http_proxy: u:Xabc123@p:3128', 'Xabc123'],
    ['a token of kubeadm', 'kubeadm join h:6443 with abcdef.0123456789abcdef', '0123456789abcdef'],
    ['a token of Vault', `got hvs.${'CAESIx7_'.repeat(4)}`, 'CAESI'],
    ['a token of Slack', 'xoxb-1234-Xabc123', 'Xabc123'],
    ['a user of curl', 'curl -s -u ops:Xabc123 https://h', 'Xabc123'],
    ['a password of sshpass', 'sshpass -p Xabc123 ssh h', 'Xabc123'],
    ['a word in angle brackets', 'password: <Xabc1234>', 'Xabc1234'],
    ['a word in braces', 'token: {Xabc1234}', 'Xabc1234'],
    ['a Secret', 'kind: Secret\ndata:\n  foo: QUJDREVG\ntype: Opaque', 'QUJDREVG'],
    ['a Secret in JSON', '{"data":{"a":"QQ==","foo":"QUJDREVG"},"kind":"Secret"}', 'QUJDREVG'],
    ['a block that a difference adds', ' a: 1\n+token: |\n+  Xabc123\n+  more123\n b: 2', 'more123'],
    ['a DSN without a scheme', 'dial root:Passw0rd@tcp(10.0.0.9:3306)/k: refused', 'Passw0rd'],
    ['a DSN with an at and a slash', 'u:p@ss/w0rd@unix(/run/mysql.sock)/k', 'w0rd'],
    ['a DSN without a protocol', 'u:Xabc123@(db:3306)/k', 'Xabc123'],
    [
      'a password said in quotes',
      'level=error msg="login with password \'hunter22abc\' failed"',
      'hunter22abc',
    ],
    ['a password of letters in quotes', 'bad password "correcthorse" for ops', 'correcthorse'],
    ['a password in escaped quotes', 'msg="password \\"my hunter 22\\" refused"', 'hunter'],
    ['a token in escaped quotes', 'msg="bad token \\"hunter23abc\\" from cp-2"', 'hunter23abc'],
    ['a token that a sentence says', 'the token is hunter22, use it', 'hunter22'],
    ['a password that a sentence says', 'Your password was: Xabc1234.', 'Xabc1234'],
    ['a password for somebody', '# password for root: SECR011cmt\nx: 1', 'SECR011cmt'],
    ['a password of somebody', 'The password of the root user on cp-1: Xabc-123.', 'Xabc-123'],
    ['a password for somebody in a command', "printf %s '# password for root: Xabc.123'", 'Xabc.123'],
    ['a password for somebody and more', 'passwd for root = hunter2 # of 2020', 'hunter2'],
    ['a password for somebody in parentheses', '# Password (root, cp-1): Xabc-123', 'Xabc-123'],
    ['a password for somebody in quotes', 'password for root: "correct horse 7"', 'horse'],
    ['a password for somebody in a sentence', 'The password for root is hunter22, use it', 'hunter22'],
    ['a password of letters in a comment', '# password for root: correcthorse', 'correcthorse'],
    ['a short name for somebody', '; pw for root@cp-1: Xabc123', 'Xabc123'],
    ['a token for somebody', '// token for cp-2: Xabc1234 until May', 'Xabc1234'],
    ['credentials for somebody', '# credentials for reg:5000: ops/Xabc123', 'Xabc123'],
    [
      'a password for somebody behind a line break that is written out',
      '#a\\n# password for root: Xabc123\\nb',
      'Xabc123',
    ],
    ['a cookie', 'Cookie: lang=en; R_SESS=token-abcde:zzz9; CSRF=abc', 'zzz9'],
    ['a cookie that is set', 'Set-Cookie: R_SESS=token-abcde:zzz9; Path=/; Secure', 'zzz9'],
    ['a cookie as Go prints it', 'map[Cookie:[R_SESS=token-abcde:zzz9] Accept:[*/*]]', 'zzz9'],
    ['a cookie in JSON', '{"headers":{"Cookie":["R_SESS=token-abcde:zzz9"]}}', 'zzz9'],
    ['a session of Rancher', "curl -b 'R_SESS=token-abcde:zzz9' https://h", 'zzz9'],
    ['a user of curl among flags', 'curl -sku admin:hunter24 https://h/v3', 'hunter24'],
    ['a user of curl at the end of its flag', 'curl -k -suadmin:hunter24 https://h/v3', 'hunter24'],
    ['a password of curl with a space', "curl -ku 'admin:hunter 24x' https://h/v3", '24x'],
    ['a flag whose secret begins like a sentence', 'rke2 server --token is.abc123 --x', 'abc123'],
    ['a secret that begins like a flag', 'rke2 server --token -hSVKKhYewzkwf4z_e68i --x', 'wzkwf4z'],
    ['a user of etcdctl', 'etcdctl --endpoints h:2379 --user root:hunter22 get /', 'hunter22'],
    ['a password of wget', 'wget --user ops --password hunter22 https://h', 'hunter22'],
    ['a password of openssl', 'openssl rsa -in k.pem -passin pass:hunter -out x', 'hunter'],
    ['a password of htpasswd', 'htpasswd -b f u hunter22', 'hunter22'],
    ['a password of htpasswd on its output', "htpasswd -nbB u 'hunter 22' | tee f", 'hunter'],
    ['netrc', 'machine h login u password S3cretPw1', 'S3cretPw1'],
    ['netrc over lines', 'machine h\n  login u\n  password hunter-two\n', 'hunter-two'],
    ['a password alone on its line', 'login u\n  password S3cretPw1\n', 'S3cretPw1'],
    ['a variable of a unit', 'Environment="RKE2_TOKEN=abc Xabc123"', 'Xabc123'],
    ['a second variable of a unit', 'Environment="A=b" "RKE2_TOKEN=abc Xabc123"', 'Xabc123'],
    ['a variable in a list', '- "RKE2_TOKEN=abc Xabc123"', 'Xabc123'],
    ['a variable of a container', "docker run -e 'RKE2_TOKEN=abc Xabc123' x", 'Xabc123'],
    ['JSON with the colon on the next line', '{"token"\n:\n"Xabc123"}', 'Xabc123'],
    ['JSON with the value on the next line', '{"a":1,"token":\n"Xabc123"}', 'Xabc123'],
    [
      'a Secret with a block',
      'kind: Secret\nstringData:\n  foo: |\n    Xabc\n    more123\ntype: Opaque',
      'more123',
    ],
    [
      'a Secret with quotes over lines',
      'kind: Secret\nstringData:\n  foo: "a\n    more123"\n  bar: x',
      'more123',
    ],
    [
      'a Secret with a folded block',
      'kind: Secret\ndata:\n  foo: >-\n\n    QUJDREVG\n  bar: QUJD',
      'QUJDREVG',
    ],
    ['a Secret in plain text', 'kind: Secret\nstringData:\n  foo: more123\n  bar: x', 'more123'],
    ['a Secret in plain text in JSON', '{"kind":"Secret","stringData":{"foo":"more123"}}', 'more123'],
    ['a Secret in flow style', 'kind: Secret\ndata: {foo: QUJDREVG, "bar": x}', 'QUJDREVG'],
    [
      'a Secret in flow style over lines',
      'kind: Secret\ndata: {\n  foo: QUJD,\n  bar: more123\n}',
      'more123',
    ],
    ['a Secret with a brace in a key', '{"kind":"Secret","data":{"a}b":"QUJD","foo":"more123"}}', 'more123'],
    [
      'a Secret with a brace in a value',
      '{"kind":"Secret","stringData":{"a":"}{","foo":"more123"}}',
      'more123',
    ],
    [
      'a Secret with a quote in a value',
      '{"kind":"Secret","stringData":{"a":"x\\"y","foo":"more123"}}',
      'more123',
    ],
    [
      'a Secret in JSON in JSON',
      JSON.stringify('{"kind":"Secret","data":{"a}":"QUJD","foo":"more123"}}'),
      'more123',
    ],
    [
      'a Secret in indented JSON',
      JSON.stringify({ kind: 'Secret', data: { a: 'QUJD', foo: 'more123' } }, null, 2),
      'more123',
    ],
    [
      'a list of Secrets',
      '{"kind":"SecretList","items":[{"data":{"a":"QQ=="}},{"data":{"foo":"QUJDREVG"}}]}',
      'QUJDREVG',
    ],
    [
      'a list of Secrets in YAML',
      'kind: SecretList\nitems:\n- data:\n    foo: QUJDREVG\n  type: Opaque',
      'QUJDREVG',
    ],
    [
      'a difference of a Secret',
      ' kind: Secret\n stringData:\n+  foo: |\n+    more123\n type: Opaque',
      'more123',
    ],
    ['an encryption key', 'keys:\n- name: key1\n  secret: QUJDabc123Rw==', 'abc123'],
  ])('is covered: %s', (_, text, telling) => {
    expect(text).toContain(telling);
    const covered = knowing()(text);
    expect(covered).toContain('[redacted]');
    expect(covered).not.toContain(telling);
    expect(knowing()(covered)).toBe(covered);
    expect(JSON.stringify(knowing()({ output: text.split('\n') }))).not.toContain(telling);
  });

  it('is covered when signs that nobody sees split its name, and other such signs stay', () => {
    expect(knowing()('to\u200bken: Xabc123')).toBe('token: [redacted]');
    expect(knowing()('\ufeffmode: 0\u200b')).toBe('\ufeffmode: 0\u200b');
    expect(knowing()('\ufefftoken: Xabc123')).toBe('\ufefftoken: [redacted]');
  });

  it.each([
    'token: /etc/rancher/token',
    'token: {{ .Values.token }}',
    'token: $\u007bRKE2_TOKEN}',
    'token: {name}',
    'password: <your-password>',
    'pass: 12',
    'pass: true',
    '9 pass · 2 fail; pass=7',
    'bypass: enabled1',
    'http_proxy: http://proxy:3128',
    'no_proxy: 10.0.0.0/8,host:8080',
    'kind: ConfigMap\ndata:\n  foo: QUJDREVG',
    'kind: Secret\nmetadata:\n  name: foo\ntype: Opaque',
    'v1.33.6+rke2r1, kernel.panic_on_oops = 1, docker.internalnetwork',
    'curl -s https://h:6443/livez -u',
    '+profile: |\n+  cis-1.6',
    'wget --password-file f, htpasswd -c f u, openssl -passin env:P',
    'password must be changed, token is missing, secret is required',
    'password   requisite   pam_pwquality.so retry=3\npassword   include   common-password',
    'password sufficient pam_unix.so sha512 shadow',
    'secret "rancher-tls-2048" not found; token "default-token" gone; token "" empty',
    'token is expired, password is base64encoded, token is v1beta1, token is 24h0m0s old',
    'the password is /etc/x1234567 and the token is cp-1.example.org',
    '[sudo] password for ops: \nvm.overcommit_memory1: 1',
    '[sudo] password for ops: Sorry, try again.',
    '# password for root: see the vault\n# password of ops: unknown\n# password for x: none',
    '# the password for root is kept in the vault: ask ops1234 for it',
    'Password of admin on cp-1: refused. The password for ops: node-12 did not take it.',
    'needs no password for anything else, so the token of an administrator is asked for: type it',
    "Password for 'https://ops@git.example.org:8443': ",
    'token for namespace kube-system: v1beta1, token of cp-1: 24h0m0s old',
    'password for root: /etc/rancher/x1234567, password of ops: <password-1>',
    'cookie=0x2b3c4d5e, duration=12.5s, table=0',
    'Set-Cookie is missing; a Cookie: header was sent',
    'ssh ops@10.0.0.1:22, git@host:ops/x(1), a:b@c',
    'curl -su https://h:6443/livez',
    'docker run --user 1000:1000 x; etcdctl --user root get /',
    'kind: SecretList\nitems: []',
    '? mode\n: "0600"\n',
    '{"token":\n{"a":1}}',
    '"token":\n"mode": "0600"',
    'Environment="A=b c" "PATH=/usr/bin"',
  ])('stays readable: %j', (text) => {
    expect(knowing()(text)).toBe(text);
    expect(knowing()({ output: text.split('\n') })).toEqual({ output: text.split('\n') });
  });

  it('covers words of a command and fields of an object', () => {
    expect(knowing()(['rke2', '--token', 'abc123', '--server', 'x'])).toEqual([
      'rke2',
      '--token',
      '[redacted]',
      '--server',
      'x',
    ]);
    expect(knowing()({ token: 'abc123', password: 1234, secret: ['abc123'], tokens: 3 })).toEqual({
      token: '[redacted]',
      password: '[redacted]',
      secret: ['[redacted]'],
      tokens: 3,
    });
  });

  it('leaves the rest of the text where it was', () => {
    expect(knowing()('a: 1\ntoken: abc123 # mine\nb: 2')).toBe('a: 1\ntoken: [redacted] # mine\nb: 2');
    expect(knowing()('{"token":"abc123","b":2}')).toBe('{"token":"[redacted]","b":2}');
    expect(knowing()('Set-Cookie: R_SESS=abc123; Path=/; Secure')).toBe(
      'Set-Cookie: R_SESS=[redacted]; Path=/; Secure',
    );
    expect(knowing()('kind: Secret\nstringData:\n  a: |\n    x\n    y\n  b: z\ntype: Opaque')).toBe(
      'kind: Secret\nstringData:\n  a: |\n    [redacted]\n  b: [redacted]\ntype: Opaque',
    );
    expect(knowing()('{"kind":"Secret","data":{"a}":"eA==","b":"eQ=="},"type":"Opaque"}')).toBe(
      '{"kind":"Secret","data":{"a}":"[redacted]","b":"[redacted]"},"type":"Opaque"}',
    );
    expect(knowing()('--token not-given --x --auth-token given1')).toBe(
      '--token [redacted] --x --auth-token [redacted]',
    );
  });
});

describe('ordinary evidence', () => {
  it.each([
    'protect-kernel-defaults: true',
    'secrets-encryption: true',
    'automountServiceAccountToken: false',
    '{"automountServiceAccountToken":false,"secretName":"tls","kind":"Secret"}',
    'kube-apiserver-arg:\n  - token-auth-file=/etc/tokens.csv\n  - authorization-mode=Node,RBAC',
    '--service-account-key-file=/var/lib/rancher/rke2/server/tls/service.key --anonymous-auth=false',
    '--authentication-token-webhook=true --authentication-token-webhook-cache-ttl=2m',
    '--enable-bootstrap-token-auth=true --token-ttl 24h',
    'kube-apiserver --enable-bootstrap-token-auth not given',
    '--enable-bootstrap-token-auth is true, --anonymous-auth given, --client-cert-auth must be true',
    'etcd --client-cert-auth not given, --peer-client-cert-auth empty',
    '--client-cert-auth -tls-min-version12 --peer-client-cert-auth -TLSMinVersion=VersionTLS12',
    '--anonymous-auth false, --profiling false; --client-cert-auth true.',
    '--encryption-provider-config=/var/lib/rancher/rke2/server/cred/encryption-config.json',
    '/var/lib/rancher/rke2/server/token: 0600 root:root',
    'token: /var/lib/rancher/rke2/server/token',
    'token: ""',
    'token: not set',
    `token: $\{TOKEN}`,
    'password: {{ vault.password }}',
    'volumes:\n- projected:\n    sources:\n    - serviceAccountToken:\n        path: token\n        expirationSeconds: 3607',
    'resources: [secrets, configmaps]\nverbs: ["get"]',
    'volumes:\n- secret:\n    secretName: tls',
    'kernel.keys.root_maxkeys = 1000000\nkernel.keys.root_maxbytes = 25000000',
    'passwd:         files systemd\nshadow:         files',
    'useradd: cannot lock /etc/passwd; try again later.',
    'etcd:x:52034:52034:etcd user:/home/etcd:/sbin/nologin',
    'PasswordAuthentication no\nPermitEmptyPasswords no',
    'SHA256:uNiVztksCsDhcc0u9e8BgrJXVGcFXxbXrsRVcM5kRBE',
    '3f786850e387550fdab836ed7e6dc881de23001b3f786850e387550fdab836ed  /etc/rancher/rke2/config.yaml',
    '-----BEGIN CERTIFICATE-----\nMIIBkTCB+wIJAKHHIG\n-----END CERTIFICATE-----',
    `certificate-authority-data: ${base64('-----BEGIN CERTIFICATE-----\nMIIBkTCB')}`,
    'etcd holds every object of the cluster, Secrets included; only its own account should reach it.',
    'Bearer tokens are not accepted; bearer authentication is off',
    'https://10.0.0.1:6443/healthz ok, ssh ops@10.0.0.1:22',
    '9 pass · 2 fail · 1 unknown',
    '[ "$(sha256sum < /etc/x | cut -c1-64)" = 3f786850 ] || echo \'$1$2\'',
    'awk \'{ print $5$6 }\' "$KEPT/0.after"',
    'v1.33.6+rke2r1 (linux/amd64) go1.24.6 X:boringcrypto',
  ])('stays as it is: %s', (text) => {
    expect(knowing('Some-0ther-Secret')(text)).toBe(text);
    expect(knowing('Some-0ther-Secret')({ output: text.split('\n') })).toEqual({ output: text.split('\n') });
  });

  it('made at random stays as it is', () => {
    const { below, pick, text } = random(11);
    const word = () => text('abcdefghijklmnopqrstuvwxyz', 2 + below(9));
    const parts: readonly (() => string)[] = [
      () => `/${word()}/${word()}.d/${below(99)}-${word()}.conf`,
      () => `0${text('01234567', 3)} ${word()}:${word()}`,
      () => `${word()}.${word()}_${word()} = ${below(100000)}`,
      () => `--${word()}-${word()}=${word()},${word()}`,
      () => `${word()}: "${word()} ${word()}"`,
      () => text('0123456789abcdef', 64),
      () => `${below(256)}.${below(256)}.${below(256)}.${below(256)}:${below(65536)}`,
      () => `{"${word()}":{"${word()}":[${below(9)},"${word()}"]}}`,
    ];
    const redact = knowing('Some-0ther-Secret');
    for (let i = 0; i < 3000; i++) {
      const line = Array.from({ length: 1 + below(4) }, () => pick(parts)()).join(pick([' ', '\n', ', ']));
      expect(redact(line)).toBe(line);
    }
  });
});

describe('at random', () => {
  it('no known secret stays in any text, and twice is the same as once', () => {
    const { below, pick, text } = random(7);
    for (let i = 0; i < 1000; i++) {
      const alphabet = pick([letters, `${letters}"'\\/ %&+=<>{}$\`~éü✔`]);
      const secret = `${text(letters, 4)}${text(alphabet, 6 + below(30))}${text('0123456789', 2)}`;
      const spell = pick([
        (s: string) => s,
        base64,
        encodeURIComponent,
        (s: string) => JSON.stringify(s),
        (s: string) => JSON.stringify({ a: [s] }),
      ]);
      const around = text(' abc:=,"\n-', below(20));
      const redact = knowing(secret);
      const covered = redact({ x: [around + spell(secret) + around, secret], y: `${around}${secret}` });
      const all = JSON.stringify(covered);
      for (const form of [secret, JSON.stringify(secret).slice(1, -1), base64(secret).slice(0, -4)])
        expect(all.includes(form), JSON.stringify({ secret, around })).toBe(false);
      expect(redact(covered)).toEqual(covered);
    }
  });

  it('hostile text costs no more than its length', () => {
    const redact = knowing('Some-0ther-Secret');
    const size = 200_000;
    for (const unit of [
      'token',
      'a',
      '\\',
      '"',
      'token: |\n',
      'password=',
      ['-----BEGIN', 'PRIVATE', 'KEY-----'].join(' '),
      '--token ',
      'eyJ',
      '$6$',
      '://',
      ' ',
      '\n',
      'token:\n ',
      'a:',
      'curl ',
      'a-',
      'pass=',
      '_proxy=a:',
      'kind: Secret\ndata:\n a: 1\n',
      'kind: Secret\ndata:\n',
      '{"kind":"Secret","data":{"a":',
      '+token: |\n',
      'abcdef.',
      'to\u200bken: ',
      '{a1',
      'u:p@tcp(',
      'password "',
      "password '",
      'token is ',
      'Cookie: a=',
      'curl -ku a:',
      'htpasswd -b ',
      'machine a login b ',
      'password a\n',
      'password for ',
      '# password for a: b',
      '#',
      '"token"\n',
      '? token\n',
      'Environment="token=a ',
      'a-passwd',
      '{"kind":"SecretList","data":{a',
      'kind: Secret\nstringData:\n a: |\n  b\n',
      'kind: Secret\ndata: {a: ',
      'kind: Secret\ndata: {"\\"',
      '+kind: Secret\n+data:\n+  a: |\n',
    ]) {
      const begin = performance.now();
      redact(unit.repeat(size / unit.length));
      expect(performance.now() - begin, unit).toBeLessThan(2000);
    }
  });

  it('a secret that is told again and again costs what it costs once', () => {
    const secret = 'correct horse battery staple';
    const event = { output: Array.from({ length: 20 }, (_, i) => `line ${i} says ${secret} and goes on`) };
    const least = (redact: (value: typeof event) => unknown): number => {
      const runs = Array.from({ length: 9 }, () => {
        const begin = performance.now();
        redact(event);
        return performance.now() - begin;
      });
      return Math.min(...runs);
    };
    const again = knowing(...Array.from({ length: 500 }, () => secret), ` ${secret}\n`);
    expect(again(event)).toEqual(knowing(secret)(event));
    expect(least(again) / least(knowing(secret))).toBeLessThan(20);
  });
});
