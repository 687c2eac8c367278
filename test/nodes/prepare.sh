#!/bin/sh
# Installs what the test nodes need and builds their root filesystems. Does nothing where they cannot be had.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ "$(uname)" != Linux ] || [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
  echo "test nodes: left out (they need root on a Debian-like Linux)"
  exit 0
fi
missing=
for pair in mmdebstrap:mmdebstrap systemd-nspawn:systemd-container sshd:openssh-server ssh:openssh-client ip:iproute2 \
  socat:socat tmux:tmux openssl:openssl nsenter:util-linux; do
  command -v "${pair%%:*}" > /dev/null || missing="$missing ${pair#*:}"
done
if [ -n "$missing" ]; then
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of words
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
fi
for suite in bookworm trixie; do "$here/rootfs.sh" "$suite"; done
"$here/rke/docker.sh" bookworm
