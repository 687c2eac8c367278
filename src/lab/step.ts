import { folderOf } from '../domain/path.ts';
import type { Step } from '../domain/step.ts';
import { fileAt, isShown, tree, withFile } from './files.ts';
import { isKubectl } from './kubectl.ts';
import { createObject, patchObject } from './objects.ts';
import { freeSystemId, withPeople } from './people.ts';
import { runCommand, runnable } from './run.ts';
import { type LabCluster, type LabNode, type ReadYaml, withNode } from './state.ts';
import { plainName, withUnit } from './unit.ts';

/** What became of a step: the cluster after it and what it printed, or its message on the error stream. */
export type StepResult =
  | { readonly ok: true; readonly cluster: LabCluster; readonly output: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Why a step is beyond the lab; undefined when it is not. */
export function beyondLab(step: Step): string | undefined {
  if ('path' in step && isShown(step.path)) return `a step on ${step.path}`;
  if (step.kind === 'run' && !runnable(step.words)) return step.words.join(' ');
  if (step.kind === 'rancher-object') return `a step on the Rancher server`;
  const kubectl = step.kind === 'patch-object' || step.kind === 'create-object';
  return kubectl && !isKubectl(step.kubectl) ? step.kubectl.join(' ') : undefined;
}

/** Runs one step on a lab node, as its commands would on a real one. */
export function runStep(
  cluster: LabCluster,
  name: string,
  step: Step,
  now: number,
  readYaml: ReadYaml,
): StepResult {
  const node = cluster.nodes[name];
  if (!node) return failed(`the lab has no node ${name}`);
  const done = (next: LabNode, ...output: string[]): StepResult => ({
    ok: true,
    cluster: withNode(cluster, next),
    output,
  });
  switch (step.kind) {
    case 'write-file': {
      const trouble = noFolder(node, step.path) ?? nobody(node, step.owner, step.group);
      if (trouble) return failed(trouble);
      const { mode, owner, group, content: text } = step;
      return done(withFile(node, step.path, { mode, owner, group, text, modified: Math.floor(now) }));
    }
    case 'make-folder': {
      if (!fileAt(node, folderOf(step.path)))
        return failed(`mkdir: cannot create directory '${step.path}': No such file or directory`);
      if (fileAt(node, step.path))
        return failed(`mkdir: cannot create directory '${step.path}': File exists`);
      const { mode, owner, group } = step;
      const trouble = nobody(node, owner, group);
      return trouble
        ? failed(trouble)
        : done(withFile(node, step.path, { mode, owner, group, modified: Math.floor(now) }));
    }
    case 'move-folder':
      return fileAt(node, step.path)
        ? done(moved(node, step.path, step.to))
        : failed(`mv: cannot stat '${step.path}': No such file or directory`);
    case 'set-mode': {
      const file = fileAt(node, step.path);
      return file
        ? done(withFile(node, step.path, { ...file, mode: step.mode }))
        : failed(`chmod: cannot access '${step.path}': No such file or directory`);
    }
    case 'set-owner': {
      const trouble = nobody(node, step.owner, step.group);
      if (trouble) return failed(trouble);
      const top = fileAt(node, step.path);
      if (!top) return failed(`chown: cannot access '${step.path}': No such file or directory`);
      const { owner, group } = step;
      const all = step.tree ? tree(node, step.path) : [[step.path, top] as const];
      const owned = all.map(([path, file]) => [path, { ...file, owner, group }]);
      return done({ ...node, files: { ...node.files, ...Object.fromEntries(owned) } });
    }
    case 'set-kernel':
      return done(withKernel(node, step.key, step.value), `${step.key} = ${step.value}`);
    case 'create-account': {
      const id = freeSystemId(node);
      const gid = step.withGroup ? id : node.groups[step.name];
      if (gid === undefined) return failed(`useradd: group '${step.name}' does not exist`);
      const account = { uid: id, gid, shell: step.shell, comment: step.comment, home: `/home/${step.name}` };
      return done(
        withPeople(node, {
          accounts: { ...node.accounts, [step.name]: account },
          groups: { ...node.groups, [step.name]: gid },
        }),
      );
    }
    case 'create-group': {
      const gid = step.gid === undefined ? freeSystemId(node) : Number(step.gid);
      if (Object.values(node.groups).includes(gid)) return failed(`groupadd: GID '${gid}' already exists`);
      const groups = { ...node.groups, [step.name]: gid };
      return done(withPeople(node, { accounts: node.accounts, groups }));
    }
    case 'set-unit': {
      const next = setUnit(node, step.unit, step.verb);
      return typeof next === 'string' ? failed(next) : done(next);
    }
    case 'patch-object':
      return patchObject(cluster, node, step.kubectl, step.object, step.patch);
    case 'create-object':
      return createObject(cluster, node, step.kubectl, step.manifest, readYaml);
    case 'rancher-object':
      return failed(`${step.title} is changed through the API of the Rancher server`);
    case 'run':
      return runCommand(cluster, node, step.words, now);
  }
}

/** A node in which a folder, with all that is in it, has another name. */
export function moved(node: LabNode, from: string, to: string): LabNode {
  const inside = (path: string): boolean => path === from || path.startsWith(`${from}/`);
  const files = Object.entries(node.files).map(([path, file]) => [
    inside(path) ? `${to}${path.slice(from.length)}` : path,
    file,
  ]);
  return { ...node, files: Object.fromEntries(files) };
}

/** A node with one running kernel value set. */
export function withKernel(node: LabNode, key: string, value: string): LabNode {
  return { ...node, kernel: { ...node.kernel, [key]: value } };
}

/** A node after `systemctl <verb> <unit>`, or what systemctl says instead. */
export function setUnit(
  node: LabNode,
  name: string,
  verb: 'enable' | 'disable' | 'mask' | 'unmask',
): LabNode | string {
  const unit = node.units[plainName(name)];
  const full = `${plainName(name)}.service`;
  if (!unit) return `Failed to ${verb} unit: Unit file ${full} does not exist.`;
  const masked = unit.enabled === 'masked';
  switch (verb) {
    case 'mask':
      if (unit.enabled === 'masked') return node;
      return withUnit(node, name, { ...unit, enabled: 'masked', beneath: unit.enabled });
    case 'unmask': {
      if (unit.enabled !== 'masked') return node;
      const { beneath = 'disabled', ...rest } = unit;
      return withUnit(node, name, { ...rest, enabled: beneath });
    }
    case 'enable':
    case 'disable':
      if (masked && verb === 'enable') return `Failed to enable unit: Unit file ${full} is masked.`;
      if (masked || unit.enabled === 'static') return node;
      return withUnit(node, name, { ...unit, enabled: verb === 'enable' ? 'enabled' : 'disabled' });
  }
}

function noFolder(node: LabNode, path: string): string | undefined {
  const folder = fileAt(node, folderOf(path));
  return folder && folder.text === undefined ? undefined : `cannot create ${path}: Directory nonexistent`;
}

function nobody(node: LabNode, owner: string, group: string): string | undefined {
  if (node.accounts[owner] && node.groups[group] !== undefined) return undefined;
  return node.accounts[owner]
    ? `chown: invalid group: '${owner}:${group}'`
    : `chown: invalid user: '${owner}:${group}'`;
}

function failed(message: string): StepResult {
  return { ok: false, message };
}
