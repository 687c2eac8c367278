import { describe, expect, it } from 'vitest';
import { readArguments, withArgument, withOneMore } from '../../src/resources/argument-edit.ts';
import { argumentWords } from '../../src/resources/argument-words.ts';
import { flagValue } from '../../src/resources/flags.ts';

function words(text: string): readonly string[] | string {
  const read = argumentWords(text, 'f');
  return read.known ? read.value.map((w) => w.value) : read.reason;
}

function edited(text: string, key: string, value: string | undefined): string {
  const read = withArgument(text, key, value, 'f');
  if (!read.known) throw new Error(read.reason);
  return read.value;
}

describe('an argument file is read as bash reads it', () => {
  it.each([
    ['--a="1"\n--b=\'two words\'\n', ['--a=1', '--b=two words']],
    ['--a=1 --b=2 # more\n# --c=3\n--d\n', ['--a=1', '--b=2', '--d']],
    ['--a=x#y\n', ['--a=x#y']],
    ['--a="say \\"hi\\" \\x"\n', ['--a=say "hi" \\x']],
    ['--a=\\\nb --c=\\ d\n', ['--a=b', '--c= d']],
    ["--a='$(date) `x`'\n", ['--a=$(date) `x`']],
    ['--a="x"\'y\'z', ['--a=xyz']],
    ['--gates="A=true,B=false"', ['--gates=A=true,B=false']],
    ['', []],
    ['--a=1 \\\n  --b=2\n', ['--a=1', '--b=2']],
    ['--a="x\u00a0y"\n', ['--a=x\u00a0y']],
  ])('%j', (text, expected) => expect(words(text)).toEqual(expected));

  it.each([
    ['--a=1\n--b=$(id)\n', 'f:2 has a $'],
    ['--a="$HOME"\n', 'f:1 has a $'],
    ['--a=`id`\n', 'f:1 has a backtick'],
    ['--a="`id`"\n', 'f:1 has a backtick'],
    ['--a="x\n\n', 'f:1 has a " that is never closed'],
    ["# it's fine here\n--a='x\n", "f:2 has a ' that is never closed"],
    ['--a=1;reboot\n', 'f:1 has a bare ;'],
    ['--a={b,c}\n', 'f:1 has a bare {'],
    ['[3]=x\n', 'f:1 begins with ['],
    ['--a=1\r\n', 'f:1 ends with a carriage return'],
    ['--a=1\\', 'f:1 ends with a backslash'],
    // The shell takes the last line breaks away, and with them what the backslash stands before.
    ['--a=1\n--b=2 \\\n\n', 'f:2 ends with a backslash'],
    ['--a=false\u00a0\n', 'f:1 has a blank that bash takes for a letter (U+00A0)'],
    ['\ufeff--a=1\n', 'f:1 has a blank that bash takes for a letter (U+FEFF)'],
    ['--a=1\n--b\v2\n', 'f:2 has a blank that bash takes for a letter (U+000B)'],
    ['--a=1\n~/x\n', 'f:2 begins with ~'],
  ])('%j is refused', (text, reason) => {
    const said = words(text);
    expect(typeof said === 'string' ? said : '').toContain(reason);
  });

  it('counts lines through words that run over several', () => {
    const read = readArguments('--a="1\n2"\n\n--b=3 --b=4\n', 'f');
    expect(read.known && read.value.entries.map((e) => [e.key, e.line])).toEqual([
      ['a', 1],
      ['b', 4],
      ['b', 4],
    ]);
  });
});

describe('one line a flag', () => {
  it.each([
    ['in place', '--b=1\n--a=2 # x\n', 'a', '3', '--b=1\n--a="3" # x\n'],
    ['of two words', '--a 2\n--b\n', 'a', '3', '--a="3"\n--b\n'],
    ['sorted in', '--a="1"\n--c="2"\n', 'b', '3', '--a="1"\n--b="3"\n--c="2"\n'],
    ['before all', '# head\n--c="2"\n', 'a', '3', '# head\n--a="3"\n--c="2"\n'],
    ['after a last line without its end', '--a="1"', 'b', '3', '--a="1"\n--b="3"\n'],
    ['into a file of comments', '# x', 'b', '3', '# x\n--b="3"\n'],
    ['for several', '--a=1\n--b=2\n  --a=3\n', 'a', '4', '--a="4"\n--b=2\n'],
    ['beside another on its line', '--a=1 --b=2 --a=3\n', 'a', '4', '--a="4" --b=2\n'],
    ['not for one of a longer name', '--ab=1\n', 'a', '2', '--a="2"\n--ab=1\n'],
  ])('%s', (_, text, key, value, expected) => expect(edited(text, key, value)).toBe(expected));

  it.each([
    ['with its line', '--a=1\n--b=2\n', '--b=2\n'],
    ['from a line that holds more', '--b=2 --a=1\n', '--b=2\n'],
    ['from the start of a line that holds more', '--a=1 --b=2\n', '--b=2\n'],
    ['but not its comment', '--a=1 # why\n--b=2\n', '# why\n--b=2\n'],
    ['as often as it is there', '--a=1\n--b=2\n--a\n', '--b=2\n'],
  ])('is taken out %s', (_, text, expected) => expect(edited(text, 'a', undefined)).toBe(expected));

  it('is not taken out where a line before it would be left open', () => {
    expect(withArgument('--b=1 \\\n--a=2\n', 'a', undefined, 'f')).toMatchObject({
      known: false,
      reason: '--a stands in f in a form that cannot be edited safely',
    });
  });

  it('never comes between another flag and its value', () => {
    expect(withArgument('--a=1 --z\n2\n', 'b', '3', 'f')).toMatchObject({ known: false });
  });

  it('cannot hold what bash would change', () => {
    expect(withArgument('--a=1\n', 'a', '$(x)', 'f')).toMatchObject({ known: false });
  });
});

