import * as z from 'zod';
import type { Gate } from '../domain/upgrade.ts';
import { type ControlData, name, range, role, text, want } from './schema.ts';

/** What `upgrades.yaml` may say: what versions no longer take. */
export const gatesSchema = z
  .array(
    z.strictObject({
      id: name,
      versions: range,
      roles: z.array(role).min(1),
      only: z.array(want).min(1).exactOptional(),
      wants: z.array(want).min(1),
      next: z.array(want).min(1).exactOptional(),
      onlyNext: z.array(want).min(1).exactOptional(),
      what: text,
      instead: text,
      sources: z.array(text).min(1),
    }),
  )
  .min(1);

/** What a version no longer takes, as its file states it. */
export type GateData = Omit<Gate, 'wants' | 'only' | 'next' | 'onlyNext'> & {
  readonly wants: ControlData['wants'];
  readonly only?: ControlData['wants'];
  readonly next?: ControlData['wants'];
  readonly onlyNext?: ControlData['wants'];
};
