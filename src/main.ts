import { type Invocation, parseCommandLine } from './flags.ts';
import { complain } from './run/complain.ts';
import { helpText } from './run/help.ts';

/** Runs what the command line asks for. Rooms load when they are needed, so that --help costs nothing. */
export async function main(args: readonly string[]): Promise<void> {
  const read = parseCommandLine(args);
  if (!read.ok) return end(complain(read.failure));
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
    if (missing) return end(complain(missing));
  }
  end(await run(invocation));
}

/** Who reads on, `head` say, may stop at any time; that is no bug of ours. */
function closedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function run(invocation: Invocation): Promise<number> {
  const running = begin(invocation);
  // Once it has begun, for to make the streams takes as long as to begin; before it prints, for it waits for something first.
  if (invocation.command !== '')
    for (const stream of [process.stdout, process.stderr])
      if (!stream.listeners('error').includes(closedPipe)) stream.on('error', closedPipe);
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

function end(code: number): void {
  process.exitCode = code;
}

function say(text: string): void {
  process.stdout.write(text);
}
