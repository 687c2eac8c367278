import { connect } from 'node:net';
import type { BaseAgent, ParsedKey } from 'ssh2';
import { systemWords } from '../domain/system-error.ts';

/** A key that an agent holds. */
export type AgentKey = { readonly key: Buffer; readonly comment: string };

const limit = 1 << 20;

/** The keys an agent offers, or why it could not be asked. All types are listed, those we cannot use too. */
export function listAgent(
  socket: string,
  ms = 3000,
): Promise<readonly AgentKey[] | { readonly problem: string }> {
  return new Promise((resolve) => {
    const stream = connect(socket);
    let bytes = Buffer.alloc(0);
    const end = (result: readonly AgentKey[] | { readonly problem: string }): void => {
      clearTimeout(timer);
      stream.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => end({ problem: 'it does not answer' }), ms);
    stream.on('error', (error) => end({ problem: systemWords(error) || 'it does not answer' }));
    stream.on('close', () => end({ problem: 'it closed the connection' }));
    stream.on('connect', () => stream.write(Buffer.from([0, 0, 0, 1, 11])));
    stream.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 4) return;
      const length = bytes.readUInt32BE(0);
      if (length > limit) end({ problem: 'its answer makes no sense' });
      else if (bytes.length >= 4 + length) end(readKeys(bytes.subarray(4, 4 + length)));
    });
  });
}

function readKeys(answer: Buffer): readonly AgentKey[] | { readonly problem: string } {
  if (answer[0] !== 12 || answer.length < 5) return { problem: 'it refuses to list its keys' };
  let at = 5;
  const next = (): Buffer | undefined => {
    if (at + 4 > answer.length) return undefined;
    const end = at + 4 + answer.readUInt32BE(at);
    const part = answer.subarray(at + 4, end);
    at = end;
    return end <= answer.length ? part : undefined;
  };
  const keys: AgentKey[] = [];
  for (let left = answer.readUInt32BE(1); left > 0; left--) {
    const key = next();
    const comment = next();
    if (!key || !comment) return { problem: 'its answer makes no sense' };
    keys.push({ key, comment: comment.toString('utf8') });
  }
  return keys;
}

/** An agent that knows one key only, so that every login attempt is a step of its own. */
export function onlyKey(ssh2: typeof import('ssh2'), socket: string, key: ParsedKey): BaseAgent {
  const agent = ssh2.createAgent(socket);
  agent.getIdentities = (callback) => callback(undefined, [key]);
  return agent;
}

/** An agent made of one key file: the private half is fetched when the server has said that it would accept the key. */
export function lateKey(
  ssh2: typeof import('ssh2'),
  key: ParsedKey,
  privateHalf: () => Promise<ParsedKey | { readonly problem: string }>,
): BaseAgent {
  const agent = ssh2.createAgent('unused');
  agent.getIdentities = (callback) => callback(undefined, [key]);
  const sign = (_key: unknown, data: Buffer, options: { readonly hash?: string }, callback: Signed): void => {
    privateHalf().then(
      (half) => {
        if ('problem' in half) callback(new Error(half.problem));
        else callback(undefined, half.sign(data, options.hash));
      },
      (error: Error) => callback(error),
    );
  };
  agent.sign = sign as BaseAgent['sign'];
  return agent;
}

type Signed = (error: Error | undefined, signature?: Buffer) => void;
