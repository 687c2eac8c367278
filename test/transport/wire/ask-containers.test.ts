import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readContainer } from '../../../src/domain/container.ts';
import type { Answers } from '../../../src/domain/ports.ts';
import { type Question, questionKey } from '../../../src/domain/question.ts';
import { refusedQuestion } from '../../../src/domain/read-only.ts';
import { isRoot, makeNode, type Node, type Shell, shells } from './shell.ts';

/** Docker as far as the question needs it: what it was asked stands in a file, and what it says depends on a file `mode`. */
const fakeDocker = `#!/bin/sh
printf '%s\\n' "$*" >> "$0.calls"
read -r mode < "$0.mode"
case $mode in
  down) echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2; exit 1 ;;
  closed) echo 'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock' >&2; exit 1 ;;
  mute) exit 0 ;;
  gone) echo 'sh: docker: not found' >&2; exit 127 ;;
  podman) echo 'Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.' >&2 ;;
esac
[ "$1 $2 $3 $4" = 'inspect --type container --format' ] || exit 9
case $5 in *'json .Config.Env'* | *'{{json .}}'* | '') exit 9 ;; esac
case $5 in *'{{range .Config.Env}}{{if eq (printf "%.5s" .) "ETCD_"}}{{json (index (split . "=") 0)}},{{end}}{{end}}null]'*) ;; *) exit 9 ;; esac
shift 5
status=0
for name; do
  lead=/; [ "$mode" = podman ] && lead=
  case $name in
    kubelet) printf '{"name":"%skubelet","image":"rancher/hyperkube:v1.24.17-rancher1","args":["kubelet","--a=b c","--say=it'"'"'s \\\\u003cx\\\\u003e"],"binds":["/etc/kubernetes:/etc/kubernetes:z"],"state":"running","started":"2024-01-01T00:00:00Z","variables":["ETCD_AUTO_TLS",null]}\\n' "$lead" ;;
    bare) printf '{"name":"%sbare","image":"x","args":[],"binds":null,"state":"exited","started":"0001-01-01T00:00:00Z"}\\n' "$lead" ;;
    broken) printf '{"name":"/broken","image":\\n' ;;
    *) status=1
      if [ "$mode" = podman ]; then status=125; echo "Error: no such container $name" >&2
      elif [ "$mode" = older ]; then echo "Error: No such object: $name" >&2
      else echo "Error response from daemon: No such container: $name" >&2; fi ;;
  esac
done
exit $status
`;

describe.skipIf(!isRoot).each(shells.map(([name, words]) => [name, words] as const))(
  'containers asked of %s',
  (_, shell: Shell) => {
    let node: Node;
    beforeAll(async () => {
      node = await makeNode();
      await writeFile(join(node.folder, 'tools/docker'), fakeDocker, { mode: 0o755 });
      await writeFile(join(node.folder, 'tools/docker.mode'), 'plain\n');
    });
    afterAll(() => node.remove());

    const mode = (word: string) => writeFile(join(node.folder, 'tools/docker.mode'), `${word}\n`);
    const question = (name: string): Question => ({ kind: 'container', name });
    const ask = (...names: readonly string[]): Promise<Answers> => node.ask(names.map(question), shell);
    const of = (answers: Answers, name: string) => answers.get(questionKey(question(name)));

    it.each(['plain', 'older', 'podman'])(
      'several come in one call, and what is not there is told apart (%s)',
      async (word) => {
        await mode(word);
        await writeFile(join(node.folder, 'tools/docker.calls'), '');
        const got = await ask('kubelet', 'etcd', 'bare', 'kube-apiserver');
        const calls = await node.sh('cat /usr/local/sbin/docker.calls');
        expect(calls.out.toString().trim().split('\n')).toHaveLength(1);
        const kubelet = of(got, 'kubelet');
        expect(kubelet && readContainer(kubelet, 'kubelet')).toEqual({
          known: true,
          value: {
            name: 'kubelet',
            image: 'rancher/hyperkube:v1.24.17-rancher1',
            args: ['kubelet', '--a=b c', "--say=it's <x>"],
            binds: ['/etc/kubernetes:/etc/kubernetes:z'],
            state: 'running',
            started: '2024-01-01T00:00:00Z',
            variables: ['ETCD_AUTO_TLS'],
          },
        });
        const bare = of(got, 'bare');
        expect(bare && readContainer(bare, 'bare')).toMatchObject({
          known: true,
          value: { state: 'exited', binds: [], variables: [] },
        });
        expect([of(got, 'etcd'), of(got, 'kube-apiserver')]).toEqual([
          { kind: 'absent' },
          { kind: 'absent' },
        ]);
      },
    );

    it.each([
      ['down', 'failed'],
      ['closed', 'denied'],
      ['mute', 'failed'],
    ])('a runtime that is %s is no answer: %s', async (word, kind) => {
      await mode(word);
      const got = await ask('kubelet', 'etcd');
      expect([...got.values()].map((answer) => answer.kind)).toEqual([kind, kind]);
    });

    it('a line that is not whole is no answer, and spoils no other', async () => {
      await mode('plain');
      const got = await ask('broken', 'kubelet');
      expect([of(got, 'broken')?.kind, of(got, 'kubelet')?.kind]).toEqual(['failed', 'said']);
    });

    it('a node without docker says so', async () => {
      await mode('gone');
      expect(of(await ask('kubelet'), 'kubelet')).toEqual({ kind: 'no-tool', tool: 'docker' });
    });
  },
);

describe('names of containers', () => {
  it('only such as docker itself allows are sent', () => {
    expect(refusedQuestion({ kind: 'container', name: 'kube-apiserver' })).toBeUndefined();
    for (const name of ['', '-f', 'a b', '../x'])
      expect(refusedQuestion({ kind: 'container', name })).toContain('not a name');
  });
});
