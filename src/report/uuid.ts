/** The names that the ids of our documents are made under; a number of our own, drawn once. */
const namespace = hexBytes('9c9a1f2e5d5b4a0e9d0b7b1f4c6e2a35');

/**
 * The id of a thing in a document: a UUID of version 5, so that the same session gives the same document, and the same thing
 * the same id in each document about it.
 */
export function uuidOf(...names: readonly string[]): string {
  const bytes = sha1([...namespace, ...new TextEncoder().encode(JSON.stringify(names))]);
  const id = bytes.slice(0, 16);
  id[6] = ((id[6] ?? 0) & 0x0f) | 0x50;
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
  const hex = id.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function hexBytes(hex: string): readonly number[] {
  return (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

/** SHA-1 (FIPS 180-4), which version 5 prescribes; reports open no door to a library. It protects nothing here. */
function sha1(message: readonly number[]): number[] {
  const length = message.length;
  const bytes = new Uint8Array(Math.ceil((length + 9) / 64) * 64);
  bytes.set(message);
  bytes[length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 4, length * 8);
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const words = new Int32Array(80);
  for (let block = 0; block < bytes.length; block += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(block + i * 4);
    for (let i = 16; i < 80; i++)
      words[i] = turned(of(words, i - 3) ^ of(words, i - 8) ^ of(words, i - 14) ^ of(words, i - 16), 1);
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (let i = 0; i < 80; i++) {
      const next = (turned(a, 5) + mixed(i, b, c, d) + e + of(words, i)) | 0;
      e = d;
      d = c;
      c = turned(b, 30);
      b = a;
      a = next;
    }
    state[0] = of(state, 0) + a;
    state[1] = of(state, 1) + b;
    state[2] = of(state, 2) + c;
    state[3] = of(state, 3) + d;
    state[4] = of(state, 4) + e;
  }
  return [...state].flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);
}

function of(list: Int32Array, i: number): number {
  return list[i] ?? 0;
}

function turned(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function mixed(i: number, b: number, c: number, d: number): number {
  if (i < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (i < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (i < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}
