import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/journal/redactor.ts';
import { secretsIn } from '../../src/resources/secrets.ts';
import { forms, S } from './secret-forms.ts';

// By sight alone these may be references, or the name is spelled so that only a parser reads it.
const needParsing = [
  'an anchor elsewhere',
  'an explicit key',
  'an escaped key',
  'tokens',
  'a path that is none',
  'an added key',
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
});
