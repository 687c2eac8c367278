// How the operator's stand-ins reach a node that cluster.yml names: as rke does, over SSH with the key it names.
import { spawn } from 'node:child_process';

/** @param {readonly string[]} words */
export const quoted = (words) => words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');

/** Runs a shell command on a node; whole lines of what it says are handed on, and its exit code comes back. */
export function onNode(config, node, command, onLine, stdin = 'ignore') {
  const options = [
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
    'BatchMode=yes',
  ];
  const words = [
    ...['-F', 'none', '-i', node.ssh_key_path ?? config.ssh_key_path, '-p', String(node.port ?? 22)],
    ...options.flatMap((option) => ['-o', option]),
    ...[`${node.user}@${node.address}`, command],
  ];
  return new Promise((resolve) => {
    const child = spawn('ssh', words, {
      stdio: [stdin, onLine ? 'pipe' : 'inherit', onLine ? 'pipe' : 'inherit'],
    });
    for (const stream of onLine ? [child.stdout, child.stderr] : []) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (text) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine(line);
      });
    }
    child.on('error', () => resolve(255));
    child.on('close', (code) => resolve(code ?? 255));
  });
}
