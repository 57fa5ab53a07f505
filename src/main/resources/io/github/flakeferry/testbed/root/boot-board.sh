#!/bin/sh
# boot-board.sh DISK LAYERS HOSTNAME: becomes a board's PID 1. To be started in namespaces of its
# own (network, mounts, processes, host name, IPC, cgroups).
#   DISK    the board's folder: upper/ is what it wrote; nix/ and boot/, where they exist, are
#           file systems of a limited size for its /nix and /boot; efivars/ is what its
#           firmware keeps, where its boot loader is systemd-boot
#   LAYERS  the roots it starts from, with colons between, the uppermost first
set -eu
disk=$1 layers=$2 name=$3
root=$disk/root
# shellcheck source=mounts.sh
. "$(dirname "$0")/mounts.sh"
# shellcheck source=boot-entry.sh
. "$(dirname "$0")/boot-entry.sh"

# overlay TARGET LAYERS FOLDER: what is written goes to the folder
overlay() {
    mkdir -p "$3/upper" "$3/work"
    mount -t overlay overlay -o "lowerdir=$2,upperdir=$3/upper,workdir=$3/work" "$1"
}

# below PATH: the layers that have it, each with the path appended
below() {
    (
        IFS=:
        all=
        for layer in $layers; do
            [ ! -d "$layer/$1" ] || all=${all:+$all:}$layer/$1
        done
        echo "$all"
    )
}

overlay "$root" "$layers" "$disk"
for limited in nix boot; do
    [ ! -d "$disk/$limited" ] || overlay "$root/$limited" "$(below "$limited")" "$disk/$limited"
done
mount_basics "$root"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
cat /proc/sys/kernel/random/uuid >"$root/run/boot-id"
mount --bind "$root/run/boot-id" "$root/proc/sys/kernel/random/boot_id"
protect_kernel "$root"
# the firmware is not the host's: it has variables where the boot loader uses them
mount -t tmpfs -o mode=755 tmpfs "$root/sys/firmware"
start_loader "$root/boot" "$disk/efivars"
if [ -d "$disk/efivars" ]; then
    mkdir -p "$root/sys/firmware/efi/efivars"
    mount --bind "$disk/efivars" "$root/sys/firmware/efi/efivars"
fi
hostname "$name"
init=$(boot_entry "$root/boot" "$disk/efivars" | boot_init)
exec chroot "$root" env -i container=board "$init"
