#!/usr/bin/env node
// A script and no module: Node's loader of modules takes longer to begin than --help to print.
// Ink and its colour library read the environment when they are imported, so it is set here, before anything else loads.
const { existsSync, readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const args = process.argv.slice(2);
const here = join(__dirname, '..');

const [only] = args.length === 1 ? args : [];
const built = join(here, 'dist/main.cjs');

if (only === '--version' || only === '-V') {
  say(Buffer.from(`${JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).version}\n`));
} else if (!existsSync(built)) {
  process.stderr.write('k8s-harden is not built yet. Run: npm ci\n');
  process.exitCode = 2;
} else if (only === '--help' || only === '-h') {
  say(readFileSync(join(here, 'dist/help.txt')));
} else {
  const { env } = process;
  const { isatty } = require('node:tty');
  env.NODE_ENV ??= 'production';
  delete env.DEV;
  if (env.NO_COLOR || args.includes('--no-color')) env.FORCE_COLOR = '0';
  // Not by process.stdin and process.stdout, which make a stream each.
  if (isatty(0) && isatty(1)) {
    // With these set Ink draws nothing until it exits, while keys still act.
    delete env.CI;
    delete env.CONTINUOUS_INTEGRATION;
  }
  require(built).main(args);
}

/** Prints without the stream behind process.stdout, which loads twenty parts of Node; what a full pipe does not take, the stream does. */
function say(bytes) {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written);
  } catch (error) {
    if (error.code === 'EAGAIN') process.stdout.write(bytes.subarray(written));
    // Who reads on may stop at any time; else what could not be written is said, as src/run/output.ts does.
    else if (error.code !== 'EPIPE') unwritten(error);
  }
}

function unwritten(error) {
  process.exitCode = 5;
  const why = error.code === 'ENOSPC' ? 'the disk is full' : error.message.replace(/^\w+: |, \w+$/g, '');
  try {
    writeSync(2, `k8s-harden: The output could not be written whole: ${why} (${error.code}).\n`);
  } catch {
    // There is nobody to say that to.
  }
}
