import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NodeAddress } from '../domain/event.ts';
import { ok } from '../domain/failure.ts';
import type { Connector, Target } from '../domain/ports.ts';
import { quote } from '../domain/quote.ts';
import { replay } from '../domain/replay.ts';
import type { LoadedPlan } from '../domain/review-plan.ts';
import { namedFileWords } from '../engine/place.ts';
import type { Invocation } from '../flags.ts';
import { journalPath } from '../journal/folder.ts';
import { readCompiled } from '../profiles/compiled.ts';
import type { Services } from '../store/services.ts';
import { stateFolder } from '../transport/state-folder.ts';
import { operator, ownProfiles, packageFolder, version } from './program.ts';
import { waiverFile, waiversPath } from './waivers.ts';

/** Where journals are kept. */
export function sessionsFolder(): string {
  return join(stateFolder(), 'sessions');
}

/** Profiles: the built-in ones, then the operator's own, then --profiles; later ones lie over earlier ones. */
export async function loadProfiles(invocation: Invocation) {
  const template = invocation.values.get('template')?.[0];
  const folders = [
    fileURLToPath(new URL('profiles', packageFolder)),
    ownProfiles(),
    ...(invocation.values.get('profiles') ?? []),
  ];
  const compiled = readCompiled(new URL('profiles.json', import.meta.url), folders);
  const loaded = compiled ? ok(compiled) : await parseProfiles(folders);
  if (!loaded.ok || !template) return loaded;
  return ok(
    loaded.value.map((profile) => ({
      ...profile,
      distribution: {
        ...profile.distribution,
        words: {
          ...profile.distribution.words,
          ...namedFileWords(template),
        },
      },
    })),
  );
}

async function parseProfiles(folders: readonly string[]) {
  const [{ loadProfiles: load }, { resources }] = await Promise.all([
    import('../profiles/index.ts'),
    import('../resources/index.ts'),
  ]);
  return load(folders, (type, spec) => resources.get(type)?.schema.parse(spec));
}

/** A connector that loads SSH when the first connection is made. */
export function lazyConnector(open: () => Promise<Connector>): Connector {
  let opened: Promise<Connector> | undefined;
  return {
    connect: async (node, options) => {
      opened ??= open();
      return (await opened).connect(node, options);
    },
  };
}

