import { expect, it } from 'vitest';
import { readStat } from '../../src/domain/evidence.ts';

it('calls an owner without a name by the number, so that it can go back', () => {
  const read = (text: string) => readStat({ kind: 'said', text }, '/x');
  expect(read('644|UNKNOWN|UNKNOWN|4711|4712|1|2|regular file')).toMatchObject({
    value: { owner: '4711', group: '4712' },
  });
  expect(read('644|root|UNKNOWN|0|4712|1|2|regular file')).toMatchObject({
    value: { owner: 'root', group: '4712' },
  });
});
