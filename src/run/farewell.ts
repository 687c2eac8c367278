/** What is on record of a session that was left: where, under which id, and how it closed. */
type Left = {
  readonly journal: string;
  readonly id: string;
  /** What starts this program here. */
  readonly command: string;
  /** The hash of the last line; undefined where the record was not closed in order. */
  readonly head: string | undefined;
};

/** What is printed on leaving: each path and each command alone on its line and whole, so that it can be copied. */
export function farewell({ journal, id, command, head }: Left): string {
  const proof =
    head === undefined
      ? []
      : [
          `Last hash: ${head}`,
          'Keep it somewhere else. Later this says whether anything was cut off or changed:',
          `  ${command} verify ${id} --head ${head}`,
        ];
  return ['Record:', `  ${journal}`, 'Transcript:', `  ${command} export ${id}`, ...proof, ''].join('\n');
}
