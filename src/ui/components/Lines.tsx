import { Box, Text } from 'ink';
import { memo, type ReactNode } from 'react';
import { cutLine, type Line, merged } from '../line.ts';
import type { Look } from '../look.ts';
import { clean } from '../text.ts';
import { toneProps } from '../theme.ts';

/** Draws text that may have come from anywhere: control characters and direction marks are taken out here once more. */
export function RemoteText({ text, ...style }: { readonly text: string } & TextStyle): ReactNode {
  return <Text {...style}>{clean(text)}</Text>;
}

type TextStyle = { readonly color?: string; readonly bold?: boolean; readonly dimColor?: boolean };

/** Draws lines, one below the other, none wider than the terminal. Every character on the screen passes here. */
export function Lines({ lines, look }: { readonly lines: readonly Line[]; readonly look: Look }): ReactNode {
  return (
    <Box flexDirection="column" flexShrink={0}>
      {lines.map((of, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of the screen is its row
        <OneLine key={row} of={of} look={look} />
      ))}
    </Box>
  );
}

/** A line is drawn again only when it says something else: after a key, most say what they said. */
const OneLine = memo(
  ({ of, look }: { readonly of: Line; readonly look: Look }): ReactNode => (
    <Text wrap="truncate">
      {merged(cutLine(of, look.columns)).map((s, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a piece of a line has no other name
        <RemoteText key={i} text={s.text} {...toneProps(s.tone, look)} />
      ))}
      {of.length === 0 ? ' ' : ''}
    </Text>
  ),
  (a, b) =>
    a.look.columns === b.look.columns &&
    a.of.length === b.of.length &&
    a.of.every((s, i) => s.text === b.of[i]?.text && s.tone === b.of[i]?.tone),
);
