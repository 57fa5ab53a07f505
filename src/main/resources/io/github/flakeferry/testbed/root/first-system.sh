#!/bin/sh
# first-system.sh ROOT RESOURCES LOADER: builds the system that a new board runs, like any other, by
# the board's own Nix, and makes it the default of its boot loader. To be run in a mount namespace
# of its own.
set -eu
root=$1 resources=$2 loader=$3
# shellcheck source=mounts.sh
. "$resources/root/mounts.sh"
mount_basics "$root"
mkdir "$root/tmp/base"
cp -r "$resources/root/base.nix" "$resources/flake/nixos" "$root/tmp/base/"
# shellcheck disable=SC2016 # the inner shell expands it
chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/bin:/bin sh -euc '
    platform=$(nix-instantiate --eval --expr builtins.currentSystem | tr -d \")
    system=$(nix-build --no-out-link /tmp/base/base.nix -A config.system.build.toplevel \
        --argstr platform "$platform" --argstr loader "$1")
    nix-env --profile /nix/var/nix/profiles/system --set "$system"
    "$system/bin/switch-to-configuration" boot
' sh "$loader"
