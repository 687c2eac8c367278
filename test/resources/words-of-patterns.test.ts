import { describe, expect, it } from 'vitest';
import { argumentWish } from '../../src/resources/argument-test.ts';
import { resources } from '../../src/resources/index.ts';

const matches = '(([3-5]\\d|[1-9]\\d\\d+)m|[1-9]\\d*h)';
const flag = { flag: 'streaming-connection-idle-timeout', matches };
const wanted = {
  argument: { process: 'kubelet', ...flag },
  kubelet: { field: 'streamingConnectionIdleTimeout', folder: '/etc/kubelet.d', ...flag },
  'argument-file': { service: 'kubelet', ...flag },
  'configured-argument': { service: 'kubelet', ...flag },
  container: { name: 'kubelet', ...flag },
} as const;

describe('a regular expression is for the program, and people read its words', () => {
  it.each(Object.entries(wanted))('%s asks for them', (type, spec) => {
    const { schema } = resources.get(type) ?? {};
    expect(() => schema?.parse(spec)).toThrow('says in words what matches is like');
    expect(() => schema?.parse({ ...spec, like: 'of half an hour or more' })).not.toThrow();
    const { matches: _, ...without } = spec;
    expect(() => schema?.parse({ ...without, present: true, like: 'of half an hour or more' })).toThrow(
      'says in words what matches is like',
    );
  });

  it('shows them, and the value that would be written', () => {
    const like = 'of half an hour or more';
    expect(argumentWish({ matches, like })).toBe(like);
    expect(argumentWish({ matches, like, value: '30m' })).toBe(`${like}, such as 30m`);
  });
});
