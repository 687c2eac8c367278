import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Built, builtProgram } from './build.ts';
import { type PictureName, takePictures, titles } from './pictures.ts';
import { screenToSvg, svgToText } from './svg.ts';
import { whyNoTmux } from './tmux.ts';

const missing = whyNoTmux();
if (missing) console.warn(`LEFT OUT: whether the pictures are true: ${missing}`);

const root = resolve(import.meta.dirname, '../..');
const names = Object.keys(titles) as readonly PictureName[];
const onDisk = (name: PictureName): string =>
  readFileSync(resolve(root, 'docs/pictures', `${name}.svg`), 'utf8');

describe('a screen as a picture', () => {
  it('keeps words, columns and colours', () => {
    const svg = screenToSvg(
      ['plain \x1b[1;31mbold <red>\x1b[0m', '', ' \x1b[32m✔\x1b[39m \x1b[2mdim\x1b[22m'],
      20,
      'a & b',
    );
    expect(svg).toContain('<title>a &amp; b</title>');
    expect(svg).toContain('fill="#f0717a" font-weight="bold"');
    expect(svg).toMatch(/<text x="66.4"[^>]*>bold &lt;red&gt;</);
    expect(svg).toMatch(/<text x="24.4"[^>]*fill="#7fca72"[^>]*>✔</);
    expect(svg).toMatch(/fill="#8b919d"[^>]*>dim</);
    expect(svgToText(svg)).toBe('plainbold &lt;red&gt;\n✔dim');
  });
});

describe('the pictures of the README', () => {
  it.each(names)('%s has nothing of this machine, and needs nothing from elsewhere', (name) => {
    const svg = onDisk(name);
    expect(svg).not.toMatch(/href|url\(|@import|<script|<image/);
    expect(svg).not.toMatch(/\/(tmp|root|home|work)\//);
    expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
  });

  it.skipIf(missing !== undefined)(
    'show what the program shows (else: npm run pictures)',
    { timeout: 180_000 },
    async () => {
      let built: Built | undefined;
      try {
        built = await builtProgram();
        const taken = await takePictures(built.program);
        for (const name of names) {
          expect(svgToText(taken.get(name) ?? ''), name).toBe(svgToText(onDisk(name)));
          expect(taken.get(name), name).toBe(onDisk(name));
        }
      } finally {
        built?.remove();
      }
    },
  );
});