describe('any sequence of changes', () => {
  const keys = ['audit-log-path', 'bind-address', 'enable-admission-plugins', 'profiling', 'v'];
  const pieces = [
    '--profiling="false"\n',
    '--bind-address=0.0.0.0\n',
    '--bind-address 127.0.0.1\n',
    "--enable-admission-plugins='A,B'\n",
    '--v=2 --profiling=true # both\n',
    '# a word on it\n',
    '\n',
    '  --audit-log-path=/x\n',
  ];
  /** A small generator of its own seed, so that a failure can be repeated. */
  const random = (seed: number) => () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };

  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'made twice leaves the same bytes (seed %i)',
    (seed) => {
      const next = random(seed + 1);
      const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
      const start = Array.from({ length: 6 }, () => pick(pieces)).join('');
      const changes = Array.from(
        { length: 8 },
        () => [pick(keys), next() < 0.2 ? undefined : pick(['a', 'b,c', '1'])] as const,
      );
      const last = new Map(changes);
      const run = (text: string) => [...last].reduce((t, [key, value]) => edited(t, key, value), text);
      const whole = changes.reduce((t, [key, value]) => edited(t, key, value), start);
      const once = run(whole);
      expect(run(once)).toBe(once);
      const read = readArguments(once, 'f');
      if (!read.known) throw new Error(read.reason);
      for (const [key, value] of last) {
        expect(flagValue(read.value.words, key)).toBe(value);
        expect(read.value.entries.filter((e) => e.key === key)).toHaveLength(value === undefined ? 0 : 1);
      }
      // What nobody asked about is as it was.
      const others = (text: string) => {
        const all = readArguments(text, 'f');
        return all.known ? all.value.words.filter((w) => !keys.some((k) => w.startsWith(`--${k}`))) : [];
      };
      expect(others(once).filter((w) => w.startsWith('-'))).toEqual(
        others(start).filter((w) => w.startsWith('-')),
      );
      expect(once.match(/# (a word|both)/g)?.length ?? 0).toBe(start.match(/# (a word|both)/g)?.length ?? 0);
    },
  );
});

describe('a value that begins with a dash', () => {
  it.each([
    [
      'replaced',
      'terminated-pod-gc-threshold',
      '--terminated-pod-gc-threshold -1\n--v=2\n',
      '5',
      '--terminated-pod-gc-threshold="5"\n--v=2\n',
    ],
    ['taken out', 'token-auth-file', '--token-auth-file -x\n--v=2\n', undefined, '--v=2\n'],
    [
      'that looks like a flag',
      'audit-log-path',
      '--audit-log-path --anonymous-auth=false\n',
      '/a',
      '--audit-log-path="/a"\n',
    ],
    ['beside another flag', 'v', '--audit-log-path -\n--v 2\n', '4', '--audit-log-path -\n--v="4"\n'],
  ])('goes with its flag: %s', (_, key, text, value, expected) =>
    expect(edited(text, key, value)).toBe(expected),
  );

  it.each(['-', '-1', '-1s', '-x'])('%s after a flag of no known kind leaves the file as it is', (word) => {
    for (const key of ['made-up', 'v', 'profiling'])
      for (const value of ['1', undefined])
        expect(withArgument(`--v=2\n--made-up ${word}\n`, key, value, 'f')).toEqual({
          known: false,
          reason: `f:2 has --made-up before ${word}, and whether that is its value cannot be told; write it as --made-up=VALUE`,
        });
    expect(withOneMore(`--made-up ${word}\n`, 'service-account-issuer', 'x', 'f').known).toBe(false);
  });

  it('is left alone where what is edited may be the value of a flag of no known kind', () => {
    expect(withArgument('--made-up --token-auth-file=/x\n', 'token-auth-file', undefined, 'f')).toEqual({
      known: false,
      reason: 'in f --made-up stands before --token-auth-file=/x, which may be its value or a flag',
    });
    expect(edited('--made-up --token-auth-file=/x\n', 'profiling', 'false')).toContain('--profiling="false"');
  });

  it('does not come after a truth value, whose word beside it goes with it', () => {
    expect(edited('--profiling -v=2\n', 'profiling', 'false')).toBe('--profiling="false" -v=2\n');
    expect(edited('--profiling true\n--v=2\n', 'profiling', 'false')).toBe('--profiling="false"\n--v=2\n');
  });
});
