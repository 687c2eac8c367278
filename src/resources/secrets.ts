import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, type Range, visit } from 'yaml';
import { isSensitiveName } from '../domain/secret-name.ts';

/**
 * The secrets that stand in a configuration file: values of keys, arguments and variables whose name says so, and passwords
 * in addresses. A YAML text is parsed, so that no spelling of a value hides it; one that does not parse is read as far as it goes.
 */
export function secretsIn(text: string): readonly string[] {
  const found = new Set<string>();
  const add = (secret: string): void => {
    if (!tellsNothing.test(secret.trim())) found.add(secret.trim());
  };
  inLines(text, add);
  try {
    inYaml(text, add);
  } catch {
    // What the parser cannot bear was read line by line above.
  }
  return [...found];
}

type Add = (secret: string) => void;

// Plain words, numbers of a few digits, modes and paths below the root's own folders tell nobody anything.
const tellsNothing =
  /^(?:|~|true|false|yes|no|on|off|null|none|\d{1,5}|\[redacted\]|\/(?:etc|var|run|opt|usr|root|home|srv|mnt|tmp|proc|sys|lib|data|snap|dev)\/[\w./-]*\.[a-z]{2,10})$/i;

function inYaml(text: string, add: Add): void {
  for (const document of parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent', merge: true })) {
    if (!('contents' in document)) continue;
    const anchors = new Map<string, Node>();
    visit(document, {
      Node: (_, node) => {
        if ('anchor' in node && node.anchor) anchors.set(node.anchor, node as Node);
      },
    });
    const taken = new Set<unknown>();
    const take = (node: unknown): void => {
      if (taken.has(node)) return;
      taken.add(node);
      if (isAlias(node)) take(anchors.get(node.source));
      else if (isSeq(node)) node.items.forEach(take);
      else if (isMap(node)) {
        for (const { key, value } of node.items)
          if (value === null || (isScalar(value) && value.value === null)) take(key);
      } else if (isScalar(node)) {
        add(String(node.value));
        const range = node.range as Range | null | undefined;
        if (range && node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED')
          add(text.slice(range[0], range[1]).replaceAll(/^["']|["']$/g, ''));
      }
    };
    visit(document, {
      Pair: (_, { key, value }) => {
        if (isScalar(key) && isNamed(String(key.value))) take(value);
      },
      // A variable of a container, and what a Secret holds.
      Map: (_, map) => {
        if (isNamed(String(map.get('name') ?? ''))) take(map.get('value', true));
        if (map.get('kind') !== 'Secret') return;
        for (const held of [map.get('data', true), map.get('stringData', true)])
          if (isMap(held)) for (const { value } of held.items) take(value);
      },
      Scalar: (_, { value, type }) => {
        if (typeof value !== 'string') return;
        inValue(value, add);
        // Manifests stand as a text in a file of another kind.
        if (type?.startsWith('BLOCK') && /^[\w-]+:/m.test(value)) inYaml(value, add);
      },
    });
  }
}

/** Variables of environment files, continued lines too, and what was commented out. */
function inLines(text: string, add: Add): void {
  for (const line of text.replaceAll(/\\\r?\n/g, '').split(/\r?\n/)) {
    const found = /^[\s\ufeff]*(?:[#;][\s#]*)?(?:- |export )?\s*["']?([\w.+-]+)["']?\s*[=:]\s*(.*\S)/.exec(
      line,
    );
    const [whole = '', name = '', value = ''] = found ?? [];
    if (name.startsWith('-')) inFlags(whole.slice(whole.indexOf(name)), add);
    else if (isNamed(name) && !/^[|>&*!#{[]/.test(value)) add(value.replaceAll(/^["']|["']$/g, ''));
    inValue(line, add);
  }
}

/** `name=secret` in an argument, and the password of an address or of a list of words. */
function inValue(value: string, add: Add): void {
  const [, name = '', secret = ''] = /^\s*["']?([\w.-]+)=(.+)$/s.exec(value) ?? [];
  if (name.startsWith('-')) inFlags(value, add);
  else if (isNamed(name)) add(secret);
  const address = /\w:\/\/[^\s:/@]*:(.+)@/.exec(value)?.[1];
  if (address) {
    add(address);
    if (address.includes('%')) add(decoded(address));
  }
  for (const word of value.matchAll(/\b(\w+)=('[^']*'|[^\s'",;&]+)/g))
    if (isNamed(word[1] ?? '')) add((word[2] ?? '').replaceAll("'", ''));
}

/** The flags of a command, of which each ends in quotes or before the next: a value that tells nothing must not take the rest with it. */
function inFlags(text: string, add: Add): void {
  for (const [, name = '', value = ''] of text.matchAll(
    /(?<!\S)["']?--?([a-z][\w.-]*)=("(?:[^"\\]|\\.)*"|'[^']*'|.*?(?=\s+["']?--?[a-z][\w.-]*=|\s*$))/gis,
  ))
    if (isNamed(name)) add(value.replaceAll(/^["']|["']$/g, ''));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// RKE2 appends to a key with a `+`; its datastore-endpoint carries a password, its join words the key.
function isNamed(name: string): boolean {
  const plain = name.replace(/\+$/, '');
  return (
    isSensitiveName(plain) ||
    isSensitiveName(plain.replace(/s$/, '')) ||
    /^(?:datastore-endpoint|join-?key)$/i.test(plain)
  );
}
