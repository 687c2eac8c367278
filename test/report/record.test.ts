import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formats } from '../../src/report/index.ts';
import type { Chain } from '../../src/report/input.ts';
import { inputOf, smallProfile, smallSession } from './fixture.ts';

const head = 'ab'.repeat(32);
const said: readonly (readonly [Chain, string])[] = [
  ['whole', 'the chain is whole up to its end'],
  ['not ended', 'it has no end: later entries may be missing'],
  [
    'still open',
    'written while the session was still open, and an export after leaving it gives the final one',
  ],
  ['end not on record', 'no head on record says that it is the last'],
  ['cut off after line 4', 'the record was cut off after line 4: entries that stood there are missing'],
  ['changed up to line 8', 'the record was changed up to line 8: it is not the one that was closed'],
  [
    'added to after line 5',
    'the record was added to after line 5, where it had been closed: what stands after that line is no proof',
  ],
  ['damaged at line 9', 'the chain is damaged at line 9: only what stands before that is shown'],
];
const schema = JSON.parse(
  readFileSync(new URL('../../docs/transcript.schema.json', import.meta.url), 'utf8'),
);

it.each(said)(
  'every form says of a record that is “%s” how far it may be believed, and its last hash',
  (chain, words) => {
    const input = { ...inputOf(smallSession, smallProfile, chain), head };
    for (const { id, render } of formats) {
      const text = render(input);
      if (id === 'json') expect(JSON.parse(text).record).toMatchObject({ chain, head });
      else expect(text, id).toContain(words);
      expect(text, id).toContain(head);
    }
    expect(chain).toMatch(new RegExp(schema.properties.record.properties.chain.pattern));
  },
);
