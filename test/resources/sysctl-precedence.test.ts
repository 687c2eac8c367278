import { describe, expect, it } from 'vitest';
import { formatNamedTexts } from '../../src/domain/evidence.ts';
import { readSysctlTexts, type SysctlFile } from '../../src/resources/sysctl-files.ts';
import {
  covers,
  kernelValue,
  parseSysctl,
  sysctlPath,
  withSysctl,
} from '../../src/resources/sysctl-lines.ts';
import { afterWriting, bootWinner, maskedBy, setters } from '../../src/resources/sysctl-precedence.ts';

const key = 'net.ipv4.ip_forward';

function files(texts: Record<string, string>): readonly SysctlFile[] {
  const text = formatNamedTexts(Object.entries(texts).map(([path, each]) => ({ path, text: each })));
  const read = readSysctlTexts({ kind: 'said', text });
  if (!read.known) throw new Error(read.reason);
  return read.value;
}

function winner(texts: Record<string, string>, of = key): string | undefined {
  const found = bootWinner(files(texts), of);
  return found && `${found.path}:${found.line}=${found.value}`;
}

describe('lines', () => {
  it('reads dots and slashes as the same key, and keeps a dot inside a name', () => {
    expect(sysctlPath('net.ipv4.ip_forward')).toBe('net/ipv4/ip_forward');
    expect(sysctlPath('net/ipv4/ip_forward')).toBe('net/ipv4/ip_forward');
    expect(sysctlPath('net.ipv4.conf.eth0/100.rp_filter')).toBe('net/ipv4/conf/eth0.100/rp_filter');
    expect(sysctlPath('net/ipv4/conf/eth0.100/rp_filter')).toBe('net/ipv4/conf/eth0.100/rp_filter');
    expect(sysctlPath('/net//ipv4/./ip_forward/')).toBe('net/ipv4/ip_forward');
    expect(sysctlPath('net..ipv4.ip_forward')).toBe('net/ipv4/ip_forward');
  });

  it('ends a line at a lone carriage return or NUL too, and takes no byte order mark', () => {
    const of = (text: string) => parseSysctl(text).map((l) => [l.line, l.key, l.value, l.alone]);
    expect(of('# x\rnet.ipv4.ip_forward = 0\n')).toEqual([[1, 'net/ipv4/ip_forward', '0', false]]);
    expect(of('# x\0net.ipv4.ip_forward = 0\n')).toEqual([[1, 'net/ipv4/ip_forward', '0', false]]);
    expect(of('x=1\r\na=2\r\n')).toEqual([
      [1, 'x', '1', true],
      [2, 'a', '2', true],
    ]);
    expect(of('\uFEFFa=1\nb=2')).toEqual([
      [1, '\uFEFFa', '1', true],
      [2, 'b', '2', true],
    ]);
    expect(withSysctl('# x\ra=1\n', 'a', '3')).toBe('# x\ra=1\na = 3\n');
    expect(withSysctl('net.ipv4.conf.all.forwarding=0\n', 'net.ipv4.ip_forward', '1')).toBe(
      'net.ipv4.conf.all.forwarding=1\n',
    );
  });

  it('leaves out comments, blanks and lines that say nothing', () => {
    const text = '# a=1\n; b=1\n\nnonsense\n -c = 1\n  d =  4096\t16384 \n-e\n';
    expect(parseSysctl(text).map((l) => [l.line, l.key, l.value])).toEqual([
      [5, 'c', '1'],
      [6, 'd', '4096 16384'],
      [7, 'e', undefined],
    ]);
  });

  it.each([
    ['net/ipv4/conf/*/rp_filter', 'net/ipv4/conf/eth0/rp_filter', true],
    ['net/ipv4/conf/*', 'net/ipv4/conf/eth0/rp_filter', false],
    ['net/ipv4/conf/eth?/rp_filter', 'net/ipv4/conf/eth0/rp_filter', true],
    ['net/ipv4/conf/[!l]*/rp_filter', 'net/ipv4/conf/lxc1/rp_filter', false],
    ['net/ipv4/conf/eth0.1/rp_filter', 'net/ipv4/conf/eth0x1/rp_filter', false],
  ])('%s covers %s: %s', (pattern, name, expected) => {
    expect(covers(pattern, name)).toBe(expected);
  });

  it('sets a key where it stands, whatever its spelling, and keeps all else', () => {
    expect(withSysctl('# x\n-vm/panic_on_oom=1 \n\nb=2', 'vm.panic_on_oom', '0')).toBe(
      '# x\n-vm/panic_on_oom=0 \n\nb=2',
    );
    expect(withSysctl('a=1\na=2\n', 'a', '3')).toBe('a=1\na=3\n');
    expect(withSysctl('a=1\r\nb=2\r\n', 'a', '3')).toBe('a=3\r\nb=2\r\n');
    expect(withSysctl('b=1', 'a', '3')).toBe('b=1\na = 3\n');
    expect(withSysctl('a=1\n-a\n', 'a', '3')).toBe('a=1\n-a\na = 3\n');
    expect(withSysctl('a=$1\n', 'a', '$&')).toBe('a=$&\n');
  });
});

