import type { Failure } from './domain/failure.ts';
import { type Invocation, parseCommandLine } from './flags.ts';
import { complain } from './run/complain.ts';
import { helpText } from './run/help.ts';
import { endWith, watchOutput } from './run/output.ts';

/** Runs what the command line asks for. Rooms load when they are needed, so that --help costs nothing. */
export async function main(args: readonly string[]): Promise<void> {
  const read = parseCommandLine(args);
  if (!read.ok) return refuse(read.failure);
  const invocation = read.value;
  if (invocation.on.has('help')) return say(helpText());
  if (invocation.on.has('version')) return say(`${(await import('./run/program.ts')).version()}\n`);
  if (
    ['profiles', 'template', 'rancher', 'rancher-ca', 'rancher-token-file', 'waivers', 'plan'].some((flag) =>
      invocation.values.has(flag),
    )
  ) {
    const { missingPath } = await import('./run/named-paths.ts');
    const missing = await missingPath(invocation);
    if (missing) return refuse(missing);
  }
  endWith(await run(invocation));
}

function run(invocation: Invocation): Promise<number> {
  const running = begin(invocation);
  // Once it has begun, for to make the streams takes as long as to begin; before it prints, for it waits for something first.
  // The screens see themselves to a terminal that is gone.
  if (!['', 'lab'].includes(invocation.command)) watchOutput();
  return running;
}

async function begin(invocation: Invocation): Promise<number> {
  switch (invocation.command) {
    case 'check':
      return invocation.values.has('upgrade-to')
        ? (await import('./run/upgrade.ts')).runUpgradeCheck(invocation)
        : (await import('./run/check.ts')).runCheck(invocation);
    case 'plan':
      return (await import('./run/check.ts')).runCheck(invocation);
    case 'sessions':
      return (await import('./run/past.ts')).listSessionsCommand(invocation);
    case 'export':
      return (await import('./run/past.ts')).exportCommand(invocation);
    case 'verify':
      return (await import('./run/past.ts')).verifyCommand(invocation);
    case 'profiles':
      return (await import('./run/profiles-lint.ts')).lintCommand(invocation);
    case 'completion':
      return (await import('./run/completion.ts')).completionCommand(invocation);
    default:
      return (await import('./run/wizard.ts')).runWizard(invocation);
  }
}

function refuse(failure: Failure): void {
  watchOutput();
  endWith(complain(failure));
}

function say(text: string): void {
  watchOutput();
  process.stdout.write(text);
}
