import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { systemCode, systemWords } from '../domain/system-error.ts';
import { exits } from './exits.ts';

/** Watches both streams: what could not be written whole is said, and counts in the exit code. Twice is once. */
export function watchOutput(): void {
  watch(process.stdout, said);
  watch(process.stderr, unheard);
}

/** Has the program end with this code, unless its output could not be written whole. */
export function endWith(code: number): void {
  if (process.exitCode !== exits.unwritten) process.exitCode = code;
}

function watch(stream: NodeJS.WriteStream & { fd: number }, failed: (error: Error) => void): void {
  if (stream.listeners('error').includes(failed)) return;
  stream.on('error', failed);
  // Node writes to a file once and does not look how much of it went.
  if (isFile(stream.fd))
    stream._write = (chunk: Buffer | string, encoding, done) => {
      try {
        writeAll(stream.fd, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
        done();
      } catch (error) {
        done(error as Error);
      }
    };
}

/** Who reads on, `head` say, may stop at any time; that is no failure. Of any other only the first is told. */
function said(error: Error): void {
  if (systemCode(error) === 'EPIPE' || process.exitCode === exits.unwritten) return;
  process.exitCode = exits.unwritten;
  process.stderr.write(`k8s-harden: The output could not be written whole: ${systemWords(error)}.\n`);
}

/** Where nothing can be said there is nobody to say that to. */
function unheard(): void {}

/** Pipes and terminals may have to be waited for, which their streams do. */
function isFile(fd: number): boolean {
  const stat = fstatSync(fd);
  return stat.isFile() || (stat.isCharacterDevice() && !isatty(fd));
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}
