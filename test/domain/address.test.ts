import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress, parseAddresses } from '../../src/domain/address.ts';
import { word } from '../../src/domain/failure.ts';

describe('addresses of nodes', () => {
  it.each([
    ['10.0.0.5', { name: '10.0.0.5', host: '10.0.0.5', port: 0, user: '' }],
    [
      'root@10.0.0.5:2222 server',
      { name: '10.0.0.5:2222', host: '10.0.0.5', port: 2222, user: 'root', role: 'server' },
    ],
    ['cp-1=ops@host agent', { name: 'cp-1', host: 'host', port: 0, user: 'ops', role: 'agent' }],
    ['root@[fd00::1]:22', { name: 'fd00::1:22', host: 'fd00::1', port: 22, user: 'root' }],
  ])('%s', (text, node) => {
    const read = parseAddress(text, 'x');
    expect(read).toEqual({ ok: true, value: node });
    expect(parseAddress(formatAddress(node as never), 'x')).toEqual({ ok: true, value: node });
  });

  it.each([
    ['root@', 'user@host:port role'],
    ['host:0', '0 is not a port'],
    ['host:70000', '70000 is not a port'],
    ['host master', 'master is not a role'],
    ['cluster', 'no node may be called cluster'],
    ['workstation=10.0.0.5', 'no node may be called workstation'],
    ['*=10.0.0.5', 'no node may be called *'],
    ['root@* server', 'no node may be called *'],
    ['a b c', 'user@host:port role'],
    ['host; rm -rf /', 'user@host:port role'],
    ['-oProxyCommand=x', 'user@host:port role'],
    ['root@a\0b', 'it holds U+0000'],
    ['a\u001b[31mb', 'it holds U+001B'],
    ['x\u202ey=host', 'it holds U+202E'],
    ['r\u200boot@host', 'it holds U+200B'],
  ])('%s is refused in a sentence that names it', (text, says) => {
    const read = parseAddress(text, 'Nodes, line 3');
    expect(read.ok).toBe(false);
    if (!read.ok)
      expect(word(read.failure).sentence).toMatch(
        new RegExp(
          `^Nodes, line 3: “${text.replace(/[/.*+?^${}()|[\]\\]/g, '\\$&')}”.*${says.replace(/[/.*+?^${}()|[\]\\]/g, '\\$&')}`,
        ),
      );
  });

  it('may have tabs between host and role, as in a table', () => {
    expect(parseAddress('host\tserver', 'x')).toMatchObject({ ok: true, value: { role: 'server' } });
  });

  it('names the line of the first bad one, and a name used twice', () => {
    expect(parseAddresses('# mine\n\na\nb x', 'Nodes')).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining('Nodes, line 4') },
    });
    expect(parseAddresses('a\na', 'Nodes')).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining('named twice') },
    });
  });
});
