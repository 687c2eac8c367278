import { isUtf8 } from 'node:buffer';
import { access, constants, open, readdir, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Answer } from '../domain/answer.ts';
import { formatNamedTexts, type NamedText } from '../domain/evidence.ts';
import type { Question } from '../domain/question.ts';
import { keptState } from './workstation-kept.ts';
import { answerKubectl } from './workstation-kubectl.ts';
import { lockHolder } from './workstation-lock.ts';
import { nameOf } from './workstation-owner.ts';

const cap = 1024 * 1024;

/** Answers a question about the operator's own files; everything else is not asked of a workstation. */
export async function answerHere(question: Question, kubeconfig?: string): Promise<Answer> {
  try {
    switch (question.kind) {
      case 'file':
        return await answerFile(question.path);
      case 'stat':
        return await answerStat(question.path);
      case 'folder':
        return await answerFolder(question.path, question.suffix);
      case 'access':
        return await answerAccess(question.path, question.user, question.want);
      case 'change-state':
        return await keptState(question.session, question.change);
      case 'lock': {
        const holder = await lockHolder();
        return holder === undefined ? { kind: 'absent' } : { kind: 'said', text: holder };
      }
      case 'object':
      case 'command':
        return await answerKubectl(question, kubeconfig);
      default:
        return { kind: 'failed', exit: 1, message: `a workstation is not asked for: ${question.kind}` };
    }
  } catch (error) {
    return complaint(error);
  }
}

async function answerFile(path: string): Promise<Answer> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { size } = await handle.stat();
    if (size > cap) return { kind: 'too-large', cap };
    const bytes = await handle.readFile();
    if (bytes.length > cap) return { kind: 'too-large', cap };
    // Judged or edited as text it would be another file.
    if (!isUtf8(bytes)) return { kind: 'failed', exit: 1, message: 'it is not UTF-8 text' };
    return { kind: 'said', text: bytes.toString('utf8') };
  } finally {
    await handle.close();
  }
}

async function answerStat(path: string): Promise<Answer> {
  const s = await stat(path);
  const [owner, group] = await Promise.all([nameOf(s.uid, '/etc/passwd'), nameOf(s.gid, '/etc/group')]);
  const type = s.isDirectory() ? 'directory' : s.isFile() ? 'regular file' : 'other';
  const mode = (s.mode & 0o7777).toString(8);
  const times = [s.mtimeMs, s.ctimeMs].map((ms) => Math.floor(ms / 1000));
  const fields = [mode, owner, group, s.uid, s.gid, s.size, ...times, type];
  return { kind: 'said', text: fields.join('|') };
}

async function answerFolder(path: string, suffix: string): Promise<Answer> {
  const names = (await readdir(path)).filter((name) => name.endsWith(suffix));
  const texts: NamedText[] = [];
  for (const name of names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
    const file = join(path, name);
    const answer = await answerEntry(file);
    if (answer.kind === 'absent') continue;
    if (answer.kind !== 'said') return answer;
    texts.push({ path: file, text: answer.text });
  }
  return { kind: 'said', text: formatNamedTexts(texts) };
}

/** What a folder gives of one name in it, as on a node: a link that leads nowhere is no file, and a device has no text. */
async function answerEntry(file: string): Promise<Answer> {
  try {
    const s = await stat(file);
    if (s.isCharacterDevice()) return { kind: 'said', text: '' };
    return s.isFile() ? await answerFile(file) : { kind: 'absent' };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ELOOP' ? { kind: 'absent' } : complaint(error);
  }
}

async function answerAccess(path: string, user: string, want: 'r' | 'x'): Promise<Answer> {
  if (user !== userInfo().username)
    return { kind: 'failed', exit: 1, message: `only ${userInfo().username} can be tried here, not ${user}` };
  await stat(path);
  const may = await access(path, want === 'r' ? constants.R_OK : constants.X_OK).then(
    () => true,
    () => false,
  );
  return { kind: 'said', text: may ? 'yes' : 'no' };
}

function complaint(error: unknown): Answer {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
  if (code === 'EACCES' || code === 'EPERM') return { kind: 'denied', message: 'permission denied' };
  if (code === 'EISDIR') return { kind: 'failed', exit: 1, message: 'it is a folder' };
  if (code === undefined) throw error;
  return { kind: 'failed', exit: 1, message };
}
