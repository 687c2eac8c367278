import type { Answer } from '../domain/answer.ts';
import type { Words } from '../domain/question.ts';
import { fileAt, tree } from './files.ts';
import type { LabNode } from './state.ts';

/** What is asked before a container store is made anew: room, its size, tarballs of images, registries; undefined for any other words. */
export function ofStore(node: LabNode, words: Words): Answer | undefined {
  const [program, ...rest] = words;
  const path = rest.at(-1) ?? '';
  switch (`${program} ${rest.slice(0, -1).join(' ')}`) {
    case 'df -k --output=avail':
      // Every disk of the lab has room.
      return said('    Avail\n104857600\n');
    case 'du -s -k -x':
      return fileAt(node, path) ? said(`${tree(node, path).length * 4}\t${path}\n`) : missing(program, path);
    case 'ls -1 -s -k -p -L':
      return fileAt(node, path) ? said(listed(node, path)) : missing(program, path);
    default:
      return words.slice(0, 5).join(' ') === 'curl -q -sS -I -m5' ? registry(path) : undefined;
  }
}

/** No packet leaves the lab: it knows the registry that images without a name come from, and one mirror, which has every image. */
function registry(url: string): Answer {
  const form = 'docker-distribution-api-version: registry/2.0\r\n';
  if (url === 'https://registry-1.docker.io/v2/') return said(`HTTP/2 401 \r\n${form}`);
  if (url.startsWith('https://mirror.practice.example.org/v2/')) return said(`HTTP/2 200 \r\n${form}`);
  return { kind: 'failed', exit: 6, message: `curl: (6) Could not resolve host: ${url.split('/')[2]}` };
}

function listed(node: LabNode, folder: string): string {
  const inside = tree(node, folder).filter(
    ([path]) => path !== folder && !path.slice(folder.length + 1).includes('/'),
  );
  const lines = inside.map(([path, { text }]) => {
    const name = path.slice(folder.length + 1);
    return text === undefined ? `4 ${name}/\n` : `${text === '' ? 0 : 4} ${name}\n`;
  });
  return `total ${lines.length * 4}\n${lines.join('')}`;
}

function said(text: string): Answer {
  return { kind: 'said', text };
}

function missing(program: string | undefined, path: string): Answer {
  return {
    kind: 'failed',
    exit: program === 'ls' ? 2 : 1,
    message: `${program}: cannot access '${path}': No such file or directory`,
  };
}
