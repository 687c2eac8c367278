#!/bin/sh
# Takes away everything a cluster of test nodes made: remove.sh <cluster folder>. May run twice, or over a failed boot.
set -u
dir=$1
case $dir in */k8s-harden-nodes-*) ;; *) echo "not a cluster folder: $dir" >&2; exit 2 ;; esac
id=${dir##*/k8s-harden-nodes-}
cgroup=k8s-harden-$id

in_cgroup() {
  for tree in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
    [ -d "$tree/$cgroup" ] && find "$tree/$cgroup" -name cgroup.procs -exec cat {} + 2>/dev/null
  done | sort -u
}
# Only processes that live in this cluster's own cgroups: no pid is guessed.
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  pids=$(in_cgroup)
  [ -n "$pids" ] || break
  kill -9 $pids 2>/dev/null
  sleep 0.05
done

# The bridge end of a link first: deleting a namespace leaves its link for a moment, and the name with it.
for netns in /run/netns/kh-"$id"-*; do
  [ -e "$netns" ] || continue
  name=${netns##*/}
  ip -n "kh-$id" link del "v${name##*-}" 2>/dev/null
  ip netns del "$name"
done
[ -e "/run/netns/kh-$id" ] && ip netns del "kh-$id"

for tree in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
  [ -d "$tree/$cgroup" ] && find "$tree/$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null
done
rm -rf "$dir"

# The last cluster puts the machine's limit back.
saved=${dir%/*}/k8s-harden-nodes.inotify
if [ -e "$saved" ] && ! ls -d "${dir%/*}"/k8s-harden-nodes-* > /dev/null 2>&1; then
  cat "$saved" > /proc/sys/fs/inotify/max_user_instances
  rm -f "$saved"
fi
exit 0
