import { type Control, controlOf, type Profile, type Want } from '../../src/domain/control.ts';
import { lessonOf, lookForYourself, type Trouble } from '../../src/domain/trouble.ts';

/** Types that only look; of `object`, `argument` and `handed-out` it depends on what is said. */
const looking = ['attested', 'configured-argument', 'container', 'log', 'lookup', 'layers', 'match'];

const impacts: Readonly<Record<Control['impact'], string>> = {
  none: 'changed here, nothing restarts',
  traffic: 'changed here, connections may be cut',
  'pod-start': 'changed here, pods may fail at their next start',
  'service-restart': 'changed here, with a restart of the service',
  'pod-eviction': 'changed here, pods move',
  reboot: 'changed here, with a reboot',
  irreversible: 'changed here, and not put back',
};

const targets: Readonly<Record<Control['target'], string>> = {
  node: 'each node',
  cluster: 'the API',
  workstation: "the cluster's file",
  rancher: 'the Rancher server',
};

/** The text of docs/troubles.md: each symptom with its checks, where they are asked, and what the cure is. */
export function troublesText(profiles: readonly Profile[]): string {
  const ids = [...new Set(profiles.flatMap(({ troubles = [] }) => troubles.map((t) => t.id)))];
  return `${[
    '# Troubles, their causes and cures',
    '',
    'Written by `npm run coverage` from `profiles/troubles`; `test/docs/troubles.test.ts` holds it to them.',
    '',
    'A symptom is chosen on the screen, or asked for with `check --trouble`. Each check is a possible cause, asked in this order. Its cure is a change that is',
    'shown first and can be taken back, or what the screen tells to do by hand where no change would be safe.',
    ...ids.filter((id) => id !== lookForYourself).flatMap((id) => chapter(id, profiles)),
  ].join('\n')}\n`;
}

function chapter(id: string, profiles: readonly Profile[]): readonly string[] {
  const having = profiles.flatMap((profile) => {
    const trouble = profile.troubles?.find((t) => t.id === id);
    return trouble ? [{ profile, trouble }] : [];
  });
  const [first] = having;
  if (!first) return [];
  return [
    '',
    `## ${first.trouble.title}`,
    '',
    `\`check --trouble ${id.replace(/^trouble-/, '')}\`. ${first.trouble.symptom}`,
    '',
    '| Possible cause | Distributions | Asked of | Cure |',
    '|---|---|---|---|',
    ...rowsOf(having, profiles.length),
  ];
}

type Having = { readonly profile: Profile; readonly trouble: Trouble };

function rowsOf(having: readonly Having[], all: number): readonly string[] {
  const longest = having.toSorted((a, b) => b.trouble.items.length - a.trouble.items.length);
  const controls = [...new Set(longest.flatMap(({ trouble }) => trouble.items.map((i) => i.control)))];
  return controls.flatMap((id) => {
    const there = having.filter(({ trouble }) => trouble.items.some((i) => i.control === id));
    const control = there[0] && controlOf(there[0].profile, id);
    if (!control) return [];
    const where = there.length === all ? 'all' : there.map((h) => h.profile.distribution.title).join(', ');
    const fault = there[0] && lessonOf(there[0].trouble, id)?.fault;
    return [
      `| ${fault ?? control.title} (\`${id}\`) | ${where} | ${targets[control.target]} | ${cureOf(control)} |`,
    ];
  });
}

function cureOf(control: Control): string {
  return control.wants.some(changes) ? impacts[control.impact] : 'told, for you to do';
}

function changes({ type, spec }: Want): boolean {
  const said = spec as Readonly<Record<string, unknown>>;
  if (looking.includes(type) || said.fixed !== undefined) return false;
  if (type === 'object') return said.each !== undefined || said.create !== undefined;
  if (type === 'argument' || type === 'kubelet') return said.via !== undefined;
  return type !== 'handed-out' || said.key !== undefined;
}
