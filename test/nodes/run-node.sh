#!/bin/sh
# One node: an overlay over the root filesystem, booted by systemd-nspawn, and booted again when it asks for a reboot.
# run-node.sh <node folder> <name> <lower layers> <cgroup> <network namespace> <store>
set -eu
dir=$1 name=$2 lower=$3 cgroup=$4 netns=$5 store=$6

if [ "${7:-}" != in-own-mounts ]; then exec unshare --mount "$0" "$@" in-own-mounts; fi

for tree in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
  [ -e "$tree/cgroup.procs" ] || continue
  mkdir -p "$tree/$cgroup/$name"
  echo $$ > "$tree/$cgroup/$name/cgroup.procs"
  [ "$tree" != /sys/fs/cgroup/systemd ] || continue
  break
done
mkdir -p /run/systemd/nspawn
mount -t tmpfs tmpfs /run/systemd/nspawn # else two nodes meet there
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$dir/up,workdir=$dir/wk" "$dir/root"
trap '' HUP INT
echo $$ > "$dir/wrapper.pid"
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=1 # else /proc/sys is read-only
while :; do
  # shellcheck disable=SC2086 # a list of words
  systemd-nspawn -q --directory="$dir/root" --boot --register=no --keep-unit --machine="$name" --hostname="$name" \
    --network-namespace-path="/run/netns/$netns" --capability=CAP_NET_ADMIN,CAP_SYSLOG --console=read-only \
    --kill-signal=SIGRTMIN+3 --link-journal=no --resolv-conf=off --timezone=off \
    --bind="$store:/var/lib/rke2-standin" ${NODE_BOOT_FLAGS:-} && result=0 || result=$?
  [ "$result" = 133 ] || break # what nspawn exits with when the node asks for a reboot
done
