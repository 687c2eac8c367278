import { describe, expect, it } from 'vitest';
import { isProgramFolder, readOnlyCommand, refusedQuestion } from '../../src/domain/read-only.ts';

const words = (line: string): readonly string[] => line.split(' ');
const rke2 = '/var/lib/rancher/rke2/bin';

describe('commands that only read', () => {
  it.each([
    'cat /etc/rancher/rke2/config.yaml',
    '/usr/bin/cat /etc/hosts',
    'stat -L -c %a /etc/passwd',
    'ls -la /etc',
    'head -c 100 /etc/hosts',
    'tail -q -n 50 /var/log/syslog',
    'tail -50 /var/log/syslog',
    'grep -rE a|b /etc/ssh',
    'find -L /etc/x -maxdepth 1 -type f -exec stat -L -c %n|%a {} +',
    'find /var/log/pods -path */etcd/*.log -newermt @1700000000 -exec tail -q -n 50 {} +',
    'find /etc -perm -0022 -o -mtime -1 -print',
    'journalctl -u rke2-server -n 0 --show-cursor -o cat --no-pager',
    'journalctl -u rke2-server --after-cursor s=1;i=2 -n 200 -o cat --no-pager',
    'journalctl -u x --since @1700000000',
    'systemctl show -p ActiveState --value rke2-server',
    'systemctl is-active sshd',
    'systemctl list-units --type=service --no-pager',
    'kubectl get --raw /readyz?verbose',
    `${rke2}/kubectl --kubeconfig /etc/rancher/rke2/rke2.yaml get pods -A -o json`,
    `${rke2}/kubectl --kubeconfig=/etc/rancher/rke2/rke2.yaml get ns shop -ojson`,
    'rke2 kubectl get nodes',
    'k8s kubectl auth can-i --list -n shop',
    'kubectl cluster-info',
    'kubectl version --client -o json',
    'kubectl api-resources --namespaced=false',
    'kubectl label --dry-run=server --overwrite ns --all pod-security.kubernetes.io/enforce=restricted',
    'rke2 --version',
    '/opt/rke2/bin/rke2 --version',
    'k8s version',
    'snap list k8s',
    'docker ps -a --format {{.Names}}',
    'docker logs --since 2026-01-01T00:00:00Z --tail 50 kubelet',
    'crictl --runtime-endpoint unix:///run/x.sock ps -a -o json',
    `${rke2}/crictl images`,
    'ss -ltnp',
    'ip -br addr show dev eth0',
    'ip route',
    'sysctl -n kernel.panic',
    'curl -q -sS -I -m5 https://registry.corp:5000/v2/',
    'curl -q -sS -I -m5 -k http://mirror.corp/v2/',
    'curl -q -sS -I -m5 --cacert /etc/ssl/corp.pem https://mirror.corp/v2/a/b/manifests/sha256:0a?ns=docker.io',
    'namei -l /var/lib/rancher',
    'id etcd',
    'getent -s files passwd etcd',
    'mount',
    'findmnt -no OPTIONS /var',
    'df -h /var',
    'du -s -k -x /var/lib/rancher/rke2/agent/containerd',
    'uname -r',
    'hostname -f',
    'ps -ef',
    'lsmod',
    'sshd -T',
    'nft -a list ruleset',
    'iptables-save -t filter',
    'iptables -S',
    'iptables -nvL INPUT',
    'etcdctl --endpoints https://127.0.0.1:2379 --cacert /a endpoint health --cluster',
    'etcdctl member list -w json',
  ])('%s', (line) => {
    expect(readOnlyCommand(words(line))).toBe(true);
  });

  it('lets kubectl speak on both streams, in exactly the form the engine has', () => {
    const both = ['sh', '-c', 'exec "$@" 2>&1', 'sh'];
    expect(readOnlyCommand([...both, 'kubectl', 'get', 'ns'])).toBe(true);
    expect(readOnlyCommand([...both, 'touch', '/x'])).toMatch(/^touch is not one of/);
    expect(readOnlyCommand(['sh', '-c', 'exec "$@" 2>&1 ; id', 'sh', 'kubectl', 'get', 'ns'])).toMatch(
      /^sh /,
    );
  });

  it('ends what waits for others, in exactly the form the engine has', () => {
    expect(readOnlyCommand(['timeout', '-s', 'KILL', '8', 'getent', 'hosts', 'example.org'])).toBe(true);
    expect(readOnlyCommand(['timeout', '-s', 'KILL', '8', 'touch', '/x'])).toMatch(/^touch is not one of/);
    expect(readOnlyCommand(['timeout', '-s', 'KILL', '8'])).toMatch(/^an empty word /);
    expect(readOnlyCommand(['timeout', '8', 'getent', 'hosts', 'example.org'])).toMatch(/^timeout is not/);
  });

  it('takes shell characters for what they are: part of a word', () => {
    expect(readOnlyCommand(['grep', '$(reboot); `x` | y > /z', '/etc/hosts'])).toBe(true);
  });
});

