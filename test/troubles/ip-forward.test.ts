import { expect, test } from 'vitest';
import { lessonOf } from '../../src/domain/trouble.ts';
import { shippedProfiles } from '../controls/practice.ts';

test.each(await shippedProfiles())(
  '$distribution.id: a baseline is only blamed where a file says so',
  (profile) => {
    for (const trouble of profile.troubles ?? []) {
      const means = lessonOf(trouble, 'ip-forward')?.means ?? '';
      const blames = means.split('. ').filter((sentence) => sentence.includes('baseline'));
      for (const sentence of blames) expect(sentence).toMatch(/^Where a file sets 0, /);
      if (means !== '') expect(means).toMatch(/Where no file sets it, /);
    }
  },
);
