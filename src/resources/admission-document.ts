import { known, type Read, unread } from '../domain/answer.ts';
import { folderOf } from '../domain/path.ts';
import { treeSteps, valueAt } from './tree.ts';
import { editYaml } from './yaml-edit.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

/** What an AdmissionConfiguration says of one plugin: its configuration, or the file that holds it. */
export type PluginEntry = {
  readonly name: string;
  readonly path?: string;
  readonly configuration?: unknown;
};

/** An AdmissionConfiguration without plugins. */
export const noPlugins = 'apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n';

/** The plugins of an AdmissionConfiguration; why it is none, otherwise. */
export function pluginsIn(text: string, path: string): Read<readonly PluginEntry[]> {
  const parsed = parseYaml(text, path);
  const tree = parsed.known ? valuesOf(parsed.value, path) : parsed;
  if (!tree.known) return tree;
  const version = valueAt(tree.value, ['apiVersion']);
  const ours = typeof version === 'string' && /^apiserver(\.config)?\.k8s\.io\//.test(version);
  if (!ours || valueAt(tree.value, ['kind']) !== 'AdmissionConfiguration')
    return unread(`${path} is not an AdmissionConfiguration`);
  const plugins = valueAt(tree.value, ['plugins']) ?? [];
  return Array.isArray(plugins) && plugins.every(isEntry)
    ? known(plugins)
    : unread(`${path} has plugins that are not a list of names`);
}

/** Whether a plugin stands there with something to go by; EventRateLimit without it keeps the API server down. */
export function isConfigured(plugins: readonly PluginEntry[], name: string): boolean {
  const entry = plugins.find((plugin) => plugin.name === name);
  return entry !== undefined && (Boolean(entry.path) || (entry.configuration ?? null) !== null);
}

/** The file that holds the configuration of a plugin, by the document that names it; beside a configuration no file counts. */
export function fileOf(plugins: readonly PluginEntry[], name: string, document: string): string | undefined {
  const entry = plugins.find((plugin) => plugin.name === name);
  return entry?.path && (entry.configuration ?? null) === null
    ? absoluteOf(entry.path, folderOf(document))
    : undefined;
}

function absoluteOf(path: string, folder: string): string {
  const plain = path.replace(/^(\.\/)+/, '');
  return plain.startsWith('/') ? plain : `${folder}/${plain}`;
}

/** What the configuration of a plugin says at a path, wherever it stands; `textOf` has the files that were read. */
export function configuredAt(
  plugins: readonly PluginEntry[],
  name: string,
  document: string,
  at: string,
  textOf: (path: string) => string | undefined,
): Read<unknown> {
  const path = fileOf(plugins, name, document);
  if (path === undefined)
    return known(valueAt(plugins.find((plugin) => plugin.name === name)?.configuration, treeSteps(at)));
  const text = textOf(path);
  if (text === undefined) return unread(`${path}, which holds the configuration of ${name}, was not read`);
  const parsed = parseYaml(text, path);
  const tree = parsed.known ? valuesOf(parsed.value, path) : parsed;
  return tree.known ? known(valueAt(tree.value, treeSteps(at))) : tree;
}

/** The text with further plugins; an entry that is there stays as it is. */
export function withPlugins(text: string, more: readonly PluginEntry[], path: string): Read<string> {
  let edited = text;
  for (const entry of more) {
    const plugins = pluginsIn(edited, path);
    if (!plugins.known) return plugins;
    const there = plugins.value.findIndex((plugin) => plugin.name === entry.name);
    if (there >= 0 && isConfigured(plugins.value, entry.name)) continue;
    const whole =
      there >= 0
        ? editYaml(
            edited,
            ['plugins', there, entry.path ? 'path' : 'configuration'],
            entry.path ?? entry.configuration,
            path,
          )
        : plugins.value.length === 0
          ? editYaml(edited, ['plugins'], [entry], path)
          : editYaml(edited, ['plugins', plugins.value.length], entry, path);
    if (!whole.known) return whole;
    edited = whole.value;
  }
  return known(edited);
}

/** An entry for a document of another folder: the API server takes a path that is not absolute from the document's own. */
export function rebased(entry: PluginEntry, from: string, to: string): PluginEntry {
  if (!entry.path) return entry;
  const absolute = absoluteOf(entry.path, from);
  const near = folderOf(absolute) === to;
  return { ...entry, path: near ? absolute.slice(to.length + 1) : absolute };
}

function isEntry(value: unknown): value is PluginEntry {
  return typeof valueAt(value, ['name']) === 'string';
}
