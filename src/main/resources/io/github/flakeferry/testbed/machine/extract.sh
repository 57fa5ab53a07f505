#!/bin/sh
# extract.sh DIR MIRROR: the programs of a whole riscv64 machine, and its kernel. They are only
# unpacked: what their packages would set up is taken from the root of an amd64 board, which has
# the same packages of the same suite.
set -eu
mmdebstrap --quiet --arch=riscv64 --variant=extract \
    --include=systemd,systemd-sysv,dbus,openssh-server,nix-bin,zstd,iproute2,procps,sudo \
    --include=bash,bsdutils,coreutils,dash,diffutils,findutils,grep,gzip,hostname,libc-bin,login,mawk,mount,sed,tar,util-linux \
    --include=linux-image-riscv64,busybox-static \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    trixie "$1" "$2"
