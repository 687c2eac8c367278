import type { AnyAuthMethod, AuthenticationType, Prompt } from 'ssh2';
import type { Failure } from '../domain/failure.ts';
import type { Answerer } from '../domain/ports.ts';
import type { LeftToDo } from './auth-messages.ts';
import { type LoginKey, type LoginKeys, noPassphrase } from './login-keys.ts';
import { oneLine } from './wire/clean.ts';

/** One login: hands ssh2 one method after the other and remembers what happened. */
export type Login = {
  readonly next: (after: LeftToDo) => Promise<AnyAuthMethod | false>;
  /** What ssh2 said of the attempt under way, for example that a passphrase was wrong. */
  readonly note: (problem: string) => void;
  readonly started: () => boolean;
  /** Called when the person gives up while the server waits for an answer. */
  readonly onGivenUp: (listener: () => void) => void;
  /** What the server offered and what was tried, in order; `end` is how it came to an end. */
  readonly failure: (end?: string) => Failure;
};

/** What a login works with. */
export type LoginSetting = {
  readonly node: string;
  /** The node's name in failures. */
  readonly label: string;
  readonly user: string;
  /** The user in words, with the host when it is a jump host. */
  readonly who: string;
  readonly keys: () => Promise<LoginKeys>;
  /** Keys this server refused earlier in this run. */
  readonly refused: Set<string>;
  readonly ask: Answerer;
  readonly onSecret: (secret: string) => void;
};

/** A server that wants more factors than this wants them without end. */
const mostFactors = 4;

type Attempt = { readonly label: string; readonly id?: string; problem?: string; accepted?: boolean };

/** Plans a login: keys, then prompts, then at most one password; whatever a person typed is used once. */
export function createLogin(of: LoginSetting): Login {
  const attempts: Attempt[] = [];
  let queue: LoginKey[] | undefined;
  let late: LoginKey[] = [];
  let found: LoginKeys = { keys: [], unusable: [] };
  let offered: readonly string[] = [];
  let typed = false;
  let over = false;
  let givenUp = (): void => undefined;
  let factors = 0;
  let trying: LoginKey | undefined;
  const refusedNow: LoginKey[] = [];
  const used = new Set<string>();

  const begin = (label: string, id?: string): void => {
    attempts.push(id === undefined ? { label } : { label, id });
  };
  const answer = async (question: Parameters<Answerer>[0]): Promise<string | undefined> => {
    const said = await of.ask(question);
    if (said === undefined) over = true;
    else if (question.kind !== 'prompt' || !question.echo) of.onSecret(said);
    return said;
  };
  const prompts = async (list: readonly Prompt[], finish: (answers: string[]) => void): Promise<void> => {
    const answers: string[] = [];
    for (const { prompt, echo } of list) {
      const shown = oneLine(prompt);
      const text = of.who === of.user ? shown : `${shown} [${of.who}]`;
      const said = over
        ? undefined
        : await answer({ kind: 'prompt', node: of.node, text, echo: echo ?? false });
      typed = typed || said !== undefined;
      if (said === undefined) {
        settle('given up');
        return givenUp();
      }
      answers.push(said);
    }
    finish(answers);
  };
  const settle = (problem: string): void => {
    const last = attempts.at(-1);
    if (last && !last.accepted) last.problem ??= problem;
  };
  const take = (keys: LoginKey[] | undefined): AnyAuthMethod | undefined => {
    const key = keys?.shift();
    trying = key;
    if (!key) return undefined;
    begin(key.label, key.id);
    return key.method;
  };

  const pick = async (left: readonly string[]): Promise<AnyAuthMethod | false> => {
    const may = (name: string): boolean => left.includes(name) && !used.has(name);
    if (!queue) {
      found = await of.keys();
      late = found.keys.filter((key) => of.refused.has(key.id));
      queue = found.keys.filter((key) => !of.refused.has(key.id));
    }
    const key = may('publickey') ? take(queue) : undefined;
    if (key) return key;
    if (may('keyboard-interactive') && !typed) {
      used.add('keyboard-interactive');
      begin('keyboard-interactive');
      const prompt = (
        _n: string,
        _i: string,
        _l: string,
        list: Prompt[],
        finish: (a: string[]) => void,
      ): void => {
        void prompts(list, finish);
      };
      return { type: 'keyboard-interactive', username: of.user, prompt };
    }
    if (may('password') && !typed) {
      used.add('password');
      const password = await answer({ kind: 'password', node: of.node, user: of.who });
      if (password === undefined) return false;
      typed = true;
      begin('password');
      return { type: 'password', username: of.user, password };
    }
    return (may('publickey') && take(late)) || false;
  };

  return {
    next: async ({ left, partial }) => {
      if (left === null) return { type: 'none', username: of.user };
      const last = attempts.at(-1);
      if (partial) {
        if (last) last.accepted = true;
        used.clear();
        typed = false;
        // What was refused as the first factor may be the second.
        queue?.push(...refusedNow.splice(0));
        factors += 1;
        if (factors > mostFactors) over = true;
      } else if (last?.id !== undefined && last.problem === undefined) {
        of.refused.add(last.id);
        if (trying) refusedNow.push(trying);
      }
      if (offered.length === 0 || partial) offered = left;
      return over ? false : pick(left);
    },
    note: (problem) => {
      if (problem === noPassphrase) over = true;
      settle(problem);
    },
    started: () => attempts.length > 0,
    onGivenUp: (listener) => {
      givenUp = listener;
    },
    failure: (end) => {
      const unusable = found.unusable.map(({ path, problem }) => `${path} (not tried: ${problem})`);
      const [only] = found.unusable;
      const broken = attempts.every((a) => a.problem !== undefined && a.id !== undefined)
        ? attempts[0]
        : undefined;
      if (broken?.problem)
        return {
          code: 'key-unusable',
          path: broken.label.replace(/^key file /, '').replace(/^agent key (.*)$/, '$1 of the agent'),
          message: broken.problem,
        };
      if (attempts.length === 0 && only && found.unusable.length === 1 && !over)
        return { code: 'key-unusable', path: only.path, message: only.problem };
      const words = attempts.map(
        (a) => a.label + (a.accepted ? ' (accepted, more was wanted)' : a.problem ? ` (${a.problem})` : ''),
      );
      const tried = [...words, ...unusable, ...(over ? ['then it was given up'] : [])].join(', ');
      return {
        code: 'auth-failed',
        node: of.label,
        user: of.who,
        offered: (offered as readonly AuthenticationType[]).join(', '),
        tried: end ? `${tried}; then ${end}` : tried,
      };
    },
  };
}
