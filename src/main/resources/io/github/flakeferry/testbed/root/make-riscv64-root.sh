#!/bin/sh
# make-riscv64-root.sh DIR MIRROR RESOURCES AMD64: what lies over the root of an amd64 board to make
# a riscv64 board of it. What a session uses is riscv64 and runs by emulation: the shells, the
# tools, Nix and its store. What runs the board stays as it is: systemd, D-Bus, sshd.
set -eu
layer=$1 mirror=$2 resources=$3 amd64=$4
suite=trixie
extracted=$layer.extracted
trap 'rm -rf "$extracted"' EXIT
rm -rf "$extracted"

mmdebstrap --quiet --arch=riscv64 --variant=extract \
    --include=dash,bash,coreutils,diffutils,findutils,grep,gzip,hostname,mawk,nix-bin,procps,sed,tar,util-linux,zstd \
    "$suite" "$extracted" "$mirror"
mkdir -p "$layer/usr/bin" "$layer/usr/lib" "$layer/usr/libexec"
cp -a "$extracted/usr/lib/riscv64-linux-gnu" "$extracted"/usr/lib/ld-linux-riscv64-* "$layer/usr/lib/"
cp -a "$extracted/usr/libexec/." "$layer/usr/libexec/"
for program in "$extracted"/usr/bin/*; do
    # scripts are the same for all processors
    if [ -L "$program" ] || [ "$(dd if="$program" bs=1 skip=1 count=3 2>/dev/null)" = ELF ]; then
        cp -a "$program" "$layer/usr/bin/"
    fi
done

mkdir -p "$layer/etc/nix"
# the emulator knows no seccomp
sed '$ a filter-syscalls = false' "$amd64/etc/nix/nix.conf" >"$layer/etc/nix/nix.conf"

mkdir "$layer.work" "$layer.root"
# shellcheck disable=SC2016 # the inner shell expands it
unshare --mount --propagation private sh -euc '
    mount -t overlay overlay -o "lowerdir=$2,upperdir=$1,workdir=$1.work" "$1.root"
    rm -rf "$1.root"/nix/* "$1.root"/boot/*
    mkdir -p "$1.root/nix/var/nix/profiles"
    exec sh "$3/root/first-system.sh" "$1.root" "$3" extlinux
' sh "$layer" "$amd64" "$resources"
rm -rf "$layer.work" "$layer.root"
