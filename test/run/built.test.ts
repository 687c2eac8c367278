import { execFile } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Profile } from '../../src/domain/control.ts';
import { readCompiled } from '../../src/profiles/compiled.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';
import { helpText } from '../../src/run/help.ts';
import { type Built, buildProgram } from '../terminal/build.ts';

const root = resolve(import.meta.dirname, '../..');
let built: Built;
let data: URL;

beforeAll(async () => {
  built = await buildProgram();
  data = pathToFileURL(join(dirname(built.program), '../dist/profiles.json'));
});
afterAll(() => built?.remove());

async function parsed(...folders: readonly string[]): Promise<readonly Profile[]> {
  const loaded = await loadProfiles(folders, (type, spec) => resources.get(type)?.schema.parse(spec));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
  return loaded.value;
}

describe('the compiled profiles', () => {
  let folder = '';
  const at = (name: string): string => join(folder, 'profiles', name);
  const compiled = (...over: readonly string[]) => readCompiled(data, [at('.'), ...over]);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'k8s-harden-compiled-'));
    cpSync(join(root, 'profiles'), at('.'), { recursive: true });
    return () => rmSync(folder, { recursive: true, force: true });
  });

  it('are what the loader reads', async () => {
    expect(compiled()).toStrictEqual(await parsed(join(root, 'profiles')));
  });

  it('hold where files have other times and nothing lies over them, as after an installation', async () => {
    utimesSync(at('rke2/distribution.yaml'), 1, 1);
    expect(compiled(join(folder, 'nowhere'))).toHaveLength((await parsed(at('.'))).length);
  });

  it.each<[string, () => void]>([
    ['a file has one more byte', () => appendFileSync(at('rke2/controls/kernel.yaml'), '\n')],
    [
      'a file was changed and kept its size and times',
      () => {
        const text = readFileSync(at('rke2/cis-1.6.yaml'), 'utf8');
        writeFileSync(at('rke2/cis-1.6.yaml'), text.replace('level: 1', 'level: 2'));
      },
    ],
    ['a file is gone', () => rmSync(at('rke2/cis-1.6.yaml'))],
    ['a file was added', () => writeFileSync(at('rke2/controls/ours.yaml'), '[]')],
    ['a distribution was added', () => mkdirSync(at('k3s'))],
    ['the folder is gone', () => rmSync(at('.'), { recursive: true })],
  ])('are left aside when %s', async (_, change) => {
    expect(compiled()).toBeDefined();
    change();
    expect(compiled()).toBeUndefined();
  });

  it('are left aside when profiles lie over them, and when the program was not built or its data is broken', async () => {
    mkdirSync(join(folder, 'own'));
    expect(compiled(join(folder, 'own'))).toBeUndefined();
    const broken = join(folder, 'profiles.json');
    expect(readCompiled(pathToFileURL(broken), [at('.')])).toBeUndefined();
    const whole = readFileSync(data);
    for (const cut of ['{"hash":', whole.subarray(0, 20), whole.subarray(0, -1), `${whole}\n`]) {
      writeFileSync(broken, cut);
      expect(readCompiled(pathToFileURL(broken), [at('.')])).toBeUndefined();
    }
  });
});

describe('the built program', () => {
  const installed = (name: string): string => join(dirname(built.program), '..', name);
  const env = () => ({ PATH: process.env.PATH ?? '', HOME: installed('.'), LC_ALL: 'C.UTF-8' });
  /** What check says of a benchmark that is not there: the names of all. */
  const benchmarks = async (): Promise<string> => {
    const words = [built.program, 'check', '--node', 'nobody@127.0.0.1:1', '--benchmark', 'none'];
    const ended = await promisify(execFile)(process.execPath, words, { env: env() }).catch((error) => error);
    return ended.stderr;
  };

  it('reads its profiles, and an edited one instead of what was compiled', async () => {
    expect(await benchmarks()).toContain('it is one of cis-1.6, ');
    cpSync(installed('profiles/rke2/cis-1.6.yaml'), installed('profiles/rke2/an-edit.yaml'));
    expect(await benchmarks()).toContain('it is one of an-edit, cis-1.6, ');
    writeFileSync(installed('profiles/rke2/an-edit.yaml'), 'title: Ours\nlevels: 3\n');
    expect(await benchmarks()).toMatch(/an-edit\.yaml/);
    rmSync(installed('profiles/rke2/an-edit.yaml'));
  });

  it('starts a check with what V8 compiled of it, and compiles it anew where that is broken or was made by another', async () => {
    const kept = installed(`dist/check-${process.version}-${process.arch}.bin`);
    const check = pathToFileURL(installed('dist/check-start.cjs')).href;
    const words = `console.log((await import(${JSON.stringify(check)})).wasTaken)`;
    const taken = async (): Promise<string> => {
      const args = ['--input-type=module', '-e', words];
      return (await promisify(execFile)(process.execPath, args, { env: env() })).stdout.trim();
    };
    const said = await benchmarks();
    expect(said).toContain('it is one of cis-1.6, ');
    expect(await taken()).toBe('true');
    const bytes = readFileSync(kept);
    // V8 begins with a sum over its version and its flags.
    for (const other of [
      Buffer.from('broken'),
      bytes.subarray(0, 4096),
      bytes.map((b, i) => (i < 16 ? b ^ 1 : b)),
    ]) {
      writeFileSync(kept, other);
      expect(await taken()).toBe('false');
      expect(await benchmarks()).toBe(said);
    }
    rmSync(kept);
    expect(await taken()).toBe('false');
    expect(await benchmarks()).toBe(said);
    writeFileSync(kept, bytes);
  });

  it.each(['--help', '-h'])('%s is the text of the flag table, whole', async (flag) => {
    const { stdout } = await promisify(execFile)(process.execPath, [built.program, flag], { env: env() });
    expect(stdout).toBe(helpText());
  });

  it('leaves no trace when nobody reads what it prints', async () => {
    const line = `'${process.execPath}' '${built.program}' --help | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line], { env: env() });
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
  });

  it('is not built from a profile that is wrong', async () => {
    appendFileSync(installed('profiles/rke2/cis-1.6.yaml'), 'levels: 3\n');
    await expect(buildProgram(installed('.'))).rejects.toThrow(/cis-1\.6\.yaml.*levels/s);
  });
});

// The command line, the first screen, check and what loads later are bundles of their own, so each has its own copy of these.
// A WeakMap from what was given to what was made of it may be there twice.
it('keeps no state in rooms of which a running program has several copies', () => {
  const shared = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(domain\/|store\/|report\/|run\/|flags\.ts)/.test(name),
  );
  expect(shared.length).toBeGreaterThan(40);
  const state = /^(export )?(let |const \w+[^=\n]*= (new (Map|Set)(<.*>)?\(\)|\[\];|\{\};|Symbol\())/m;
  const keeping = shared.filter(
    (name) => /\.tsx?$/.test(name) && state.test(readFileSync(join(root, 'src', name), 'utf8')),
  );
  expect(keeping).toEqual([]);
});
