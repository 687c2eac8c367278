import { execFile } from 'node:child_process';
import type { Answer } from '../domain/answer.ts';
import type { Question } from '../domain/question.ts';
import { refusedQuestion } from '../domain/read-only.ts';

const cap = 16 * 1024 * 1024;
const patienceMs = 20_000;

/**
 * Asks kubectl on the operator's own machine, with the kubeconfig that belongs to the cluster and no other: what kubectl would
 * take by itself may be another cluster's.
 */
export async function answerKubectl(
  question: Extract<Question, { readonly kind: 'object' | 'command' }>,
  kubeconfig: string | undefined,
): Promise<Answer> {
  const words =
    question.kind === 'command'
      ? question.words
      : [...question.kubectl, 'get', ...question.get, '-o', 'json'];
  const [program = '', ...rest] = words;
  if (program !== 'kubectl') return failed(`a workstation is not asked for: ${program}`);
  const reason = refusedQuestion(question);
  if (reason !== undefined) return { kind: 'lost', reason: `it was not sent, for ${reason}` };
  if (kubeconfig === undefined)
    return failed(
      'no cluster.yml was named, so it is not known which cluster is meant; start with --template FILE',
    );
  return new Promise((resolve) => {
    const env = { ...process.env, KUBECONFIG: kubeconfig };
    execFile(program, rest, { env, timeout: patienceMs, maxBuffer: cap }, (error, out, err) => {
      if (!error) return resolve({ kind: 'said', text: out });
      const said = err.trim().split('\n').at(-1) ?? '';
      if (error.code === 'ENOENT') return resolve({ kind: 'no-tool', tool: 'kubectl' });
      if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return resolve({ kind: 'too-large', cap });
      if (error.killed)
        return resolve({ kind: 'lost', reason: 'kubectl did not answer within the time for one question' });
      if (/\(NotFound\)/.test(err) && question.kind === 'object') return resolve({ kind: 'absent' });
      if (/\(Forbidden\)/.test(err)) return resolve({ kind: 'denied', message: said });
      resolve({ kind: 'failed', exit: typeof error.code === 'number' ? error.code : 1, message: said });
    });
  });
}

function failed(message: string): Answer {
  return { kind: 'failed', exit: 1, message };
}
