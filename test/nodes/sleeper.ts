// A program that ignores its arguments and waits for a signal, so that a stand-in process looks in ps and in
// /proc/<pid>/cmdline exactly as the real one does: a script would show its interpreter first.
const PAUSE: Record<string, { readonly machine: number; readonly code: readonly number[] }> = {
  // mov eax, SYS_pause; syscall; jmp to the start
  x64: { machine: 62, code: [0xb8, 34, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7] },
  // ppoll(NULL, 0, NULL, NULL, 0) in a loop: mov x0..x4, 0; mov x8, SYS_ppoll; svc 0; b to the start
  arm64: {
    machine: 183,
    code: [
      0x00, 0x00, 0x80, 0xd2, 0x01, 0x00, 0x80, 0xd2, 0x02, 0x00, 0x80, 0xd2, 0x03, 0x00, 0x80, 0xd2, 0x04,
      0x00, 0x80, 0xd2, 0x28, 0x09, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4, 0xf9, 0xff, 0xff, 0x17,
    ],
  },
};

/** The executable that every stand-in process is a copy of. */
export function sleeper(architecture: string = process.arch): Buffer {
  const found = PAUSE[architecture];
  if (!found) throw new Error(`no stand-in processes for ${architecture}`);
  const HEADERS = 64 + 56;
  const ADDRESS = 0x400000n;
  const image = Buffer.alloc(HEADERS + found.code.length);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(image);
  image.writeUInt16LE(2, 16);
  image.writeUInt16LE(found.machine, 18);
  image.writeUInt32LE(1, 20);
  image.writeBigUInt64LE(ADDRESS + BigInt(HEADERS), 24);
  image.writeBigUInt64LE(64n, 32);
  image.writeUInt16LE(64, 52);
  image.writeUInt16LE(56, 54);
  image.writeUInt16LE(1, 56);
  image.writeUInt32LE(1, 64);
  image.writeUInt32LE(5, 68);
  image.writeBigUInt64LE(ADDRESS, 80);
  image.writeBigUInt64LE(ADDRESS, 88);
  image.writeBigUInt64LE(BigInt(image.length), 96);
  image.writeBigUInt64LE(BigInt(image.length), 104);
  image.writeBigUInt64LE(0x1000n, 112);
  Buffer.from(found.code).copy(image, HEADERS);
  return image;
}
