import { Box, Text } from 'ink';
import SelectInput from 'ink-select-input';
import type { ReactNode } from 'react';
import { span } from '../line.ts';
import type { Look } from '../look.ts';
import type { MenuItem } from '../menu.ts';
import { cut } from '../text.ts';
import { sign, toneProps } from '../theme.ts';
import { RemoteText } from './Lines.tsx';

/**
 * A first menu. The select component only draws: it has no focus and so no keys, and its place is given to it anew
 * whenever the highlight in the store moves.
 */
export function Choice({
  items,
  focus,
  look,
}: {
  readonly items: readonly MenuItem[];
  readonly focus: number;
  readonly look: Look;
}): ReactNode {
  if (items.length === 0) return null;
  return (
    <SelectInput
      key={`${focus} ${items.map((i) => i.id).join(' ')}`}
      isFocused={false}
      initialIndex={focus}
      items={items.map(({ id, label }) => ({ label, value: id }))}
      indicatorComponent={({ isSelected = false }) => <Cursor chosen={isSelected} look={look} />}
      itemComponent={({ isSelected = false, label }) => (
        <Item chosen={isSelected} label={label} look={look} />
      )}
    />
  );
}

function Cursor({ chosen, look }: { readonly chosen: boolean; readonly look: Look }): ReactNode {
  const mark = look.plain ? (chosen ? 'selected: ' : '') : chosen ? ` ${sign('cursor', look)} ` : '   ';
  return <Text {...toneProps('cursor', look)}>{mark}</Text>;
}

function Item({
  chosen,
  label,
  look,
}: {
  readonly chosen: boolean;
  readonly label: string;
  readonly look: Look;
}): ReactNode {
  const text = cut(span(label).text, look.columns - 5);
  return (
    <Box>
      <RemoteText text={text} {...toneProps(chosen ? 'strong' : 'plain', look)} />
    </Box>
  );
}
