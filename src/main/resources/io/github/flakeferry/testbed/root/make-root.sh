#!/bin/sh
# make-root.sh DIR MIRROR RESOURCES: the root that amd64 boards start from, made once. A small
# Debian that looks like NixOS from outside: see base.nix and flake/nixos/.
set -eu
root=$1 mirror=$2 resources=$3
suite=trixie

mmdebstrap --quiet --variant=minbase \
    --include=systemd,systemd-sysv,dbus,openssh-server,nix-bin,zstd,iproute2,procps,sudo \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    "$suite" "$root" "$mirror"
sh "$resources/root/customize.sh" "$root"
unshare --mount --propagation private \
    sh "$resources/root/first-system.sh" "$root" "$resources" systemd-boot
