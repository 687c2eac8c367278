import { describe, expect, it } from 'vitest';
import { covers, parseSysctl, sysctlPath, withSysctl } from '../../src/resources/sysctl-lines.ts';
import { afterWriting, bootWinner, maskedBy, setters } from '../../src/resources/sysctl-precedence.ts';

const key = 'net.ipv4.ip_forward';

function files(texts: Record<string, string>) {
  return Object.entries(texts).map(([path, text]) => ({ path, text }));
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
      { path: `${second}/50-a.conf`, line: 1, value: '1', counts: 'masked', glob: false },
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
    });
    const linked = { ...old, '/etc/sysctl.d/99-sysctl.conf': `${key}=0\n` };
    expect(winner(linked)).toBe('/etc/sysctl.d/99-sysctl.conf:1=0');
    expect(setters(files(linked), key).map((s) => s.counts)).toEqual(['applies', 'applies']);
  });

  it('lets the firewall come last, where its defaults point to its file', () => {
    const texts = { '/etc/sysctl.d/99-a.conf': `${key}=1`, '/etc/ufw/sysctl.conf': 'net/ipv4/ip_forward=0' };
    expect(winner(texts)).toBe('/etc/sysctl.d/99-a.conf:1=1');
    expect(setters(files(texts), key).at(-1)?.counts).toBe('not-read');
    expect(winner({ ...texts, '/etc/default/ufw': '#IPT_SYSCTL=/etc/ufw/sysctl.conf' })).toBe(
      '/etc/sysctl.d/99-a.conf:1=1',
    );
    expect(winner({ ...texts, '/etc/default/ufw': 'IPT_SYSCTL="/etc/ufw/sysctl.conf"' })).toBe(
      '/etc/ufw/sysctl.conf:1=0',
    );
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
