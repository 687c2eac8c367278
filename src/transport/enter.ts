import { type Failure, fail, ok, type Result } from '../domain/failure.ts';
import type { Answerer, Privilege } from '../domain/ports.ts';
import { type Conversation, newMarks, type Progress, startConversation } from './conversation.ts';
import { type Deadline, fired, rest } from './deadline.ts';
import type { Link } from './link.ts';
import { enterAs, explore, readPasswordEnd, readRefusal } from './sudo.ts';

/** The way to root on one node; a sudo password lives in here and nowhere else. */
export type Entrance = {
  /**
   * A shell as root that waits for its script; without one, nothing of ours ran. A server that allows no further channel now
   * is asked again until the deadline. `ask` is for the first time, when sudo may want a password.
   */
  readonly open: (deadline: Deadline, ask?: Answerer) => Promise<Result<Conversation>>;
  readonly privilege: () => Privilege;
};

const pauses = [50, 100, 200, 400, 800];

/** Makes the entrance of a node over its link. */
export function createEntrance(
  link: Link,
  of: { readonly node: string; readonly user: string; readonly onSecret: (secret: string) => void },
): Entrance {
  const { node, user } = of;
  // Whoever logs in as root is root already; nothing has to be found out.
  let privilege: Privilege | undefined = user === 'root' ? 'root' : undefined;
  let password: string | undefined;

  const wrong = (): Result<never> => {
    password = undefined;
    return fail({ code: 'sudo-wrong-password', node, user });
  };
  const late = (last: string): Result<never> => fail({ code: 'deadline', node, seconds: 0, last });

  const walk = async (
    talk: Conversation,
    deadline: Deadline,
    ask?: Answerer,
  ): Promise<Result<Conversation> | 'again'> => {
    let given = false;
    for (;;) {
      const progress = await Promise.race([talk.next(), fired(deadline.signal)]);
      if (progress === 'fired') return late(talk.said());
      switch (progress.kind) {
        case 'ready':
          privilege = progress.privilege;
          return ok(talk);
        case 'missing':
          return fail({ code: 'sudo-missing', node, user });
        case 'asks': {
          const refusal = readRefusal(progress.said, node, user);
          if (refusal) return fail(refusal);
          password = await ask?.({ kind: 'sudo-password', node, user });
          if (password === undefined) return fail({ code: 'sudo-password-needed', node, user });
          of.onSecret(password);
          talk.shell.write('go\n');
          break;
        }
        case 'prompt':
          if (given) return wrong();
          if (password === undefined) return fail({ code: 'sudo-password-needed', node, user });
          given = true;
          talk.shell.write(`${password}\n`);
          break;
        case 'flood':
          return fail(strange(`the login of ${user} writes without end and starts no shell of ours`));
        case 'ended':
          return notEntered(progress, given);
      }
    }
  };

  const notEntered = ({ end, said }: Ended, given: boolean): Result<never> | 'again' => {
    const lost = link.lost();
    if (lost) return fail(lost);
    if (end.kind === 'not-opened') {
      if (end.again) return 'again';
      return fail(strange(`it runs no commands for ${user}: ${end.reason}`));
    }
    if (end.exit === null) return fail({ code: 'link-lost', node, message: 'the channel was closed' });
    if (given) {
      const failure = readPasswordEnd(said, node, user);
      return failure.code === 'sudo-wrong-password' ? wrong() : fail(failure);
    }
    if (privilege === 'passwordless' || privilege === 'password')
      return fail(readRefusal(said, node, user) ?? { code: 'sudo-password-needed', node, user });
    const what = `the login shell of ${user} ended with ${end.exit} before a shell of ours ran`;
    return fail(strange(said ? `${what}: ${said}` : what));
  };
  const strange = (message: string): Failure => ({ code: 'handshake-failed', node, message });

  const open: Entrance['open'] = async (deadline, ask) => {
    for (let attempt = 0; ; attempt++) {
      const lost = link.lost();
      if (lost) return fail(lost);
      if (deadline.signal.aborted) return late('it allows no further session');
      const marks = newMarks();
      const talk = startConversation(link.ssh, privilege ? enterAs(privilege, marks) : explore(marks), marks);
      const result = await walk(talk, deadline, ask);
      if (result !== 'again') {
        if (!result.ok) talk.shell.close();
        return result;
      }
      await rest(pauses[Math.min(attempt, pauses.length - 1)] ?? 0, deadline.signal);
    }
  };
  return { open, privilege: () => privilege ?? 'root' };
}

type Ended = Extract<Progress, { readonly kind: 'ended' }>;
