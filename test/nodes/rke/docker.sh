#!/bin/sh
# Builds, once, the layer that lays Debian's docker over the root filesystem of a suite, and prints where it is: docker.sh <suite>
set -eu
suite=$1
here=$(cd "$(dirname "$0")" && pwd)
base=$("$here/../rootfs.sh" "$suite" | tail -n 1)
recipe=$(cat "$0" | sha256sum | cut -c1-12)
layer=$base-docker-$recipe
[ -e "$layer.complete" ] && { echo "$layer"; exit 0; }

# Two test files may ask for it at once: one builds, the other waits and finds it done. The overlay ends with its mount namespace.
if [ "${K8S_HARDEN_DOCKER_LOCKED:-}" != "$suite" ]; then
  K8S_HARDEN_DOCKER_LOCKED=$suite exec flock "${base%/*}/docker-$suite.lock" unshare --mount "$0" "$suite"
fi

rm -rf "$layer"
work=$layer.work
rm -rf "$work"
mkdir -p "$layer" "$work/wk" "$work/root"
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$base,upperdir=$layer,workdir=$work/wk" "$work/root"
mount -t proc proc "$work/root/proc"
# What the machine downloads with, and by which way.
cp /etc/resolv.conf "$work/root/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' > "$work/root/usr/sbin/policy-rc.d"
chmod 755 "$work/root/usr/sbin/policy-rc.d"
{
  chroot "$work/root" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive chroot "$work/root" apt-get install -y -qq --no-install-recommends docker.io
  # Since Debian 13 the client is a package of its own.
  [ -e "$work/root/usr/bin/docker" ] ||
    DEBIAN_FRONTEND=noninteractive chroot "$work/root" apt-get install -y -qq --no-install-recommends docker-cli
  chroot "$work/root" apt-get clean
} >&2
umount "$work/root/proc" "$work/root"
rm -rf "$work" "$layer/var/lib/apt" "$layer/var/cache/apt" "$layer/etc/resolv.conf" "$layer/usr/sbin/policy-rc.d"
touch "$layer.complete"
echo "$layer"
