import * as z from 'zod';
import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import type { Stat } from '../domain/evidence.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import type { Verdict } from '../domain/verdict.ts';
import { readSysctlFiles, sysctlQuestions } from './sysctl.ts';
import type { SysctlFile } from './sysctl-files.ts';
import { afterSteps, correctedFiles } from './sysctl-offender.ts';
import { bootWinner } from './sysctl-precedence.ts';
import { refused, stepsOrNothing } from './write.ts';

const schema = z.strictObject({
  /** Our own file, written where no line of the operator's has to be corrected. */
  file: z
    .string()
    .regex(/^\/etc\/sysctl\.d\/[^/\s]+\.conf$/, 'a file directly in /etc/sysctl.d whose name ends in .conf'),
});

type Wanted = z.infer<typeof schema>;

type Observed = {
  /** Reverse path filtering by interface, with `all` and `default`: 0 off, 1 strict, 2 loose. */
  readonly values: ReadonlyMap<string, string>;
  readonly files: readonly SysctlFile[];
  readonly stats: ReadonlyMap<string, Stat>;
};

const question: Question = { kind: 'command', words: ['sysctl', '-a', '--pattern', 'rp_filter'] };

/** What a network plugin takes for `all`, and for the interfaces it makes itself; recognised by the names of those. */
const plugins = [
  { name: 'Cilium', made: /^(lxc|cilium_)/, all: ['0'], own: ['0'] },
  // Felix stops at a loose filter, and sets its own interfaces to strict.
  { name: 'Calico', made: /^(cali|vxlan\.calico|tunl)/, all: ['0'], own: ['0', '1'] },
  { name: 'Flannel', made: /^(flannel|cni)/, all: ['0', '2'], own: ['0', '2'] },
] as const;

type Plugin = (typeof plugins)[number];

/**
 * Reverse path filtering as the network plugin of the node bears it. What counts on an interface is the larger of `all` and its
 * own value, so that setting `all` alone never loosens one; `default` only seeds interfaces that come later.
 */
export const rpFilter: Resource<Wanted, Observed> = {
  type: 'rp-filter',
  schema,
  ask: () => [question, ...sysctlQuestions],
  read: (_, answers): Read<Observed> => {
    const answer = answerTo(answers, question);
    if (answer.kind !== 'said') return unread(whyNot(answer, 'reverse path filtering'));
    const values = parse(answer.text);
    if (!values.has('all') || !values.has('default'))
      return unread('reverse path filtering of all interfaces was not among what sysctl printed');
    const files = readSysctlFiles(answers);
    return files.known ? known({ ...files.value, values }) : files;
  },
  judge,
  change,
};

function parse(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').flatMap((line): [string, string][] => {
    const [, name, value] = /^net\.ipv4\.conf\.(\S+)\.rp_filter = (\d)$/.exec(line.trim()) ?? [];
    // A dot within a name is printed as a slash.
    return name && value ? [[name.replaceAll('/', '.'), value]] : [];
  });
  return new Map(lines);
}

function judge(_: Wanted, observed: Observed): Verdict {
  const plugin = pluginOf(observed);
  const wrong = faults(observed, plugin);
  const all = observed.values.get('all');
  return {
    kind: wrong.length === 0 ? 'pass' : 'fail',
    found:
      wrong.length === 0 ? `all is ${all}, and no interface is strict that must not be` : wrong.join('; '),
    wanted: `all = ${accepted(plugin).join(' or ')}, no strict filter on the way of pods${plugin ? `, as ${plugin.name} needs it` : ''}`,
  };
}

function change(wanted: Wanted, observed: Observed): Plan {
  const plugin = pluginOf(observed);
  const aims = ['all', 'default']
    .filter((name) => badAtBoot(observed.files, name, plugin))
    .map((name) => ({ key: keyOf(name), values: values(name, plugin), file: wanted.file }));
  const writes = correctedFiles(aims, observed.files, observed.stats);
  if ('kind' in writes) return writes;
  const files = afterSteps(observed.files, writes);
  const pinned = interfaces(observed).find((name) => badAtBoot(files, name, plugin));
  if (pinned !== undefined) {
    const winner = bootWinner(files, keyOf(pinned));
    return refused(
      `${winner?.path}:${winner?.line} sets the filter of ${pinned} to ${winner?.value}, for that interface or by a pattern`,
      winner?.path.startsWith('/etc/')
        ? 'Take that line out, or let it set 0; then ask again.'
        : 'That file is not in /etc, so an update may write it anew. Copy it to /etc/sysctl.d under the same name, take the line out there or let it set 0, and ask again.',
    );
  }
  const running = [...observed.values]
    .filter(([name, value]) => !valuesNow(name, plugin).includes(value))
    .map(([name, before]): Step => ({ kind: 'set-kernel', key: keyOf(name), value: '0', before }));
  return stepsOrNothing([...writes, ...running], false);
}

/** Everything that is wrong, now or at the next boot, each in its own words. */
function faults(observed: Observed, plugin: Plugin | undefined): readonly string[] {
  const { values: all, files } = observed;
  const now = [...all]
    .filter(([name, value]) => !valuesNow(name, plugin).includes(value))
    .map(([name, value]) => `${name} is ${words[value] ?? value} (${value})`);
  const later = ['all', 'default', ...interfaces(observed)].flatMap((name) => {
    const winner = badAtBoot(files, name, plugin);
    return winner ? [`at boot ${winner.path}:${winner.line} sets ${name} to ${winner.value}`] : [];
  });
  return [...now, ...later];
}

const words: Readonly<Record<string, string>> = { '0': 'off', '1': 'strict', '2': 'loose' };

function badAtBoot(files: readonly SysctlFile[], name: string, plugin: Plugin | undefined) {
  const winner = bootWinner(files, keyOf(name));
  return winner?.value !== undefined && !values(name, plugin).includes(winner.value) ? winner : undefined;
}

/** Interfaces that files may name; those of the network plugin come and go with pods and are set by it. */
function interfaces({ values: all }: Observed): readonly string[] {
  return [...all.keys()].filter(
    (name) => !['all', 'default', 'lo'].includes(name) && !plugins.some((p) => p.made.test(name)),
  );
}

/** Values that do no harm on an interface right now. */
function valuesNow(name: string, plugin: Plugin | undefined): readonly string[] {
  return name === 'lo' ? ['0', '1', '2'] : values(name, plugin);
}

/** Values that do no harm; where a cure sets one, it sets the first. */
function values(name: string, plugin: Plugin | undefined): readonly string[] {
  if (name === 'all') return accepted(plugin);
  const maker = plugins.find((p) => p.made.test(name));
  return maker ? maker.own : ['0', '2'];
}

function accepted(plugin: Plugin | undefined): readonly string[] {
  return plugin?.all ?? ['0', '2'];
}

function pluginOf({ values: all }: Observed): Plugin | undefined {
  return plugins.find((p) => [...all.keys()].some((name) => p.made.test(name)));
}

/** With slashes where the name of the interface has a dot of its own. */
function keyOf(name: string): string {
  return name.includes('.') ? `net/ipv4/conf/${name}/rp_filter` : `net.ipv4.conf.${name}.rp_filter`;
}
