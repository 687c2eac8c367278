import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bootNodes } from '../nodes/cluster.ts';
import { siteServer, startDns } from '../nodes/dns.ts';
import { manifest } from '../support/nodes.ts';
import { sitting } from './sitting.ts';

/** From the first screen to the proof in so many keys at most. */
const most = 25;
const later = '/etc/sysctl.d/99-zz-hardening.conf';
const atBoot = '/usr/lib/systemd/systemd-sysctl';
const forwarding = 'sysctl -n net.ipv4.ip_forward';

/** A layer of an image as it comes: its /tmp may be written by everybody. */
const layer =
  '/var/lib/rancher/rke2/agent/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs/tmp';

sitting(
  'a whole repair on real nodes',
  {
    columns: 80,
    rows: 24,
    boot: async () => {
      const cluster = await bootNodes({
        nodes: [
          { name: 'cp-1', role: 'server' },
          { name: 'w-1', role: 'agent' },
        ],
      });
      for (const node of cluster.nodes)
        await node.must(
          'sysctl -qw net.ipv4.ip_forward=1; cat > /etc/resolv.conf',
          `nameserver ${siteServer(cluster)}\n`,
        );
      const dns = await startDns(cluster);
      await cluster
        .node('w-1')
        .must(
          `echo net.ipv4.ip_forward=1 > /etc/sysctl.d/90-kubernetes.conf; echo net.ipv4.ip_forward=0 > ${later}; ${atBoot}`,
        );
      await cluster
        .node('w-1')
        .must(
          `mkdir -p ${layer}; chmod 1777 ${layer}; chmod 0755 /var/lib/rancher /var/lib/rancher/rke2/agent/containerd`,
        );
      return {
        ...cluster,
        close: async () => {
          dns.close();
          await cluster.close();
        },
      };
    },
  },
  (session) => {
    let keys = 0;
    let start: string;
    const press: typeof session.at.press = (key, ...what) => {
      keys += 1;
      return session.at.press(key, ...what);
    };
    const worker = () => session.cluster.node('w-1');

    it('goes from the first screen to the causes', async () => {
      start = await manifest(worker());
      await session.start();
      await press('Down', '❯ Look at a cluster');
      await press('Down', '❯ Fix a broken cluster');
      await press('Enter', 'Step 1 of 9', '❯ RKE2');
      let screen = await press('Enter', 'What do you see?');
      while (!/❯ Pods lost the network/.test(screen)) screen = await press('Down', 'What do you see?');
      await press('Enter', 'Cluster prod, 2 nodes');
      await press('c', '2 of 2 nodes connected');
      await press('c', 'Step 5 of 9', 'asked');
      const causes = await press('c', 'possible causes:', '1 found');
      expect(causes).toMatch(/❯ .*Packets are not forwarded/);
      expect(session.events('change-intended')).toEqual([]);
    });

    it('shows the line that is to blame, corrects it there, and proves it', async () => {
      await press('Enter', `edit ${later}`);
      await press('a', 'yes, apply', later);
      expect(await worker().must(forwarding)).toBe('0\n');
      await press('y', 'It has ended');
      await press('Enter', /w-1\s+✔ cured/);
      expect(keys).toBeLessThan(most);
      expect(await worker().must(`${atBoot}; ${forwarding}; cat ${later}`)).toBe(
        '1\n# was: net.ipv4.ip_forward=0\nnet.ipv4.ip_forward = 1\n',
      );
    });

    it('goes back to the broken start, and is cured again', async () => {
      await press('u', 'What is to be undone?', /❯ w-1: cure of “Packets are not forwarded/);
      await press('Enter', 'yes, undo');
      await press('y', 'It has ended');
      await press('Enter', 'there is nothing to undo');
      expect(await worker().must(forwarding)).toBe('0\n');
      expect(await manifest(worker())).toBe(start);
      await press('Escape', /w-1\s+✖ /);
      await press('a', 'yes, apply');
      await press('y', 'It has ended');
      await press('Enter', /w-1\s+✔ cured/);
    });

    it('ends with a summary and a transcript of what was found, cured and proved', async () => {
      await press('Escape', 'possible causes:');
      await press('c', 'No restart is due');
      await press('c', 'Step 8 of 9');
      await press('c', 'Step 9 of 9', 'Markdown');
      await press('w', 'Written to');
      await press('q', 'y leave');
      await session.at.keys('y');
      expect(await session.at.exitCode()).toBe(0);
      const [name = ''] = readdirSync(session.at.home).filter((file) => file.endsWith('.md'));
      const transcript = readFileSync(join(session.at.home, name), 'utf8');
      for (const word of ['Pods lost the network', later, 'net.ipv4.ip_forward', 'w-1'])
        expect(transcript).toContain(word);
      const [id = ''] = session.at.sessions();
      expect(await session.run('verify', id)).toContain('nothing was cut off');
    });

    it('a finding of a scanner is pasted, and ends as a false positive behind a closed folder', async () => {
      keys = 0;
      await session.start();
      let screen = await press('Down', 'Look at a cluster');
      while (!/❯ Fix a broken cluster/.test(screen)) screen = await press('Down', 'Fix a broken cluster');
      await press('Enter', 'Step 1 of 9', '❯ RKE2');
      screen = await press('Enter', 'What do you see?');
      while (!/❯ Paste a line/.test(screen)) screen = await press('Down', 'What do you see?');
      await press('Enter', 'Which line of a log or of a scanner?');
      keys += 1;
      await session.at.paste(`World-writable directory: ${layer}`);
      await session.at.see('snapshots/1/fs/tmp|');
      await press('Enter', 'Cluster prod, 2 nodes');
      await press('c', '2 of 2 nodes connected');
      await press('c', 'Step 5 of 9', 'asked');
      expect(await press('c', 'possible causes:')).toMatch(/❯ 1 +Image layers are open/);
      await press('Enter', /❯ w-1\s+✖ cause found/, 'chmod 0700 /var/lib/rancher');
      await press('a', 'yes, apply');
      await press('y', 'It has ended');
      await press('Enter', /w-1\s+✔ cured/, 'a finding there is a false positive');
      expect(keys).toBeLessThan(most);
      const asNobody = `su -s /bin/sh nobody -c 'ls ${layer}' >/dev/null 2>&1; echo $?`;
      expect(await worker().must(asNobody)).not.toBe('0\n');
      expect(await worker().must(`stat -c %a /var/lib/rancher ${layer}`)).toBe('700\n1777\n');
    });
  },
);
