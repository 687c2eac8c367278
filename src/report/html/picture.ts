import { controlAnchor, type Words } from '../blocks.ts';
import { count, names } from '../clean.ts';
import type { Standing } from '../counts.ts';
import { markupLine } from '../markup.ts';
import { controlName } from '../open-lines.ts';
import type { Row } from '../scope.ts';
import { drawn, marks } from './marks.ts';

// So much of a table still can be read on a sheet of paper; what is more becomes a picture of its own.
const mostPlaces = 50;
const mostControls = 40;
const side = 10;
const pitch = 12;
const labels = 96;
const top = 78;
const letters = 14;

/** One picture: its controls, the number of the first among all, and its places. */
type Sheet = {
  readonly rows: readonly Row[];
  readonly first: number;
  readonly places: readonly string[];
  readonly words: Words;
};

/** Every control on every place as squares, in as many pictures as they need, and what the squares mean. */
export function picture(rows: readonly Row[], words: Words): string {
  const places = [...new Set(rows.flatMap((row) => row.cells.map((cell) => cell.place)))];
  const drawings = cut(rows, mostControls).flatMap((some, block) =>
    cut(places, mostPlaces).map((columns) =>
      drawing({ rows: some, first: block * mostControls, places: columns, words }),
    ),
  );
  return `<figure><figcaption>Every control on every place, as it is now. The tables below say the same in words.${legend(words)}</figcaption>${drawings.join('\n')}</figure>`;
}

function drawing(sheet: Sheet): string {
  const { rows, first, places } = sheet;
  const wide = labels + places.length * pitch + 60;
  const high = top + rows.length * pitch + 4;
  const heads = places.map(
    (place, i) =>
      `<text transform="translate(${labels + i * pitch + 9} ${top - 4}) rotate(-60)">${short(place)}</text>`,
  );
  const about = `${count(rows.length, 'control')} on ${count(places.length, 'place')}: ${names(places.slice(0, 1))}${places.length > 1 ? ` to ${names(places.slice(-1))}` : ''}`;
  return `<svg class="picture" role="group" aria-label="${markupLine(about)}" width="${Math.round(wide * 1.4)}" viewBox="0 0 ${wide} ${high}">${heads.join('')}${rows.map((row, i) => line(sheet, row, first + i, top + i * pitch)).join('')}</svg>`;
}

/** One control: its number, which leads to its part of the report, and a square for each place. */
function line({ places, words }: Sheet, row: Row, index: number, y: number): string {
  const columns = new Map(places.map((place, i) => [place, i]));
  const by = new Map<Standing, { readonly x: number; readonly place: string }[]>();
  for (const { place, after } of row.cells) {
    const column = columns.get(place);
    if (column === undefined) continue;
    const standing = after?.kind ?? 'missing';
    by.set(standing, [...(by.get(standing) ?? []), { x: labels + column * pitch, place }]);
  }
  const found = drawn.flatMap((standing) => {
    const cells = by.get(standing);
    return cells ? [{ standing, cells }] : [];
  });
  const said = found.map(({ standing, cells }) => {
    const on = names(
      cells.map((cell) => cell.place),
      3,
    );
    return `${words[standing]} on ${on}`;
  });
  const title = `${controlName(row)}: ${said.join('; ')}`;
  const squares = found.map(({ standing, cells }) => {
    const { name, stroke } = marks[standing];
    const path = cells.map(({ x }) => `M${x} ${y}h${side}v${side}h-${side}z`).join('');
    const over = stroke && cells.map(({ x }) => `M${x} ${y}${stroke}`).join('');
    return `<path class="${name}" d="${path}"/>${over && `<path class="over" d="${over}"/>`}`;
  });
  const label = short(row.numbers[0] ?? row.control);
  return `<g><title>${markupLine(title)}</title><a href="#${controlAnchor(index)}" aria-label="${markupLine(title)}"><text x="${labels - 6}" y="${y + 9}" text-anchor="end">${label}</text></a>${squares.join('')}</g>`;
}

function legend(words: Words): string {
  const items = drawn.map(
    (standing) =>
      `<li>${badge(standing, words[standing])}<svg aria-hidden="true" class="key" viewBox="0 0 10 10">${key(standing)}</svg></li>`,
  );
  return `<ul class="legend">${items.join('')}</ul>`;
}

function key(standing: Standing): string {
  const { name, stroke } = marks[standing];
  return `<path class="${name}" d="M0 0h10v10h-10z"/>${stroke && `<path class="over" d="M0 0${stroke}"/>`}`;
}

/** The word of a standing with its sign. */
export function badge(standing: Standing, word: string): string {
  const { name, sign } = marks[standing];
  return `<span class="badge ${name}"><span aria-hidden="true">${sign} </span>${markupLine(word)}</span>`;
}

function short(text: string): string {
  return markupLine(text.length > letters ? `${text.slice(0, letters - 1)}…` : text);
}

function cut<T>(list: readonly T[], most: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / most) }, (_, i) =>
    list.slice(i * most, (i + 1) * most),
  );
}
