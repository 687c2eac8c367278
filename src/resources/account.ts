import * as z from 'zod';
import { type Answer, known, type Read, unread, whyNot } from '../domain/answer.ts';
import { answerTo } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Verdict } from '../domain/verdict.ts';
import { oneWord } from './values.ts';
import { refused } from './write.ts';

const schema = z.strictObject({
  name: oneWord,
  group: oneWord,
  comment: z.string().regex(/^[^:\n]*$/, 'no colon, one line'),
  shell: z.string().startsWith('/'),
});

type Wanted = z.infer<typeof schema>;

type Observed = {
  readonly user: { readonly uid: string; readonly gid: string } | undefined;
  readonly group: { readonly gid: string } | undefined;
};

function questions({ name, group }: Wanted) {
  return { user: { kind: 'account', name }, group: { kind: 'group', name: group } } as const;
}

/** A local account and the group that must be its primary one. */
export const account: Resource<Wanted, Observed> = {
  type: 'account',
  schema,
  ask: (wanted) => Object.values(questions(wanted)),
  read: (wanted, answers): Read<Observed> => {
    const asked = questions(wanted);
    const user = readEntry(answerTo(answers, asked.user), wanted.name, `account ${wanted.name}`);
    if (!user.known) return user;
    const group = readEntry(answerTo(answers, asked.group), wanted.group, `group ${wanted.group}`);
    if (!group.known) return group;
    const [, , uid = '', gid = ''] = user.value ?? [];
    return known({
      user: user.value && { uid, gid },
      group: group.value && { gid: group.value[2] ?? '' },
    });
  },
  judge,
  change,
};

function judge(wanted: Wanted, { user, group }: Observed): Verdict {
  const aim = `${wanted.name}:${wanted.group} in /etc/passwd and /etc/group`;
  const missing = [
    ...(user ? [] : [`no account ${wanted.name}`]),
    ...(group ? [] : [`no group ${wanted.group}`]),
  ];
  if (missing.length > 0) return { kind: 'fail', found: missing.join(', '), wanted: aim };
  if (isRoot(user))
    return { kind: 'fail', found: `${wanted.name} has the number 0, which is root`, wanted: aim };
  return user?.gid === group?.gid
    ? { kind: 'pass', found: `${wanted.name} (${user?.uid}:${user?.gid})`, wanted: aim }
    : {
        kind: 'fail',
        found: `the primary group of ${wanted.name} is ${user?.gid}, not ${wanted.group} (${group?.gid})`,
        wanted: aim,
      };
}

function change(wanted: Wanted, { user, group }: Observed): Plan {
  if (isRoot(user))
    return refused(
      `${wanted.name} is root by another name, and what runs under it would be root's`,
      `Find out who made it and why, remove it from /etc/passwd, then ask again.`,
    );
  if (user && group) {
    if (user.gid === group.gid) return { kind: 'nothing' };
    return refused(
      `${wanted.name} is there with another primary group (${user.gid}), and its files may belong to that group`,
      `Look at what it owns, then: usermod -g ${wanted.group} ${wanted.name}`,
    );
  }
  if (user) {
    return {
      kind: 'steps',
      steps: [{ kind: 'create-group', name: wanted.group, gid: user.gid }],
      restarts: false,
    };
  }
  if (wanted.group !== wanted.name) {
    return refused(
      `an account whose group has another name is not something we create`,
      `useradd -r -M -s ${wanted.shell} -g ${wanted.group} ${wanted.name}`,
    );
  }
  const { name, comment, shell } = wanted;
  return {
    kind: 'steps',
    steps: [{ kind: 'create-account', name, comment, shell, withGroup: !group }],
    restarts: false,
  };
}

function isRoot(user: Observed['user']): boolean {
  return user !== undefined && Number(user.uid) === 0;
}

/** The fields of a line of passwd or group; undefined when there is none of that name. */
function readEntry(answer: Answer, name: string, what: string): Read<readonly string[] | undefined> {
  if (answer.kind === 'absent') return known(undefined);
  if (answer.kind !== 'said') return unread(whyNot(answer, what));
  const fields = answer.text.trim().split(':');
  const whole = fields[0] === name && /^\d+$/.test(fields[2] ?? '');
  return whole ? known(fields) : unread(`${what} gave an answer that is not an entry`);
}
