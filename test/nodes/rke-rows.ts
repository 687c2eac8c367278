import type { TroubleRow } from './trouble-rows.ts';

const of = (name: string, format: string): string =>
  `$(docker inspect --type container --format '${format}' ${name})`;

/** Makes a container anew as `rke up` does, with its arguments as `edit` leaves them, one a line. */
const remade = (name: string, edit: string): string =>
  `(IFS='\n'; set -f; args=$(docker inspect --type container --format '{{range .Args}}{{println .}}{{end}}' ${name} | ${edit}); exec /usr/local/lib/rke-standin/make ${name} "${of(name, '{{.Config.Image}}')}" "${of(name, '{{range .HostConfig.Binds}}{{.}} {{end}}')}" "${of(name, '{{.Path}}')}" $args)`;

const protects = '--protect-kernel-defaults=true';
const kept = "docker inspect --type container --format '{{range .Args}}{{println .}}{{end}}'";
const as = (name: string): string => remade(name, `cat > /dev/null; cat /root/${name}`);

/** Of the trouble with a service that does not start. */
export const rkeServiceRows: readonly TroubleRow[] = [
  {
    control: 'insisted-kernel-values-of-the-container',
    node: 'cp-1',
    title: 'the kubelet was told to insist on kernel values that nobody set',
    spoil: `${kept} kubelet > /root/kubelet; ! ${remade('kubelet', `sed '$a ${protects}'`)}`,
    found: 'vm.overcommit_memory is 0',
    proof: remade('kubelet', 'cat'),
    mend: as('kubelet'),
  },
];

/** Of the trouble with connections that break. */
export const rkeTrafficRows: readonly TroubleRow[] = [
  {
    control: 'quiet-streams-of-the-container',
    node: 'cp-1',
    title: 'quiet exec sessions are cut after five minutes',
    spoil: `${kept} kubelet > /root/kubelet; ${remade('kubelet', "sed '$a --streaming-connection-idle-timeout=5m'")}`,
    found: '5m',
    refused: 'is a container that RKE makes',
    instead: 'streaming-connection-idle-timeout: 30m',
    mend: as('kubelet'),
  },
  {
    control: 'rke-node-plugin',
    node: 'cp-1',
    title: 'a list of plugins written by hand leaves NodeRestriction out',
    spoil: `${kept} kube-apiserver > /root/kube-apiserver; ${remade('kube-apiserver', "sed -e '/^--enable-admission-plugins=/d' -e '$a --enable-admission-plugins=AlwaysPullImages'")}`,
    found: 'AlwaysPullImages',
    refused: 'is a container that RKE makes',
    instead: 'then run rke up',
    mend: as('kube-apiserver'),
  },
];

const layers = '/var/lib/docker/overlay2';
/** Layers of two images, unpacked yesterday, beside those of the stand-in, which hold nothing that tells. */
export const madeLayers = `for n in 1 2; do d=${layers}/$n/diff; mkdir -p $d/tmp $d/usr/bin $d/etc; : > $d/usr/bin/su; : > $d/etc/shadow; chmod 1777 $d/tmp; chmod 4755 $d/usr/bin/su; chmod 0640 $d/etc/shadow; touch -d yesterday ${layers}/$n; done`;

/** Of the trouble with permissions. */
export const rkePermissionRows: readonly TroubleRow[] = [
  {
    control: 'layers-whole-elsewhere',
    node: 'cp-1',
    title: 'a recursive chmod went through the layers of images',
    spoil: `chmod -R 755 ${layers}/1 ${layers}/2`,
    found: 'are not as images have them',
    refused: 'no chmod brings that back',
    mend: `rm -r ${layers}/1 ${layers}/2; ${madeLayers}`,
  },
];