describe('commands that are refused', () => {
  it.each([
    'touch /etc/x',
    'sh -c id',
    'curl https://registry.corp/',
    'curl -o /etc/x https://registry.corp/v2/',
    'curl -X DELETE https://registry.corp/v2/',
    'curl https://registry.corp/v2/ https://other/v2/',
    'curl file:///etc/shadow',
    'curl -H @/etc/shadow https://registry.corp/v2/',
    'curl -H X-Secret: https://registry.corp/v2/',
    'curl --cacert /dev/watchdog https://registry.corp/v2/',
    'curl https://registry.corp/v2/../api/manifests/x',
    'curl https://registry.corp/v2/a/blobs/sha256:0a',
    'curl -K /tmp/x https://registry.corp/v2/',
    'curl -m5 https://user@registry.corp/v2/',
    'du -s -k -x --files0-from=/etc/shadow',
    'du -a /var',
    'du -s -k -x var',
    'du -s -k -x /var /etc',
    'bash',
    'echo hello',
    'sleep 5',
    'env kubectl get ns',
    'sudo cat /etc/shadow',
    'reboot --version',
    'rke2-killall.sh --version',
    'containerd version',
    '/tmp/cat /etc/hosts',
    './cat /etc/hosts',
    '/usr/bin/../../tmp/cat /x',
    '/tmp/bin/kubectl get ns',
    `${rke2}/cat /etc/hosts`,
    `${rke2}/../bin/kubectl get ns`,
    'cat /dev/watchdog',
    'grep -f/dev/watchdog x',
    'grep -r x /dev',
    'cat /proc/1/root/dev/watchdog',
    'cat /etc/../dev/watchdog',
    'tail -f /var/log/syslog',
    'tail -5f /var/log/syslog',
    'tail --follow=name /x',
    'find /etc -delete',
    'find /etc -exec rm {} +',
    'find /etc -exec stat {} ; -exec rm {} +',
    'find /etc -name -exec rm {} +',
    'find /etc -exec find {} -delete ;',
    'find /etc -execdir cat {} +',
    'find /etc -ok rm {} ;',
    'find /etc -fprint /etc/x',
    'find /etc -fls /etc/x',
    'find / -name watchdog -exec cat {} +',
    'find -delete',
    'find /etc -exec stat {}',
    'journalctl --rotate',
    'journalctl -n --rotate',
    'journalctl --vacuum-size=1M',
    'journalctl --flush',
    'journalctl --sync',
    'journalctl --update-catalog',
    'journalctl --setup-keys',
    'journalctl --cursor-file=/etc/x',
    'journalctl -f',
    'journalctl -fu x',
    'systemctl stop x',
    'systemctl -p show stop x',
    'systemctl daemon-reload',
    'systemctl -H other show x',
    'kubectl delete pod x',
    'kubectl -n get delete pod x',
    'kubectl -A get delete pod/x',
    'kubectl --kubeconfig /tmp/k get ns',
    'kubectl --kubeconfig k get ns',
    'kubectl --server https://x get ns',
    'kubectl get -w pods',
    'kubectl get -f https://x/y.yaml',
    'kubectl get -k https://x',
    'kubectl get --raw /api/v1/nodes/x/proxy/run/a',
    'kubectl get --raw /api/v1/nodes/x/proxy',
    'kubectl get --raw /api/v1/nodes/x/%70roxy/run',
    'kubectl get --raw https://x/',
    'kubectl get --profile=cpu --profile-output=/etc/x ns',
    'kubectl cluster-info dump',
    'kubectl auth reconcile',
    'kubectl label --overwrite ns --all a=b',
    'kubectl label --dry-run=none ns --all a=b',
    'kubectl label --dry-run=server --dry-run=none ns --all a=b',
    'kubectl label ns --all a=b -l --dry-run=server',
    'kubectl label ns --all a=b -- --dry-run=server',
    'kubectl label --dry-run=server --dry-run=client ns --all a=b',
    'kubectl apply --dry-run=server x',
    'rke2 etcd-snapshot save',
    'rke2 server',
    'snap install x',
    'snap set k8s a=b',
    'docker rm x',
    'docker -l info rm x',
    'docker logs -f x',
    'crictl rm x',
    'crictl -c ps rm x',
    'ss -K',
    'ss -tK',
    'ss -D /etc/x',
    'ip addr add 10.0.0.1/8 dev eth0',
    'ip link set eth0 down',
    'ip -batch /etc/x',
    'sysctl kernel.panic=10',
    'sysctl -n kernel.panic=10',
    'sysctl -w kernel.panic=10',
    'sysctl -p',
    'sysctl --system',
    'mount /dev/sda /mnt',
    'mount -a',
    'hostname new-name',
    'hostname -F /etc/x',
    'nft flush ruleset',
    'nft list ruleset ; flush ruleset',
    'nft -f /etc/x',
    'iptables -F',
    'iptables -L -Z',
    'iptables-save -f /etc/x',
    'iptables-save -M /tmp/x',
    'etcdctl del x',
    'sshd',
    'sshd -T -f /etc/x',
    '-',
    'cat/',
    'etcdctl endpoint health x',
    'etcdctl endpoint defrag',
    'getent -s ../x passwd',
  ])('%s', (line) => {
    expect(readOnlyCommand(words(line))).toEqual(expect.stringMatching(/\w \w/));
  });

  it.each([
    [['hostname', '']],
    [['nft', 'list ruleset; flush ruleset']],
    [['nft', 'list', 'ruleset\nflush ruleset']],
    [['ip', 'addr', 'show\n']],
    [['cat', '/etc/hosts\0']],
    [[]],
    [['']],
    [['/']],
  ])('%j', (command) => {
    expect(readOnlyCommand(command)).toEqual(expect.stringMatching(/\w \w/));
  });
});

