import type { Answer } from '../domain/answer.ts';
import { statFormat } from '../domain/evidence.ts';
import { folderOf } from '../domain/path.ts';
import type { Words } from '../domain/question.ts';
import { patiently } from '../domain/read-only.ts';
import { inRange, parseVersion } from '../domain/version.ts';
import { columnsText } from './columns.ts';
import { fileAt, statText, tree } from './files.ts';
import { finds, withoutRoot } from './find.ts';
import { journalLines } from './journal-lines.ts';
import { getObjects, isKubectl, kubectlTrouble, selection } from './kubectl.ts';
import { lookupText } from './lookups.ts';
import { ofStore } from './of-store.ts';
import { restrictedDryRun } from './pod-security.ts';
import { emptyFiles, mountOptions, statPrint, waysUp } from './prints.ts';
import type { LabCluster, LabNode } from './state.ts';
import { tails } from './tails.ts';

/** What the lab says to anything beyond it. */
export const labCannot: Answer = { kind: 'failed', exit: 127, message: 'the lab cannot do this' };

/** More than this a real node does not send either. */
const outputCap = 1024 * 1024;

/** Answers one of the few read-only commands that the lab knows; every other is beyond it. */
export function answerCommand(cluster: LabCluster, node: LabNode, words: Words): Answer {
  const [program = '', ...rest] = words;
  // The one wrapper the wizard uses, to catch what kubectl says on its error stream.
  if (words.slice(0, 4).join(' ') === 'sh -c exec "$@" 2>&1 sh')
    return answerCommand(cluster, node, words.slice(4));
  // No name server of the lab keeps anybody waiting.
  if (patiently.every((word, n) => words[n] === word))
    return answerCommand(cluster, node, words.slice(patiently.length));
  if (program === 'find') return found(node, rest);
  if (program === 'cat') return contents(node, rest);
  if (program === 'grep') return matches(node, rest);
  if (program === 'journalctl') return journalLines(node, rest) ?? labCannot;
  if (/(^|\/)rke2$/.test(program) && rest.join(' ') === '--version') return version(cluster, node, program);
  if (program === 'getent' && rest[0] === 'hosts' && rest.length === 2)
    return hosts(cluster, node, rest[1] ?? '');
  const way = waysUp(node, words);
  if (way) return way;
  if (program === 'stat') return statPrint(node, rest) ?? labCannot;
  const stored = ofStore(node, words);
  if (stored) return stored;
  if (program === 'findmnt') return mountOptions(node, rest) ?? labCannot;
  if (program === 'sysctl' && words.slice(1, 3).join(' ') === '-a --pattern' && words.length === 4)
    return { kind: 'said', text: kernelValues(node, words[3] ?? '') };
  if (words.join(' ') === 'snap list k8s') return snap(cluster, node);
  if (program === 'systemctl') return units(node, rest);
  const get = words.findIndex((word) => word === 'get' || word === 'label');
  if (get > 0 && isKubectl(words.slice(0, get))) {
    const trouble = kubectlTrouble(cluster, node, words.slice(0, get));
    return trouble ?? kubectl(cluster, words[get] ?? '', words.slice(get + 1));
  }
  return labCannot;
}

/** What the node's own resolver finds: the first of its name servers is asked. */
function hosts(cluster: LabCluster, node: LabNode, name: string): Answer {
  const text = fileAt(node, '/etc/resolv.conf')?.text ?? '';
  const server = /^nameserver (\S+)/m.exec(text)?.[1] ?? '127.0.0.1';
  return lookupText(cluster, node, { kind: 'lookups', names: [name], servers: [server] }).endsWith(' 0 1')
    ? { kind: 'said', text: `192.0.2.1       ${name}\n` }
    : { kind: 'failed', exit: 2, message: '' };
}

/** What `sysctl -a --pattern` prints: the running values whose keys match. */
function kernelValues(node: LabNode, pattern: string): string {
  const keys = Object.keys(node.kernel).filter((key) => new RegExp(pattern).test(key));
  return keys
    .toSorted()
    .map((key) => `${key} = ${node.kernel[key]}\n`)
    .join('');
}

function kubectl(cluster: LabCluster, verb: string, words: Words): Answer {
  if (verb === 'get') {
    const [option, spec, ...list] = [...words.slice(-2), ...words.slice(0, -2)];
    if (option === '-o' && spec?.startsWith('custom-columns=')) {
      const select = selection(list);
      return select
        ? inColumns(getObjects(cluster, select), spec.slice('custom-columns='.length))
        : labCannot;
    }
    const raw = /^--raw[ =](\/(?:readyz|livez|healthz)\S*)$/.exec(words.join(' '))?.[1];
    return raw ? readyz(raw) : labCannot;
  }
  const wanted = new Set([
    '--dry-run=server',
    '--overwrite',
    'ns',
    '--all',
    'pod-security.kubernetes.io/enforce=restricted',
  ]);
  const all = words.length === wanted.size && words.every((word) => wanted.has(word));
  const oldest = Object.values(cluster.nodes).every((n) =>
    inRange(parseVersion(n.version) ?? [0, 0, 0], '>=1.23'),
  );
  return all && oldest ? { kind: 'said', text: restrictedDryRun(cluster) } : labCannot;
}

