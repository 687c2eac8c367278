import type { Words } from '../domain/question.ts';
import type { Step } from '../domain/step.ts';
import { madeAnew, unitVerb } from '../domain/undo.ts';
import { fileAt, tree, withFile } from './files.ts';
import { peopleHold } from './keep.ts';
import { moduleAsked, probeModule } from './modules.ts';
import { deleteObject, patchObject } from './objects.ts';
import { withoutAccount, withPeople } from './people.ts';
import { ofRebuild } from './rebuild.ts';
import { type LabCluster, type LabKept, type LabNode, withNode } from './state.ts';
import { moved, type StepResult, setUnit, withKernel } from './step.ts';

/** Takes one step back on a lab node, as the undo script left on a real one does. */
export function undoStep(
  cluster: LabCluster,
  name: string,
  step: Step,
  kept: LabKept | undefined,
): StepResult {
  const node = cluster.nodes[name];
  if (!node) return { ok: false, message: `the lab has no node ${name}` };
  const done = (next: LabNode, ...output: string[]): StepResult => ({
    ok: true,
    cluster: withNode(cluster, next),
    output,
  });
  switch (step.kind) {
    case 'write-file':
      return done(withFile(node, step.path, kept?.kind === 'file' ? kept.original : undefined));
    case 'make-folder':
      return tree(node, step.path).some(([path]) => path !== step.path)
        ? done(node, `${step.path} is not empty and stays`)
        : done(withFile(node, step.path, undefined));
    case 'move-folder': {
      const free = fileAt(node, step.path) ? moved(node, step.path, madeAnew(step)) : node;
      return done(moved(free, step.to, step.path));
    }
    case 'set-mode': {
      const file = fileAt(node, step.path);
      return file
        ? done(withFile(node, step.path, { ...file, mode: step.before }))
        : { ok: false, message: `chmod: cannot access '${step.path}': No such file or directory` };
    }
    case 'set-owner': {
      const owners = kept?.kind === 'owners' ? kept.owners : { [step.path]: step.before };
      return done(Object.entries(owners).reduce(withOwner, node));
    }
    case 'set-kernel':
      return done(withKernel(node, step.key, step.before), `${step.key} = ${step.before}`);
    case 'create-account':
    case 'create-group': {
      if (kept?.kind === 'accounts' && peopleHold(node, kept)) return done(withPeople(node, kept.before));
      if (step.kind === 'create-account') return done(withoutAccount(node, step.name, step.withGroup));
      const { [step.name]: _, ...groups } = node.groups;
      return done(withPeople(node, { accounts: node.accounts, groups }));
    }
    case 'set-unit': {
      const next = setUnit(node, step.unit, unitVerb(step.before, step.verb));
      return typeof next === 'string' ? { ok: false, message: next } : done(next);
    }
    case 'patch-object':
      return patchObject(cluster, node, step.kubectl, step.object, step.back);
    case 'create-object':
      return deleteObject(cluster, node, step.kubectl, step.object);
    case 'rancher-object':
      return done(node);
    case 'run':
      if (kept?.kind === 'service') {
        const { kind: _, ...service } = kept;
        return done({ ...node, ...service });
      }
      return takeBack(
        cluster,
        node,
        (step.undo ?? []).filter((words) => !ofRebuild(words)),
      );
  }
}

function withOwner(node: LabNode, [path, both]: readonly [string, string]): LabNode {
  const file = fileAt(node, path);
  const [owner = 'root', group = 'root'] = both.split(':');
  return file ? withFile(node, path, { ...file, owner, group }) : node;
}

/** Runs the commands that take back what followed from a command: deleting objects, patching them and taking modules out, no other. */
function takeBack(cluster: LabCluster, node: LabNode, commands: readonly Words[]): StepResult {
  let next = cluster;
  const output: string[] = [];
  for (const words of commands) {
    const module = moduleAsked(words);
    if (module) {
      next = withNode(next, probeModule(next.nodes[node.name] ?? node, module.name, module.remove));
      continue;
    }
    const verb = words.findIndex((word) => word === 'delete' || word === 'patch');
    const kubectl = words.slice(0, verb);
    const rest = words.slice(verb + 1);
    const at = rest.indexOf('--type');
    const result =
      words[verb] === 'delete'
        ? deleteObject(
            next,
            node,
            kubectl,
            rest.filter((word) => word !== '--ignore-not-found'),
          )
        : words[verb] === 'patch' && at > 0
          ? patchObject(next, node, kubectl, rest.slice(0, at), rest.at(-1) ?? '{}')
          : ({ ok: false, message: 'the lab cannot do this' } as const);
    if (!result.ok) return result;
    next = result.cluster;
    output.push(...result.output);
  }
  return { ok: true, cluster: next, output };
}
