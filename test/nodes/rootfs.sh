#!/bin/sh
# Builds the root filesystem of the test nodes once and prints where it is: rootfs.sh <suite>
set -eu
suite=$1
here=$(cd "$(dirname "$0")" && pwd)
cache=${K8S_HARDEN_CACHE:-$here/../../.cache/rootfs}
recipe=$(cat "$0" | sha256sum | cut -c1-12)

packages=openssh-server,openssh-client,systemd,systemd-sysv,dbus,procps,iproute2,sudo,kmod,nftables
packages=$packages,libpam-modules,python3,python3-yaml,passwd,iputils-ping,busybox,zsh,fish,csh

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
base=$cache/$suite-$recipe
[ -e "$base.complete" ] && { echo "$base"; exit 0; }

# Two test files may ask for the same suite at once: one builds, the other waits and finds it done.
if [ "${K8S_HARDEN_ROOTFS_LOCKED:-}" != "$suite" ]; then
  K8S_HARDEN_ROOTFS_LOCKED=$suite exec flock "$cache/$suite.lock" "$0" "$suite"
fi

# The mirror this machine is set up with; without a Debian source mmdebstrap uses its own default.
mirror=$(apt-get indextargets --format '$(ORIGIN)|$(COMPONENT)|$(RELEASE)|$(REPO_URI)' 'Identifier: Packages' 2>/dev/null |
  awk -F'|' '($1 == "Debian" || $1 == "") && $2 == "main" && $3 !~ /-/ { print $4; exit }')
case $mirror in */debian/ | */debian) ;; *) mirror= ;; esac

rm -rf "$base"
users='
useradd -m -s /bin/bash ops; useradd -m -s /bin/bash opspw; useradd -m -s /bin/bash nosudo
useradd -m -s /bin/bash ttyuser; useradd -m -s /bin/dash ops-dash; useradd -m -s /usr/bin/zsh ops-zsh
useradd -m -s /usr/bin/fish ops-fish; useradd -m -s /bin/csh ops-csh
printf "#!/bin/sh\nexec /bin/busybox sh \"\$@\"\n" > /usr/local/bin/busybox-sh; chmod 755 /usr/local/bin/busybox-sh
useradd -m -s /usr/local/bin/busybox-sh ops-busybox
touch /home/ops-zsh/.zshrc
rm -f /etc/ssh/ssh_host_* /etc/machine-id /etc/resolv.conf; : > /etc/machine-id; : > /etc/resolv.conf
mkdir -p /var/log/journal'
mmdebstrap --quiet --variant=minbase --include="$packages" \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --customize-hook="chroot \"\$1\" sh -ec '$users'" \
  "$suite" "$base" ${mirror:+"$mirror"} >&2
touch "$base.complete"
echo "$base"
