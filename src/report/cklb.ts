import type { Benchmark, BenchmarkItem, Control } from '../domain/control.ts';
import { type Answer, answersOf } from './answers.ts';
import { jsonText, manyLines, names, oneLine } from './clean.ts';
import { type Standing, standingWords } from './counts.ts';
import { decisions } from './history.ts';
import type { ReportInput } from './input.ts';
import { logLine } from './log-line.ts';
import { recordLines } from './record.ts';
import { chosen } from './scope.ts';
import { uuidOf } from './uuid.ts';

type Status = 'open' | 'not_reviewed' | 'not_a_finding' | 'not_applicable';

/** What a checklist calls each standing. */
const statuses: Readonly<Record<Standing, Status>> = {
  fail: 'open',
  'configured-not-active': 'open',
  'pending-restart': 'open',
  unknown: 'not_reviewed',
  missing: 'not_reviewed',
  manual: 'not_reviewed',
  // A checklist knows no waiver: what was found stays open, and the comments say who answers for it.
  waived: 'open',
  pass: 'not_a_finding',
  'not-applicable': 'not_applicable',
};

/** The worst of its places is what becomes of a rule. */
const worst: readonly Status[] = ['open', 'not_reviewed', 'not_a_finding', 'not_applicable'];

/** Why a session is no checklist: only a benchmark with the numbers of a STIG can become one. */
export function noChecklist({ session, profile }: ReportInput): string | undefined {
  const { benchmark } = chosen(session, profile);
  if (benchmark?.items.some(isStig)) return undefined;
  const name = benchmark?.title ?? session.benchmark;
  const why =
    name === undefined
      ? 'this session chose no benchmark'
      : `${oneLine(name)} ${benchmark ? 'has none' : 'is in no profile here'}`;
  return `A STIG checklist needs the V numbers of a DISA STIG, and ${why}; export it as oscal, csv or html instead.`;
}

/** A checklist for STIG Viewer 3: one asset, the cluster; every rule of the benchmark, asked or not. */
export function cklb(input: ReportInput): string {
  const { session, profile } = input;
  const { benchmark } = chosen(session, profile);
  const title = oneLine(session.cluster || session.id) || 'cluster';
  return jsonText({
    title,
    id: uuidOf(session.id, 'checklist'),
    stigs: benchmark ? [stigOf(input, benchmark)] : [],
    active: false,
    mode: 1,
    has_path: false,
    target_data: {
      target_type: 'Computing',
      host_name: title,
      ip_address: '',
      mac_address: '',
      fqdn: '',
      comments: [
        `Session ${oneLine(session.id)} of ${oneLine(session.operator)}`,
        ...recordLines(input),
      ].join('. '),
      role: 'None',
      is_web_database: false,
      technology_area: '',
      web_db_site: '',
      web_db_instance: '',
      classification: null,
    },
    cklb_version: '1.0',
  });
}

function stigOf(input: ReportInput, benchmark: Benchmark) {
  const { session, profile, records } = input;
  const uuid = uuidOf(session.id, 'stig', benchmark.id);
  const controls = new Map(profile?.controls.map((control) => [control.id, control]));
  const answers = new Map(answersOf(input).controls.map(({ row, answers }) => [row.control, answers]));
  const decided = decisions(records);
  const rules = benchmark.items.filter(isStig).map((item) => ({
    ...identityOf(item, controls.get(item.control)),
    uuid: uuidOf(session.id, 'rule', item.number),
    stig_uuid: uuid,
    ...resultOf(answers.get(item.control) ?? []),
    comments: decided
      .filter((d) => d.control === item.control)
      .map((d) => oneLine(logLine(d.event)))
      .join('\n'),
  }));
  return {
    stig_name: benchmark.title,
    display_name: benchmark.title,
    stig_id: benchmark.id,
    release_info: '',
    version: '',
    uuid,
    reference_identifier: '',
    size: rules.length,
    rules,
  };
}

/** Without the revision that a rule id ends with, for the published guide names none. */
function identityOf({ number, level, control }: BenchmarkItem, known: Control | undefined) {
  const title = known?.title ?? control;
  const rule = `S${number}`;
  return {
    group_id_src: number,
    group_tree: [{ id: number, title, description: '' }],
    group_id: number,
    // The levels of a STIG here are its categories: CAT I, then CAT II.
    severity: level === 1 ? 'high' : 'medium',
    group_title: title,
    rule_id_src: `${rule}_rule`,
    rule_id: rule,
    rule_version: '',
    rule_title: title,
    fix_text: `k8s-harden shows the exact commands of its control ${control} before they run, and keeps them in the record.`,
    weight: '10.0',
    check_content: `Asked by k8s-harden as its control ${control}.`,
    check_content_ref: { href: '', name: 'M' },
    classification: 'Unclassified',
    discussion: known?.why ?? '',
    false_positives: '',
    false_negatives: '',
    documentable: 'false',
    security_override_guidance: '',
    potential_impacts: known?.breaks ?? '',
    third_party_tools: 'k8s-harden',
    ia_controls: '',
    responsibility: '',
    mitigations: '',
    mitigation_control: '',
    legacy_ids: [],
    ccis: [],
    reference_identifier: '',
    overrides: {},
  };
}

function resultOf(answers: readonly Answer[]) {
  const found = new Set(answers.map((answer) => statuses[answer.standing]));
  const groups = new Map<string, string[]>();
  for (const { standing, why, cell } of answers) {
    const said = `${standingWords[standing]}${why && `; ${why}`}`;
    groups.set(said, [...(groups.get(said) ?? []), cell.place]);
  }
  const lines = [...groups].map(([said, places]) => `${names(places)}: ${said}`);
  return {
    status: worst.find((status) => found.has(status)) ?? 'not_reviewed',
    finding_details: manyLines(
      lines.length > 0 ? lines.join('\n') : 'Not asked: it is outside the level that was chosen.',
    ),
  };
}

function isStig({ number }: BenchmarkItem): boolean {
  return /^V-\d+$/.test(number);
}
