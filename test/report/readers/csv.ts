/** Reads CSV as RFC 4180 has it and no other way: every field in quotes, every line with CRLF and as many fields as the first. */
export function readCsv(text: string): readonly (readonly string[])[] {
  if (!text.endsWith('\r\n')) throw new Error('the last line has no end');
  const lines = text
    .slice(0, -2)
    .split('\r\n')
    .map((line, n) => {
      if (!/^"(?:[^"\r\n]|"")*"(?:,"(?:[^"\r\n]|"")*")*$/.test(line))
        throw new Error(`line ${n + 1}: ${line}`);
      return [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map((m) => (m[1] ?? '').replaceAll('""', '"'));
    });
  for (const line of lines)
    if (line.length !== lines[0]?.length) throw new Error(`${line.length} fields, not ${lines[0]?.length}`);
  return lines;
}
