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
    why: 'From frame to frame most lines stay as they are: what the last frame took apart, this one need not.',
    file: 'ink/build/output.js',
    from: 'cached = styledCharsFromTokens(tokenize(line));',
    to: 'cached = this.before?.styledChars.get(line) ?? styledCharsFromTokens(tokenize(line));',
  },
  {
    why: 'The same.',
    file: 'ink/build/output.js',
    from: 'caches = new OutputCaches();',
    to: 'caches = OutputCaches.next();',
  },
  {
    why: 'The same: the caches of two frames are kept.',
    file: 'ink/build/output.js',
    from: 'class OutputCaches {',
    to: [
      'class OutputCaches {',
      'static last;',
      'static next() {',
      'const next = new OutputCaches();',
      'next.before = OutputCaches.last;',
      'if (next.before) next.before.before = undefined;',
      'return OutputCaches.last = next;',
      '}',
    ].join('\n'),
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
    why: 'Nobody here asks for the other keys of a server. To prove them costs it a signature with each before it hears us. It says no more until its word is acknowledged, which our kernel puts off by 40 ms unless there is something to send.',
    file: 'ssh2/lib/client.js',
    from: 'hostKeysProve(this, data, (err, keys) => {',
    to: "if (this.listenerCount('hostkeys') === 0) proto.ignore(); else hostKeysProve(this, data, (err, keys) => {",
  },
  {
    why: 'The message that the acknowledgement travels with.',
    file: 'ssh2/lib/protocol/Protocol.js',
    from: '\n  rekey() {',
    to: [
      '',
      '  ignore() {',
      'const packet = this._packetRW.write.alloc(5);',
      'packet.fill(0, this._packetRW.write.allocStart);',
      'packet[this._packetRW.write.allocStart] = MESSAGE.IGNORE;',
      'sendPacket(this, this._packetRW.write.finalize(packet));',
      '  }',
      '  rekey() {',
    ].join('\n'),
  },
  {
    why: 'Only a key with a passphrase needs bcrypt and tweetnacl.',
    file: 'ssh2/lib/protocol/keyParser.js',
    from: "const bcrypt_pbkdf = require('bcrypt-pbkdf').pbkdf;",
    to: "const bcrypt_pbkdf = (...all) => require('bcrypt-pbkdf').pbkdf(...all);",
  },
  {
    why: 'Native parts that one installation has and another lacks: looked for in vain, and what is tried without them holds for all.',
    file: 'ssh2/lib/protocol/constants.js',
    from: "cpuInfo = require('cpu-features')();",
    to: '',
  },
  {
    why: 'The same.',
    file: 'ssh2/lib/protocol/crypto.js',
    from: /binding = require\('\.\/crypto\/build\/Release\/sshcrypto\.node'\);\s+\(\{[\s\S]*?\} = binding\);/,
    to: '',
  },
  {
    why: 'Every Node that this runs on has Ed25519, unless it keeps to FIPS. To try it out takes a millisecond.',
    file: 'ssh2/lib/protocol/constants.js',
    from: /const eddsaSupported = \(\(\) => \{[\s\S]*?\n\}\)\(\);/,
    to: 'const eddsaSupported = crypto.getFips() === 0;',
  },
  {
    why: 'A packet written in three parts is three calls of the system, and wakes the server three times.',
    file: 'ssh2/lib/protocol/crypto.js',
    from: /this\._onWrite\(lenData\);\s+(\/\/ Encrypt pad length, payload, and padding\s+const encrypted = cipher\.update\(packet\.slice\(4\)\);)\s+this\._onWrite\(encrypted\);\s+(const final = cipher\.final\(\);)[\s\S]*?(const tag = cipher\.getAuthTag\(\);)\s+this\._onWrite\(tag\);/,
    to: '$1\n$2\n$3\nthis._onWrite(Buffer.concat([lenData, encrypted, final, tag]));',
  },
  {
    why: 'A server that insists on compression is rare; to be ready for it takes a part of Node and the state of an inflation.',
    file: 'ssh2/lib/protocol/zlib.js',
    from: /const \{\s+createInflate,\s+constants: \{([\s\S]*?)\}\s+\} = require\('zlib'\);\s+const ZlibHandle = createInflate\(\)\._handle\.constructor;/,
    to: [
      'let ZlibHandle, $1 createInflate;',
      'const loadZlib = () => {',
      'if (ZlibHandle) return;',
      "({ createInflate, constants: {$1} } = require('zlib'));",
      'ZlibHandle = createInflate()._handle.constructor;',
      '};',
    ].join('\n'),
  },
  {
    why: 'The same.',
    file: 'ssh2/lib/protocol/zlib.js',
    from: /(?=this\._zlib = new Zlib\()/g,
    to: 'loadZlib();\n',
  },
  {
    why: 'Only an agent for Windows is another process.',
    file: 'ssh2/lib/agent.js',
    from: "const { execFile, spawn } = require('child_process');",
    to: [
      "const execFile = (...all) => require('child_process').execFile(...all);",
      "const spawn = (...all) => require('child_process').spawn(...all);",
    ].join('\n'),
  },
  {
    why: 'Connections come to it made already.',
    file: 'ssh2/lib/client.js',
    from: "const { lookup: dnsLookup } = require('dns');",
    to: "const dnsLookup = (...all) => require('dns').lookup(...all);",
  },
  {
    why: 'Node reads and writes the bare bytes of a key ten times faster as JWK than wrapped in DER.',
    file: 'ssh2/lib/protocol/kex.js',
    from: /const key = this\._keys\.publicKey\.export\(\{ type: 'spki', format: 'der' \}\);\s+return key\.slice\(-32\);/,
    to: "return Buffer.from(this._keys.publicKey.export({ format: 'jwk' }).x, 'base64url');",
  },
  {
    why: 'The same.',
    file: 'ssh2/lib/protocol/kex.js',
    from: /const asnWriter = new Ber\.Writer\(\);\s+asnWriter\.startSequence\(\);\s+\/\/ algorithm\s+asnWriter\.startSequence\(\);\s+asnWriter\.writeOID\('1\.3\.101\.110'\);[\s\S]*?publicKey: createPublicKey\(\{[\s\S]*?\}\),/,
    to: [
      'return convertToMpint(diffieHellman({',
      'privateKey: this._keys.privateKey,',
      "publicKey: createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', x: otherPublicKey.toString('base64url') } }),",
    ].join('\n'),
  },
  {
    why: 'To read a private key from its PEM takes ten times as long as to sign with it; all nodes are signed for with the same one.',
    file: 'ssh2/lib/protocol/keyParser.js',
    from: 'return sign_(algo, data, pem);',
    to: "return sign_(algo, data, this._readPrivateKey ??= require('crypto').createPrivateKey(pem));",
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
