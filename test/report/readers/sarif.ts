import { z } from 'zod';

// SARIF 2.1.0 (OASIS, errata 01) as far as we use it, and no property beyond: its own schema allows none either.
const message = z.strictObject({ text: z.string().min(1) });
const text = message;
const notification = z.strictObject({ level: z.enum(['none', 'note', 'warning', 'error']), message });
const pathPart = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-F]{2})*$/;
const bag = z.looseObject({ tags: z.array(z.string()).optional() });

const result = z
  .strictObject({
    ruleId: z.string(),
    ruleIndex: z.int().nonnegative(),
    kind: z.enum(['notApplicable', 'pass', 'fail', 'review', 'open', 'informational']),
    level: z.enum(['none', 'note', 'warning', 'error']),
    message,
    locations: z.array(
      z.strictObject({
        physicalLocation: z.strictObject({
          artifactLocation: z.strictObject({ uri: z.string().regex(pathPart) }),
        }),
        logicalLocations: z.array(z.strictObject({ name: z.string(), kind: z.string() })),
      }),
    ),
    partialFingerprints: z.record(z.string(), z.string()),
    suppressions: z
      .array(
        z.strictObject({
          kind: z.enum(['inSource', 'external']),
          status: z.enum(['accepted', 'underReview', 'rejected']),
          justification: z.string(),
        }),
      )
      .optional(),
  })
  // 3.27.10: a level other than none only with what fails.
  .refine(({ kind, level }) => (kind === 'fail') === (level !== 'none'), 'kind and level do not go together');

const log = z.strictObject({
  $schema: z.literal(
    'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
  ),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string(),
          version: z.string(),
          rules: z.array(
            z.strictObject({
              id: z.string(),
              shortDescription: text,
              fullDescription: text.optional(),
              help: text.optional(),
              properties: bag,
            }),
          ),
        }),
      }),
      automationDetails: z.strictObject({ id: z.string() }),
      invocations: z.array(
        z.strictObject({
          executionSuccessful: z.boolean(),
          exitCode: z.int(),
          startTimeUtc: z.iso.datetime().optional(),
          endTimeUtc: z.iso.datetime().optional(),
          toolExecutionNotifications: z.array(notification),
        }),
      ),
      results: z.array(result),
      properties: bag,
    }),
  ]),
});

/** Reads a SARIF log strictly, and finds the rule of every result. */
export function readSarif(source: string) {
  const [run] = log.parse(JSON.parse(source)).runs;
  const { rules } = run.tool.driver;
  for (const { ruleId, ruleIndex } of run.results)
    if (rules[ruleIndex]?.id !== ruleId) throw new Error(`${ruleId} is not rule ${ruleIndex}`);
  if (new Set(rules.map((rule) => rule.id)).size !== rules.length) throw new Error('a rule stands twice');
  return run;
}
