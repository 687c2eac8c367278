import type { Counts } from '../counts.ts';
import { drawn, marks } from './marks.ts';

const width = 120;

/** Counts as a bar, each standing as long as its share. The words beside it say the same, so it is hidden from who hears the page. */
export function bar(counts: Counts): string {
  const total = drawn.reduce((sum, standing) => sum + counts[standing], 0);
  if (total === 0) return '';
  let from = 0;
  const parts = drawn.flatMap((standing) => {
    if (counts[standing] === 0) return [];
    const [x, to] = [from, from + counts[standing]];
    from = to;
    return [`<rect class="${marks[standing].name}" x="${share(x)}" width="${share(to - x)}" height="10"/>`];
  });
  return `<svg class="bar" aria-hidden="true" viewBox="0 0 ${width} 10" preserveAspectRatio="none">${parts.join('')}</svg>`;

  function share(n: number): string {
    return String(Math.round((n * width * 100) / total) / 100);
  }
}
