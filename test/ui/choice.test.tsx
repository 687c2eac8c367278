import { cleanup, render } from 'ink-testing-library';
import { afterEach, expect, it } from 'vitest';
import { Choice } from '../../src/ui/components/Choice.tsx';

const look = { columns: 80, rows: 24, height: 19, ascii: false, color: false, plain: false };
const items = ['one', 'two', 'three'].map((id) => ({ id, label: `item ${id}`, about: '' }));

afterEach(cleanup);

it('draws the highlight it is given and takes no key of its own', async () => {
  const { lastFrame, stdin, rerender } = render(<Choice items={items} focus={1} look={look} />);
  const before = lastFrame();
  expect(before?.split('\n').map((l) => l.trimEnd())).toEqual([
    '   item one',
    ' ❯ item two',
    '   item three',
  ]);
  stdin.write('3');
  stdin.write('\r');
  stdin.write('\u001b[B');
  await new Promise((resolve) => setImmediate(resolve));
  expect(lastFrame()).toBe(before);
  rerender(<Choice items={items} focus={2} look={look} />);
  expect(lastFrame()).toContain(' ❯ item three');
});

it('draws nothing where there is nothing to choose', () => {
  expect(render(<Choice items={[]} focus={0} look={look} />).lastFrame()).toBe('');
});