/** The services of a session on real machines. Everything heavy is imported when it is first needed. */
export async function makeServices(
  invocation: Invocation,
  start: { readonly cluster: string; readonly nodes: readonly NodeAddress[] },
  leave: Services['leave'],
  plan?: LoadedPlan,
): Promise<Services & { readonly closeLab: () => Promise<void> }> {
  const { createRedactor } = await import('../journal/redactor.ts');
  const redactor = createRedactor();
  const folder = sessionsFolder();
  const journalOptions = (id: string) => ({ folder, id, clock: () => new Date(), redactor });
  const user = operator().split('@')[0] ?? 'root';
  let closeLab = async (): Promise<void> => {};

  return {
    program: `k8s-harden ${version()}`,
    operator: operator(),
    lab: false,
    readOnly: invocation.on.has('read-only'),
    flags: flagsWithPaths(invocation),
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    newSessionId: () => newSessionId(new Date()),
    loadProfiles: () => loadProfiles(invocation),
    connector: lazyConnector(async () => {
      const { createConnector } = await import('../transport/ssh.ts');
      return createConnector({ ...sshOptions(invocation), onSecret: redactor.add });
    }),
    workstation: (readOnly): Target =>
      lazyTarget('workstation', async () => {
        const { createWorkstation, kubeconfigBeside } = await import('../transport/workstation.ts');
        const file = invocation.values.get('template')?.[0];
        const mask = (lines: readonly string[]): readonly string[] => redactor.redact(lines);
        return createWorkstation({ readOnly, mask, ...(file ? { kubeconfig: kubeconfigBeside(file) } : {}) });
      }),
    rancher: await (await import('./rancher.ts')).openRancher(invocation, redactor.add),
    createJournal: async (id) => (await import('../journal/journal.ts')).createJournal(journalOptions(id)),
    readPast: async (id) => (await import('../journal/read-past.ts')).readPast(folder, id),
    resumeJournal: async (id) => (await import('../journal/journal.ts')).openJournal(journalOptions(id)),
    waivers: waiverFile(waiversPath(invocation), invocation.values.has('waivers')),
    ...(plan ? { plan } : {}),
    writePlan: async (made, id) => (await import('./plan-file.ts')).writePlan(made, id),
    listSessions: async () => {
      const { listSessions } = await import('../journal/sessions.ts');
      const named = new Set(start.nodes.map((n) => n.host));
      return (await listSessions(folder)).map((s) => ({
        ...s,
        elsewhere: named.size > 0 && !s.hosts.some((host) => named.has(host)),
      }));
    },
    writeExport: async (format, session, records, profile) => {
      const [{ writeExport }, { readJournal }] = await Promise.all([
        import('./export.ts'),
        import('../journal/read.ts'),
      ]);
      const read = await readJournal(journalPath(folder, session.id));
      const found = read.ok ? read.value.verification : undefined;
      const head = found?.hashes[records.length - 1];
      // A past session that is only read is written as it was closed.
      const closed = found?.chain === 'whole' && found.records === records.length;
      return writeExport(format, {
        session: closed ? replay(records) : session,
        records,
        ...(profile ? { profile } : {}),
        chain: closed ? 'whole' : 'still open',
        ...(head ? { head } : {}),
      });
    },
    redact: (text) => redactor.redact(text),
    addSecret: redactor.add,
    sshHosts: async () =>
      (await import('../transport/ssh-hosts.ts')).listSshHosts(join(homedir(), '.ssh', 'config'), user),
    readInventory: async (path) => (await import('../profiles/inventory.ts')).readInventory(path),
    startNodes: start.nodes,
    clusterName: start.cluster || 'cluster',
    openLab: async (distribution) => {
      await closeLab();
      const { openLab } = await import('./lab.ts');
      const value = (name: string) => invocation.values.get(name)?.[0];
      // Another distribution than the command line asked for is chosen later, and comes whole.
      const lab = distribution
        ? await openLab(redactor.add, distribution)
        : await openLab(redactor.add, value('distribution'), value('broken'));
      if (!lab.ok) return lab;
      closeLab = lab.value.close;
      return ok(lab.value.services);
    },
    forks: Number(invocation.values.get('forks')?.[0] ?? 16),
    leave,
    closeLab: () => closeLab(),
  };
}

/** The flags that say how SSH is spoken. */
export function sshOptions(invocation: Invocation) {
  const value = (name: string) => invocation.values.get(name)?.[0];
  const config = value('ssh-config');
  return {
    ...(value('known-hosts') ? { knownHosts: value('known-hosts') as string } : {}),
    ...(config ? { sshConfig: config === 'none' ? (false as const) : config } : {}),
    ...(value('identity') ? { identity: value('identity') as string } : {}),
  };
}

/** The flags that name files and that a resumed session needs again, as they would be typed from any folder. */
export function flagsWithPaths(invocation: Invocation): readonly string[] {
  return [
    'identity',
    'known-hosts',
    'ssh-config',
    'profiles',
    'template',
    'rancher-ca',
    'waivers',
    'plan',
  ].flatMap((name) =>
    (invocation.values.get(name) ?? []).map((value) => {
      const isWord = name === 'ssh-config' && value === 'none';
      return `--${name} ${quote(isWord ? value : resolve(value))}`;
    }),
  );
}

/** Session ids sort by time and are unique without a counter. */
export function newSessionId(now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(':', '-');
  return `${time}-${Math.random().toString(36).slice(2, 6).padEnd(4, '0')}`;
}

function lazyTarget(name: string, open: () => Promise<Target>): Target {
  let opened: Promise<Target> | undefined;
  const target = () => (opened ??= open());
  return {
    name,
    ask: async (questions, options) => (await target()).ask(questions, options),
    perform: async (deed, options) => (await target()).perform(deed, options),
    onLost: () => {},
    close: async () => {},
  };
}
