import type { Answer } from '../../src/domain/answer.ts';
import { formatNamedTexts, parseNamedTexts } from '../../src/domain/evidence.ts';
import type { Question } from '../../src/domain/question.ts';
import type { Step } from '../../src/domain/step.ts';

/** The answers as they would be after a step: a machine made of nothing but answers. */
export function applied(answers: ReadonlyMap<string, Answer>, step: Step): Map<string, Answer> {
  return new Map(
    [...answers].map(([key, answer]) => [key, after(JSON.parse(key) as Question, answer, step)]),
  );
}

function after(question: Question, answer: Answer, step: Step): Answer {
  const text = answer.kind === 'said' ? answer.text : '';
  const said = (now: string): Answer => ({ kind: 'said', text: now });
  switch (step.kind) {
    case 'write-file':
      if (question.kind === 'file' && question.path === step.path) return said(step.content);
      if (question.kind === 'stat' && question.path === step.path) {
        return said(`${step.mode}|${step.owner}|${step.group}|0|0|1|2000000000|2000000000|regular file`);
      }
      if (question.kind === 'command' && question.words[0] === 'find') {
        const lines = text
          .split('\n')
          .map((l) => (l.startsWith(`${step.path}|`) ? l.replace(/\d+(\|[^|]*)$/, '2000000000$1') : l));
        return answer.kind === 'said' ? said(lines.join('\n')) : answer;
      }
      if (question.kind === 'access' && question.path === step.path) return said('yes');
      if (question.kind === 'sysctl-files' || (question.kind === 'folder' && holds(question, step.path))) {
        const others = parseNamedTexts(text)
          .filter((f) => f.path !== step.path)
          // A link to the old file shows its text.
          .map((f) =>
            isOldFile(step.path) && f.text === step.textBefore ? { ...f, text: step.content } : f,
          );
        const files = [...others, { path: step.path, text: step.content }];
        return said(formatNamedTexts(files.toSorted((a, b) => (a.path < b.path ? -1 : 1))));
      }
      return answer;
    case 'make-folder':
      if (question.kind === 'folder' && question.path === step.path && answer.kind === 'absent')
        return said('');
      return question.kind === 'stat' && question.path === step.path
        ? said(`${step.mode}|${step.owner}|${step.group}|0|0|1|2000000000|2000000000|directory`)
        : answer;
    case 'move-folder':
      if (question.kind !== 'stat') return answer;
      if (question.path === step.path || question.path.startsWith(`${step.path}/`)) return { kind: 'absent' };
      return question.path === step.to ? said('0700|root|root|0|0|1|1|1|directory') : answer;
    case 'set-mode':
      if (question.kind === 'access' && question.path === step.path && Number.parseInt(step.mode, 8) & 4)
        return said('yes');
      if (isListing(question)) return said(inLine(text, step.path, /^[0-7]+/, step.mode));
      return question.kind === 'stat' && question.path === step.path
        ? said(text.replace(/^\d+/, step.mode))
        : answer;
    case 'set-owner':
      if (question.kind === 'strays' && question.path === step.path) return said('');
      if (isListing(question))
        return said(inLine(text, step.path, /^(\d+)\|[^|]*\|[^|]*/, `$1|${step.owner}|${step.group}`));
      return question.kind === 'stat' && question.path === step.path
        ? said(text.replace(/^(\d+)\|[^|]*\|[^|]*/, `$1|${step.owner}|${step.group}`))
        : answer;
    case 'set-kernel':
      if (question.kind === 'command' && question.words[0] === 'sysctl') {
        const key = step.key.includes('/') ? dotted(step.key) : step.key;
        return said(
          text.replace(new RegExp(`^(${key.replaceAll('.', '\\.')} = ).*$`, 'm'), `$1${step.value}`),
        );
      }
      return question.kind === 'kernel' && question.key === step.key ? said(step.value) : answer;
    case 'create-account':
      if (question.kind === 'account') return said(`${step.name}:x:997:997::/home/x:${step.shell}`);
      if (question.kind === 'group' && step.withGroup) return said(`${step.name}:x:997:`);
      return answer;
    case 'create-group':
      return question.kind === 'group' ? said(`${step.name}:x:${step.gid}:`) : answer;
    case 'set-unit':
      return question.kind === 'unit'
        ? said(text.replace(/UnitFileState=.*/, `UnitFileState=${step.verb}d`))
        : answer;
    case 'patch-object':
    case 'create-object':
      return question.kind === 'object'
        ? said(JSON.stringify(afterKubectl(JSON.parse(text || '{}'), question, step)))
        : answer;
    case 'rancher-object':
      return question.kind === 'rancher' && answer.kind === 'said'
        ? said(JSON.stringify(afterRancher(JSON.parse(text || '{}'), question.path, step)))
        : answer;
    case 'run':
      if (question.kind === 'kept' && step.words[0] === 'sh') {
        const [session, id] = (step.words[1] ?? '').split('/').slice(-3);
        return said(text.replace(`${session} ${id} done`, `${session} ${id} undone`));
      }
      if (step.words.includes('rollout') && question.kind === 'object')
        return said(text.replaceAll(/"startTime":"[^"]*"/g, '"startTime":"2100-01-01T00:00:00Z"'));
      if (step.words.includes('drain') && question.kind === 'command')
        return said(text.replaceAll(new RegExp(`^.* {3}${step.words[4]} {3}.*\n`, 'gm'), ''));
      return step.words[0] === 'modprobe' ? withModule(question, answer, text, step.words[1] ?? '') : answer;
  }
}

type Listed = { readonly data?: readonly { readonly id: string }[] };

/** What a Rancher server says of a path after a step on one of its objects. */
function afterRancher(tree: Listed, path: string, step: Extract<Step, { kind: 'rancher-object' }>): unknown {
  const fields = JSON.parse(step.after) as object;
  if (path === step.path) return { ...tree, ...fields };
  if (!tree.data || !step.path.startsWith(`${path}/`)) return tree;
  const id = step.path.slice(path.length + 1);
  const data =
    step.does === 'remove'
      ? tree.data.filter((each) => each.id !== id)
      : tree.data.map((each) => (each.id === id ? { ...each, ...fields } : each));
  return { ...tree, data };
}

function isOldFile(path: string): boolean {
  return path === '/etc/sysctl.conf';
}

function isListing(question: Question): boolean {
  return question.kind === 'command' && question.words[0] === 'find';
}

/** A listing with something else in the line of one path. */
function inLine(text: string, path: string, what: RegExp, by: string): string {
  const head = `${path}|`;
  return text
    .split('\n')
    .map((line) => (line.startsWith(head) ? head + line.slice(head.length).replace(what, by) : line))
    .join('\n');
}

function holds(question: Extract<Question, { kind: 'folder' }>, path: string): boolean {
  return path.startsWith(`${question.path}/`) && path.endsWith(question.suffix);
}

type Tree = { [key: string]: unknown; items?: Tree[]; metadata?: { name: string; namespace?: string } };

function afterKubectl(tree: Tree, question: Extract<Question, { kind: 'object' }>, step: Step): Tree {
  if (step.kind === 'create-object') {
    const [kind, name = '', , namespace] = step.object;
    if (!question.get[0]?.toLowerCase().startsWith(kind?.slice(0, 8) ?? '')) return tree;
    const made: Tree = { metadata: { name, ...(namespace ? { namespace } : {}) } };
    return tree.items ? { ...tree, items: [...tree.items, made] } : made;
  }
  if (step.kind !== 'patch-object') return tree;
  const [, name, , namespace] = step.object;
  const meant = (t: Tree) => t.metadata?.name === name && t.metadata?.namespace === namespace;
  return {
    ...tree,
    items: (tree.items ?? []).map((t) => (meant(t) ? mergePatch(t, JSON.parse(step.patch)) : t)),
  };
}

/** A JSON merge patch: null takes a key away, a map goes into a map, all else replaces. */
function mergePatch(tree: Tree, patch: Tree): Tree {
  const out: Tree = { ...tree };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else if (typeof value === 'object' && !Array.isArray(value))
      out[key] = mergePatch((out[key] ?? {}) as Tree, value as Tree);
    else out[key] = value;
  }
  return out;
}

/** A key with slashes as sysctl prints it: dots and slashes change places. */
function dotted(key: string): string {
  return key.replaceAll(/[./]/g, (c) => (c === '.' ? '/' : '.'));
}

/** What shows that a module is loaded. */
function withModule(question: Question, answer: Answer, text: string, name: string): Answer {
  if (question.kind === 'file' && question.path === '/proc/modules')
    return { kind: 'said', text: `${text}${name} 1 0 - Live 0x0\n` };
  if (question.kind === 'file' && question.path === '/proc/filesystems')
    return { kind: 'said', text: `${text}nodev\t${name}\n` };
  return question.kind === 'kernel' && answer.kind === 'absent' ? { kind: 'said', text: '1\n' } : answer;
}