describe('who wins at boot', () => {
  it('goes by the name of the file, whatever its folder', () => {
    expect(winner({ '/etc/sysctl.d/60-a.conf': `${key}=0`, '/usr/lib/sysctl.d/70-b.conf': `${key}=1` })).toBe(
      '/usr/lib/sysctl.d/70-b.conf:1=1',
    );
  });

  it('compares names byte by byte: 100 comes before 60, and 99-zzz late', () => {
    expect(winner({ '/etc/sysctl.d/100-a.conf': `${key}=0`, '/etc/sysctl.d/60-b.conf': `${key}=1` })).toBe(
      '/etc/sysctl.d/60-b.conf:1=1',
    );
    expect(winner({ '/etc/sysctl.d/99-a.conf': `${key}=0`, '/etc/sysctl.d/99-zzz.conf': `${key}=1` })).toBe(
      '/etc/sysctl.d/99-zzz.conf:1=1',
    );
    expect(winner({ '/etc/sysctl.d/a.conf': `${key}=0`, '/etc/sysctl.d/Z.conf': `${key}=1` })).toBe(
      '/etc/sysctl.d/a.conf:1=0',
    );
  });

  it('takes the last line of a file', () => {
    expect(winner({ '/etc/sysctl.d/a.conf': `${key}=0\nnet/ipv4/ip_forward = 1\n` })).toBe(
      '/etc/sysctl.d/a.conf:2=1',
    );
  });

  it.each([
    ['/etc/sysctl.d', '/run/sysctl.d'],
    ['/run/sysctl.d', '/usr/local/lib/sysctl.d'],
    ['/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'],
    ['/usr/lib/sysctl.d', '/lib/sysctl.d'],
  ])('a file in %s masks one of its name in %s, empty or not', (first, second) => {
    const texts = { [`${second}/50-a.conf`]: `${key}=1`, [`${first}/50-a.conf`]: '' };
    expect(winner(texts)).toBeUndefined();
    expect(setters(files(texts), key)).toEqual([
      { path: `${second}/50-a.conf`, line: 1, value: '1', counts: 'masked', glob: false, alone: true },
    ]);
  });

  it('ignores names that do not end in .conf', () => {
    expect(winner({ '/etc/sysctl.d/a.conf.bak': `${key}=1` })).toBeUndefined();
  });

  it('prefers a line that names the key over a pattern, in whatever order they come', () => {
    const rp = 'net.ipv4.conf.all.rp_filter';
    const texts = {
      '/etc/sysctl.d/10.conf': `${rp}=0`,
      '/etc/sysctl.d/99.conf': 'net.ipv4.conf.*.rp_filter=2',
    };
    expect(winner(texts, rp)).toBe('/etc/sysctl.d/10.conf:1=0');
    expect(setters(files(texts), rp).map((s) => s.counts)).toEqual(['applies', 'yields']);
    expect(winner(texts, 'net.ipv4.conf.eth0.rp_filter')).toBe('/etc/sysctl.d/99.conf:1=2');
  });

  it('knows that a line with a minus and no value keeps patterns away', () => {
    const rp = 'net.ipv4.conf.all.rp_filter';
    expect(
      winner({ '/etc/sysctl.d/10.conf': 'net.ipv4.conf.*.rp_filter=2\n-net.ipv4.conf.all.rp_filter\n' }, rp),
    ).toBeUndefined();
  });

  it('reads /etc/sysctl.conf only where a folder links to it', () => {
    const old = { '/etc/sysctl.conf': `${key}=0\n`, '/etc/sysctl.d/90-a.conf': `${key}=1\n` };
    expect(winner(old)).toBe('/etc/sysctl.d/90-a.conf:1=1');
    expect(setters(files(old), key).at(-1)).toEqual({
      path: '/etc/sysctl.conf',
      line: 1,
      value: '0',
      counts: 'not-read',
      glob: false,
      alone: true,
    });
    const copy = { ...old, '/etc/sysctl.d/99-sysctl.conf': `${key}=0\n` };
    expect(setters(files(copy), key).map((s) => s.counts)).toEqual(['applies', 'applies', 'not-read']);
    const linked = { ...copy, '/etc/sysctl.d/99-sysctl.conf -> /etc/sysctl.conf': '' };
    expect(winner(linked)).toBe('/etc/sysctl.d/99-sysctl.conf:1=0');
    expect(setters(files(linked), key).map((s) => s.counts)).toEqual(['applies', 'applies']);
  });

  it('lets the firewall come last, where its defaults point to its file', () => {
    const texts = { '/etc/sysctl.d/99-a.conf': `${key}=1`, '/etc/ufw/sysctl.conf': 'net/ipv4/ip_forward=0' };
    expect(winner(texts)).toBe('/etc/sysctl.d/99-a.conf:1=1');
    expect(setters(files(texts), key).at(-1)?.counts).toBe('not-read');
    const on = { ...texts, '/etc/ufw/ufw.conf': '# x\nENABLED=yes\n' };
    const told = { '/etc/default/ufw': 'IPT_SYSCTL="/etc/ufw/sysctl.conf"' };
    expect(winner({ ...on, '/etc/default/ufw': '#IPT_SYSCTL=/etc/ufw/sysctl.conf' })).toBe(
      '/etc/sysctl.d/99-a.conf:1=1',
    );
    expect(winner({ ...on, ...told })).toBe('/etc/ufw/sysctl.conf:1=0');
    expect(winner({ ...texts, ...told })).toBe('/etc/sysctl.d/99-a.conf:1=1');
    expect(winner({ ...on, ...told, '/etc/ufw/ufw.conf': 'ENABLED=no\n' })).toBe(
      '/etc/sysctl.d/99-a.conf:1=1',
    );
  });

  it('does not know who wins where ufw applies a file that was not read', () => {
    const told = {
      '/etc/default/ufw': 'IPT_SYSCTL=/etc/ufw/mine.conf\n',
      '/etc/ufw/ufw.conf': 'ENABLED=yes\n',
    };
    expect(() => files(told)).toThrow('/etc/ufw/mine.conf, which /etc/default/ufw lets ufw apply at boot');
  });

  it('takes both names of forwarding for one value, in the order of the files', () => {
    const twin = 'net.ipv4.conf.all.forwarding';
    const texts = { '/etc/sysctl.d/50-base.conf': `${key}=1`, '/etc/sysctl.d/60-cis.conf': `${twin} = 0` };
    expect(winner(texts)).toBe('/etc/sysctl.d/60-cis.conf:1=0');
    expect(winner(texts, twin)).toBe('/etc/sysctl.d/60-cis.conf:1=0');
    const patterned = { ...texts, '/etc/sysctl.d/60-cis.conf': 'net.ipv4.conf.*.forwarding = 0' };
    expect(winner(patterned)).toBe('/etc/sysctl.d/60-cis.conf:1=0');
    expect(winner({ ...patterned, '/etc/sysctl.d/10.conf': `${twin}=1` })).toBe(
      '/etc/sysctl.d/50-base.conf:1=1',
    );
  });

  it('leaves a line that repeats an earlier one in the place of that', () => {
    const [rp, all] = ['net.ipv4.conf.all.rp_filter', 'net.ipv4.conf.*.rp_filter = 0'];
    const texts = {
      '/etc/sysctl.d/a.conf': all,
      '/etc/sysctl.d/b.conf': 'net.ipv4.conf.a*.rp_filter = 1',
      '/etc/sysctl.d/c.conf': all,
    };
    expect(winner(texts, rp)).toBe('/etc/sysctl.d/b.conf:1=1');
    expect(setters(files(texts), rp).map((s) => `${s.path.at(-6)} ${s.counts}`)).toEqual([
      'a applies',
      'c repeats',
      'b applies',
    ]);
    expect(winner({ ...texts, '/etc/sysctl.d/c.conf': 'net.ipv4.conf.*.rp_filter = 2' }, rp)).toBe(
      '/etc/sysctl.d/c.conf:1=2',
    );
    const gone = {
      ...texts,
      '/etc/sysctl.d/d.conf': '-net.ipv4.conf.*.rp_filter\n-net.ipv4.conf.a*.rp_filter',
    };
    expect(winner(gone, rp)).toBeUndefined();
  });

  it('is masked by whatever has the name, a folder or a link that leads nowhere', () => {
    const texts = { '/run/sysctl.d/a.conf': `${key}=0`, '/etc/sysctl.d/a.conf': '' };
    expect(winner({ ...texts, '/etc/sysctl.d/a.conf -> elsewhere': '' })).toBeUndefined();
    expect(winner(texts)).toBeUndefined();
  });

  it('reads a number as the kernel does', () => {
    expect(winner({ '/etc/sysctl.d/a.conf': `${key} = 1 # needed by k8s` })).toBe('/etc/sysctl.d/a.conf:1=1');
    const read = ['0x1', '0X10', '010', '-0x2', '1 x', '18446744073692774399', '007'];
    expect(read.map(kernelValue)).toEqual(['1', '16', '8', '-2', '1', '18446744073692774399', '7']);
    for (const other of ['1#', '1 2', '4096 16384', '09', '0x', 'cubic', '', '1 -2', '|/bin/core 1'])
      expect(kernelValue(other)).toBe(other);
  });

  it('says nothing where nobody says anything', () => {
    expect(winner({ '/etc/sysctl.d/a.conf': 'vm.swappiness=1' })).toBeUndefined();
    expect(setters([], key)).toEqual([]);
  });
});

describe('what our file would do', () => {
  it('takes the place of its old text', () => {
    const before = files({ '/etc/sysctl.d/90-a.conf': `${key}=0`, '/etc/sysctl.d/80-b.conf': `${key}=0` });
    expect(bootWinner(afterWriting(before, '/etc/sysctl.d/90-a.conf', `${key}=1`), key)?.value).toBe('1');
    expect(bootWinner(afterWriting(before, '/etc/sysctl.d/70-c.conf', `${key}=1`), key)?.value).toBe('0');
  });

  it('may put another file of its name out of force', () => {
    expect(maskedBy(files({ '/usr/lib/sysctl.d/50-x.conf': '' }), '/etc/sysctl.d/50-x.conf')).toBe(
      '/usr/lib/sysctl.d/50-x.conf',
    );
    expect(maskedBy(files({ '/usr/lib/sysctl.d/50-y.conf': '' }), '/etc/sysctl.d/50-x.conf')).toBeUndefined();
  });
});
