import { z } from 'zod';

// A checklist as STIG Viewer 3 writes one (cklb_version 1.0): every property that stands in its own files, and none beyond.
const uuid = z.uuid();

const rule = z.strictObject({
  group_id_src: z.string().regex(/^V-\d+$/),
  group_tree: z.array(z.strictObject({ id: z.string(), title: z.string(), description: z.string() })),
  group_id: z.string().regex(/^V-\d+$/),
  severity: z.enum(['high', 'medium', 'low']),
  group_title: z.string().min(1),
  rule_id_src: z.string().regex(/^SV-\d+_rule$/),
  rule_id: z.string().regex(/^SV-\d+$/),
  rule_version: z.string(),
  rule_title: z.string().min(1),
  fix_text: z.string().min(1),
  weight: z.literal('10.0'),
  check_content: z.string().min(1),
  check_content_ref: z.strictObject({ href: z.string(), name: z.string() }),
  classification: z.literal('Unclassified'),
  discussion: z.string(),
  false_positives: z.string(),
  false_negatives: z.string(),
  documentable: z.enum(['true', 'false']),
  security_override_guidance: z.string(),
  potential_impacts: z.string(),
  third_party_tools: z.string(),
  ia_controls: z.string(),
  responsibility: z.string(),
  mitigations: z.string(),
  mitigation_control: z.string(),
  legacy_ids: z.array(z.string()),
  ccis: z.array(z.string()),
  reference_identifier: z.string(),
  uuid,
  stig_uuid: uuid,
  status: z.enum(['open', 'not_reviewed', 'not_a_finding', 'not_applicable']),
  overrides: z.strictObject({}),
  comments: z.string(),
  finding_details: z.string(),
});

const checklist = z.strictObject({
  title: z.string().min(1),
  id: uuid,
  stigs: z.array(
    z.strictObject({
      stig_name: z.string().min(1),
      display_name: z.string().min(1),
      stig_id: z.string().min(1),
      release_info: z.string(),
      version: z.string(),
      uuid,
      reference_identifier: z.string(),
      size: z.int(),
      rules: z.array(rule),
    }),
  ),
  active: z.boolean(),
  mode: z.int(),
  has_path: z.boolean(),
  target_data: z.strictObject({
    target_type: z.enum(['Computing', 'Non-Computing']),
    host_name: z.string().min(1),
    ip_address: z.string(),
    mac_address: z.string(),
    fqdn: z.string(),
    comments: z.string(),
    role: z.enum(['None', 'Workstation', 'Member Server', 'Domain Controller']),
    is_web_database: z.boolean(),
    technology_area: z.string(),
    web_db_site: z.string(),
    web_db_instance: z.string(),
    classification: z.null(),
  }),
  cklb_version: z.literal('1.0'),
});

/** Reads a checklist strictly: as many rules as it says, each of its own STIG and with an id of its own. */
export function readCklb(source: string) {
  const read = checklist.parse(JSON.parse(source));
  for (const stig of read.stigs) {
    if (stig.size !== stig.rules.length) throw new Error(`${stig.rules.length} rules, not ${stig.size}`);
    if (stig.rules.some((r) => r.stig_uuid !== stig.uuid)) throw new Error('a rule of another STIG');
    for (const id of ['uuid', 'group_id'] as const)
      if (new Set(stig.rules.map((r) => r[id])).size !== stig.size) throw new Error(`${id} stands twice`);
  }
  return read;
}
