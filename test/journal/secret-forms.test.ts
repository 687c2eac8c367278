import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/journal/redactor.ts';
import { defaultArguments } from '../../src/lab/canonical-defaults.ts';
import { secretsIn } from '../../src/resources/secrets.ts';
import { forms, S } from './secret-forms.ts';

// By sight alone these may be references, or the name is spelled so that only a parser reads it.
const needParsing = [
  'an anchor elsewhere',
  'an escaped key',
  'tokens',
  'a path that is none',
  'an added key',
  'a variable of a container',
  'a variable in a manifest in a text',
];

const telling = new RegExp(`${S.slice(1)}|x533cret`, 'i');

describe('a secret in a file', () => {
  it.each(Object.entries(forms))('is covered once the file was read: %s', (_, text) => {
    const redactor = createRedactor();
    for (const secret of secretsIn(text)) redactor.add(secret);
    const change = { steps: [{ kind: 'write-file', path: '/etc/x', content: text, textBefore: text }] };
    expect(redactor.redact({ text, change, lines: text.split('\n') })).toSatisfy(
      (kept) => !telling.test(JSON.stringify(kept)),
    );
  });

  it.each(Object.entries(forms).filter(([form]) => !needParsing.includes(form)))(
    'is covered by sight: %s',
    (_, text) => {
      const redact = createRedactor().redact;
      expect(redact(text)).not.toMatch(telling);
      expect(redact(text.split('\n')).join('\n')).not.toMatch(telling);
      expect(redact(redact(text))).toBe(redact(text));
    },
  );

  it('does not cover what is none', () => {
    const plain =
      'server: https://10.0.0.1:9345\nprofile: cis-1.6\nwrite-kubeconfig-mode: "0640"\nkube-apiserver-arg:\n  - tls-private-key-file=/etc/x.key\n  - anonymous-auth=false\nsecrets-encryption: true\nvm.overcommit_memory = 1\nsecrets:\n- name: sh.helm\n';
    expect(secretsIn(plain)).toEqual([]);
    expect(createRedactor().redact(plain)).toBe(plain);
  });

  describe('in a file of arguments', () => {
    const roles = ['server', 'etcd'] as const;
    const written = Object.entries(defaultArguments({ roles })).flatMap(([service, flags]) => {
      const words = Object.entries(flags).map(([flag, value]) => `--${flag}="${value}"`);
      return ['\n', ' '].map((between): readonly [string, string, string] => [
        service,
        between === '\n' ? 'a line each' : 'one line',
        `${words.toSorted().join(between)}\n`,
      ]);
    });

    it.each(written)('nothing of %s is taken for one, %s', (_, __, text) => {
      expect(secretsIn(text)).toEqual([]);
    });

    it.each(['\n', ' '])('a flag that is one is covered, and no other (between: %j)', (between) => {
      const text = (secret: string) =>
        ['--anonymous-auth="false"', `--etcd-password="${secret}"`, '--profiling="false"'].join(between);
      const redactor = createRedactor();
      for (const secret of secretsIn(text(S))) redactor.add(secret);
      expect(redactor.redact(`printf %s '${text(S)}'`)).toBe(`printf %s '${text('[redacted]')}'`);
    });
  });
});