describe('folders of programs', () => {
  it('lets a cluster’s tool lie where the distribution says, and nothing else there', () => {
    expect(readOnlyCommand(['/mnt/rke2/bin/kubectl', 'get', 'ns'])).toBe(true);
    expect(readOnlyCommand(['/mnt/rke2/bin/kubectl', 'get', 'ns'], ['/mnt/rke2/bin'])).toBe(true);
    expect(readOnlyCommand(['/mnt/rke2/bin/kubectl', 'get', 'ns'], [rke2])).toMatch(/does not lie in/);
    expect(readOnlyCommand(['/mnt/rke2/bin/cat', '/x'], ['/mnt/rke2/bin'])).toMatch(/does not lie in/);
  });

  it('has no folder of programs where anybody may write', () => {
    expect(isProgramFolder('/mnt/data 1/rke2/bin')).toBe(true);
    for (const folder of [
      '/tmp/bin',
      '/var/tmp/x/bin',
      '/dev/shm/bin',
      '/opt/../tmp/bin',
      'opt/bin',
      '/opt/rke2',
    ])
      expect(isProgramFolder(folder), folder).toBe(false);
  });
});

describe('questions', () => {
  it('asks for objects with kubectl only', () => {
    const kubectl = [`${rke2}/kubectl`, '--kubeconfig', '/etc/rancher/rke2/rke2.yaml'];
    expect(refusedQuestion({ kind: 'object', kubectl, get: ['pods', '-A'] })).toBeUndefined();
    expect(refusedQuestion({ kind: 'object', kubectl: ['touch'], get: ['pods'] })).toMatch(/^touch is not/);
    expect(refusedQuestion({ kind: 'object', kubectl, get: ['pods', '-w'] })).toMatch(/kubectl -w/);
  });

  it('asks of absolute paths only, for a dash would be a flag', () => {
    expect(refusedQuestion({ kind: 'strays', path: '-delete', owner: 'a', group: 'b' })).toMatch(/-delete/);
    expect(refusedQuestion({ kind: 'file', path: '/dev/watchdog' })).toMatch(/device/);
    expect(refusedQuestion({ kind: 'stat', path: '/dev/watchdog' })).toBeUndefined();
    expect(refusedQuestion({ kind: 'kernel', key: '../../dev/watchdog' })).toMatch(/kernel key/);
    expect(refusedQuestion({ kind: 'kernel', key: 'net/ipv4/conf/eth0.1/rp_filter' })).toBeUndefined();
    expect(refusedQuestion({ kind: 'access', path: '/x', user: '-c', want: 'r' })).toMatch(/account/);
    expect(refusedQuestion({ kind: 'machine' })).toBeUndefined();
  });
});
