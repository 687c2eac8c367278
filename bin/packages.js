// What is changed in packages while they are bundled: they do the same, but start and draw faster. When a package has changed
// so that this no longer fits, the build fails; look then whether it is still slow.
import { readFileSync } from 'node:fs';
import { narrow } from './segmenter.js';

const changes = [
  {
    why: 'The test for emoji costs 20 ms when it first runs; most lines and symbols of the screens need not come to it.',
    file: 'string-width/index.js',
    from: '/^[\\u0020-\\u007E]*$/.test(string)',
    to: `(ambiguousIsNarrow && ${narrow}.test(string)) || /^[\\u0020-\\u007E]*$/.test(string)`,
  },
  {
    why: 'The set of all emoji takes 10 ms to make, so it is made when a character is first looked up in it.',
    file: 'string-width/index.js',
    from: 'const rgiEmojiRegex = /^\\p{RGI_Emoji}$/v;',
    to: 'let emoji; const rgiEmojiRegex = { test: (text) => (emoji ??= /^\\p{RGI_Emoji}$/v).test(text) };',
  },
  {
    why: 'A list of styles is replaced, never changed, so neighbours of one style can share it.',
    file: '@alcalzone/ansi-tokenize/build/styledChars.js',
    from: 'styles: [...codes],',
    to: 'styles: codes,',
  },
  {
    why: 'Neighbours of one style, nearly all, need no six lists and three sets to find that nothing changes.',
    file: '@alcalzone/ansi-tokenize/build/styledChars.js',
    from: 'ret += ansiCodesToString(diffAnsiCodes(chars[i - 1].styles, char.styles));',
    to: [
      'const before = chars[i - 1].styles;',
      'if (before !== char.styles && (before.length > 0 || char.styles.length > 0))',
      'ret += ansiCodesToString(diffAnsiCodes(before, char.styles));',
    ].join('\n'),
  },
  {
    why: 'A cell is replaced, never changed, so all blank ones can be one.',
    file: 'ink/build/output.js',
    from: /const row = \[\];\s+for \(let x = 0;[\s\S]*?styles: \[\],\s+\}\);\s+\}\s+output\.push\(row\);/,
    to: "output.push(new Array(this.width).fill(Output.blank ??= { type: 'char', value: ' ', fullWidth: false, styles: [] }));",
  },
  {
    why: 'Node decodes base64 natively, and the loader does not fetch its own data: URL when it has the binary.',
    file: 'yoga-layout/dist/binaries/yoga-wasm-base64-esm.js',
    from: /(H="data:application\/octet-stream;base64,)([^"]+)";/,
    to: '$1";w=Buffer.from("$2","base64");',
  },
  {
    why: 'The developer tools are not shipped.',
    file: 'ink/build/reconciler.js',
    from: "await import('./devtools.js');",
    to: '',
  },
  {
    why: 'Agents for HTTP through SSH load HTTP, HTTPS and TLS, twelve parts of Node, and are never used here.',
    file: 'ssh2/lib/index.js',
    from: /const \{\s+SSHTTPAgent: HTTPAgent,\s+SSHTTPSAgent: HTTPSAgent,\s+\} = require\('\.\/http-agents\.js'\);/,
    to: 'const HTTPAgent = undefined, HTTPSAgent = undefined;',
  },
  {
    why: 'Only the lab is a server and makes keys.',
    file: 'ssh2/lib/index.js',
    from: /Server: require\('\.\/server\.js'\),([\s\S]*?)\.\.\.require\('\.\/keygen\.js'\),/,
    to: [
      "get Server() { return require('./server.js'); },$1",
      "get generateKeyPair() { return require('./keygen.js').generateKeyPair; },",
      "get generateKeyPairSync() { return require('./keygen.js').generateKeyPairSync; },",
    ].join('\n'),
  },
  {
    why: 'Nobody here asks for the other keys of a server. To prove them costs it a signature with each before it hears us.',
    file: 'ssh2/lib/client.js',
    from: 'hostKeysProve(this, data, (err, keys) => {',
    to: "if (this.listenerCount('hostkeys') > 0) hostKeysProve(this, data, (err, keys) => {",
  },
  {
    why: 'Only a key with a passphrase needs bcrypt and tweetnacl.',
    file: 'ssh2/lib/protocol/keyParser.js',
    from: "const bcrypt_pbkdf = require('bcrypt-pbkdf').pbkdf;",
    to: "const bcrypt_pbkdf = (...all) => require('bcrypt-pbkdf').pbkdf(...all);",
  },
  {
    why: 'Every Node that this runs on can make folders within folders; semver is 30 KB to find that out.',
    file: 'make-dir/index.js',
    from: /const semver = require\('semver'\);\s+(const useNativeRecursiveOption = )semver[^;]*;/,
    to: '$1true;',
  },
  {
    why: 'Six parts of Node, for a terminal that does not say its size.',
    file: 'terminal-size/index.js',
    from: "import {execFileSync} from 'node:child_process';",
    to: "const execFileSync = (...all) => require('node:child_process').execFileSync(...all);",
  },
  {
    why: 'Five parts of Node, for one look at an argument.',
    file: 'signal-exit/index.js',
    from: "var assert = require('assert')",
    to: 'var assert = { equal: (a, b, message) => { if (a !== b) throw new TypeError(message) } }',
  },
];

/** Copies inside other packages are older ones, and are asked only about lines that are too long. */
const inner = /[\\/]node_modules[\\/].*[\\/]node_modules[\\/]/;

const applied = new Set();

/** The files that no build so far has come by, so that nothing was changed in them. */
export function untouched() {
  return changes.filter((change) => !applied.has(change)).map((change) => change.file);
}

/** The plugin of esbuild that applies them. */
export const packages = {
  name: 'packages',
  setup(builder) {
    builder.onLoad({ filter: /[\\/]node_modules[\\/].*\.js$/ }, ({ path }) => {
      const file = path.replaceAll('\\', '/');
      const wanted = inner.test(path) ? [] : changes.filter((c) => file.endsWith(`/node_modules/${c.file}`));
      if (wanted.length === 0) return undefined;
      const contents = wanted.reduce(
        (text, change) => {
          const { from, to } = change;
          const changed = typeof from === 'string' ? text.replace(from, () => to) : text.replace(from, to);
          if (changed === text) throw new Error(`${file} has changed: ${from} is not there any more`);
          applied.add(change);
          return changed;
        },
        readFileSync(path, 'utf8'),
      );
      return { contents };
    });
  },
};
