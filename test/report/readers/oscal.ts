import { z } from 'zod';

// OSCAL 1.1.3 assessment results (NIST) as far as we use them, with the patterns of its own schema, and no property beyond.
const uuid = z
  .string()
  .regex(/^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[45][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$/);
const token = z.string().regex(/^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$/u);
const line = z.string().regex(/^\S(.*\S)?$/u);
const uri = z.string().regex(/^[a-zA-Z][a-zA-Z0-9+\-.]+:.+$/);
const time = z
  .string()
  .regex(/^(19|2\d)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(2[0-3]|[01]\d):[0-5]\d:[0-5]\d(\.\d+)?Z$/)
  .refine((at) => !Number.isNaN(Date.parse(at)), 'no such day');
/** Markdown: nothing in it may be live markup. */
const prose = z.string().refine((text) => !/<|(?<!\\)\[|:\/\//.test(text), 'live markup');
const some = <T extends z.ZodType>(item: T) => z.array(item).min(1).optional();
const props = some(z.strictObject({ name: token, ns: uri, value: line }));
const origins = some(
  z.strictObject({
    actors: z.array(
      z.strictObject({ type: z.enum(['tool', 'assessment-platform', 'party']), 'actor-uuid': uuid }),
    ),
  }),
);

const observation = z.strictObject({
  uuid,
  title: prose,
  description: prose,
  props,
  methods: z.array(z.enum(['EXAMINE', 'INTERVIEW', 'TEST', 'UNKNOWN'])).min(1),
  types: some(z.enum(['ssp-statement-issue', 'control-objective', 'mitigation', 'finding', 'historic'])),
  subjects: some(z.strictObject({ 'subject-uuid': uuid, type: z.literal('inventory-item') })),
  collected: time,
});

const finding = z.strictObject({
  uuid,
  title: prose,
  description: prose,
  props,
  origins,
  target: z.strictObject({
    type: z.enum(['statement-id', 'objective-id']),
    'target-id': token,
    status: z.strictObject({
      state: z.enum(['satisfied', 'not-satisfied']),
      reason: z.enum(['pass', 'fail', 'other']),
    }),
    'implementation-status': z.strictObject({ state: z.literal('not-applicable') }).optional(),
  }),
  'related-observations': some(z.strictObject({ 'observation-uuid': uuid })),
});

const result = z.strictObject({
  uuid,
  title: prose,
  description: prose,
  start: time,
  end: time.optional(),
  props,
  'local-definitions': z.strictObject({
    components: z.array(
      z.strictObject({
        uuid,
        type: z.literal('software'),
        title: prose,
        description: prose,
        status: z.strictObject({ state: z.literal('operational') }),
      }),
    ),
    'inventory-items': some(z.strictObject({ uuid, description: prose, props })),
  }),
  'reviewed-controls': z.strictObject({
    'control-selections': z
      .array(
        z.strictObject({
          description: prose,
          'include-controls': some(z.strictObject({ 'control-id': token })),
        }),
      )
      .min(1),
  }),
  'assessment-log': z
    .strictObject({
      entries: z.array(z.strictObject({ uuid, title: prose, description: prose, start: time })).min(1),
    })
    .optional(),
  observations: some(observation),
  findings: some(finding),
  remarks: prose,
});

const document = z.strictObject({
  'assessment-results': z.strictObject({
    uuid,
    metadata: z.strictObject({
      title: prose,
      'last-modified': time,
      version: line,
      'oscal-version': z.literal('1.1.3'),
      remarks: prose,
    }),
    'import-ap': z.strictObject({ href: z.string().startsWith('#') }),
    results: z.tuple([result]),
    'back-matter': z.strictObject({
      resources: z.array(z.strictObject({ uuid, title: prose, description: prose })).min(1),
    }),
  }),
});

/** Reads assessment results strictly: every id stands once, and whatever names one names one that is there. */
export function readOscal(source: string) {
  const results = document.parse(JSON.parse(source))['assessment-results'];
  const [one] = results.results;
  const ids = [...source.matchAll(/"uuid":"([^"]+)"/g)].map((m) => m[1]);
  if (new Set(ids).size !== ids.length) throw new Error('an id stands twice');
  if (ids.length === 0) throw new Error('no id was found');
  const named = [...source.matchAll(/"(?:subject|observation|actor)-uuid":"([^"]+)"|"href":"#([^"]+)"/g)];
  for (const [said, id, part] of named)
    if (!ids.includes(id ?? part)) throw new Error(`${said} leads nowhere`);
  return { ...results, result: one };
}