function inColumns(answer: Answer, spec: string): Answer {
  if (answer.kind !== 'said') return answer;
  const { items } = JSON.parse(answer.text) as { readonly items?: readonly unknown[] };
  return { kind: 'said', text: columnsText(spec, items ?? [JSON.parse(answer.text)]) };
}

function readyz(path: string): Answer {
  if (!path.includes('?verbose')) return { kind: 'said', text: 'ok' };
  const name = /^\/(\w+)/.exec(path)?.[1] ?? 'readyz';
  const checks = ['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', 'shutdown'].map(
    (check) => `[+]${check} ok\n`,
  );
  return { kind: 'said', text: `${checks.join('')}${name} check passed\n` };
}

function version(cluster: LabCluster, node: LabNode, program: string): Answer {
  const there = program === 'rke2' || program === '/usr/local/bin/rke2' || node.files[program] !== undefined;
  if (cluster.distribution !== 'rke2' || !there) return { kind: 'no-tool', tool: program };
  return {
    kind: 'said',
    text: `rke2 version ${node.version} (practice)\ngo version go1.21 X:boringcrypto\n`,
  };
}

function snap(cluster: LabCluster, node: LabNode): Answer {
  if (cluster.distribution !== 'canonical') return { kind: 'no-tool', tool: 'snap' };
  const track = node.version.replace(/^v(\d+\.\d+).*$/, '$1-classic/stable');
  const head = 'Name  Version  Rev  Tracking  Publisher  Notes';
  return { kind: 'said', text: `${head}\nk8s  ${node.version}  3000  ${track}  canonical  classic\n` };
}

/** `systemctl list-units`, without head and foot, for one pattern that ends in a star. */
function units(node: LabNode, words: Words): Answer {
  const [pattern = '', ...rest] = [...words].reverse();
  const plain = rest.toReversed().join(' ') === 'list-units --all --plain --no-legend --no-pager';
  if (!plain || !/^[\w@.-]+\*$/.test(pattern)) return labCannot;
  const found = Object.entries(node.units).filter(([name]) => name.startsWith(pattern.slice(0, -1)));
  const lines = found.map(([name, unit]) => `${name}.service loaded ${unit.active} running ${name}\n`);
  return { kind: 'said', text: lines.join('') };
}

/** `cat` of one file, as evidence for a person to judge. */
function contents(node: LabNode, words: Words): Answer {
  const [path = ''] = words;
  if (words.length !== 1 || !path.startsWith('/')) return labCannot;
  const file = fileAt(node, path);
  if (file?.text !== undefined)
    return Buffer.byteLength(file.text) > outputCap
      ? { kind: 'too-large', cap: outputCap }
      : { kind: 'said', text: file.text };
  const below = fileAt(node, folderOf(path))?.text !== undefined;
  const why = file ? 'Is a directory' : below ? 'Not a directory' : 'No such file or directory';
  return { kind: 'failed', exit: 1, message: `cat: ${path}: ${why}` };
}

/** `grep -o -E -e PATTERN FILE`: what matches, one a line. */
function matches(node: LabNode, words: Words): Answer {
  const [pattern = '', path = ''] = words.slice(3);
  if (words.length !== 5 || words.slice(0, 3).join(' ') !== '-o -E -e') return labCannot;
  const text = fileAt(node, path)?.text;
  if (text === undefined)
    return { kind: 'failed', exit: 2, message: `grep: ${path}: No such file or directory` };
  const found = text.split('\n').flatMap((line) => [...line.matchAll(new RegExp(pattern, 'g'))]);
  return found.length > 0
    ? { kind: 'said', text: found.map(([match]) => `${match}\n`).join('') }
    : { kind: 'failed', exit: 1, message: '' };
}

function found(node: LabNode, words: Words): Answer {
  const marked = withoutRoot(words);
  if (!marked)
    return tails(node, words) ?? finds(node, words) ?? emptyFiles(node, words) ?? listing(node, words);
  const answer = found(node, marked.rest);
  return answer.kind === 'said' ? { kind: 'said', text: `${marked.root}\n${answer.text}` } : answer;
}

/** Another `find` of the wizard: the files directly in a folder, each with its `stat`. */
function listing(node: LabNode, words: Words): Answer {
  const [, folder = ''] = words;
  const shape = `-L ${folder} -maxdepth 1 -type f -exec stat -L -c %n|${statFormat} {} +`;
  if (words.join(' ') !== shape) return labCannot;
  if (!fileAt(node, folder))
    return { kind: 'failed', exit: 1, message: `find: '${folder}': No such file or directory` };
  const files = tree(node, folder).filter(
    ([path, file]) => file.text !== undefined && (path === folder || folderOf(path) === folder),
  );
  return { kind: 'said', text: files.map(([path, file]) => `${path}|${statText(node, file)}\n`).join('') };
}
