/** A figure against its goal. */
export type Judged = {
  readonly what: string;
  readonly figure: number;
  readonly atMost: number;
  readonly unit: string;
};

const judged: Judged[] = [];

/** Prints a figure that has no goal. */
export function tell(what: string, figure: number, unit: string): void {
  console.log(`       ${what.padEnd(72)} ${shown(figure).padStart(8)} ${unit}`);
}

/** Prints a figure with PASS or MISS. */
export function judge(one: Judged): void {
  judged.push(one);
  const word = one.figure <= one.atMost ? 'PASS' : 'MISS';
  console.log(
    `  ${word} ${one.what.padEnd(72)} ${shown(one.figure).padStart(8)} ${one.unit} (at most ${shown(one.atMost)})`,
  );
}

/** Prints what was left out, so that nobody takes silence for success. */
export function leftOut(what: string, why: string): void {
  console.log(`  LEFT OUT ${what}: ${why}`);
}

/** How many goals were missed. */
export function misses(): number {
  return judged.filter((j) => !(j.figure <= j.atMost)).length;
}

function shown(figure: number): string {
  if (Number.isInteger(figure)) return String(figure);
  return figure < 0.1 ? figure.toFixed(4) : figure < 10 ? figure.toFixed(3) : figure.toFixed(1);
}
