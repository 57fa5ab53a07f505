#!/bin/sh
# The first program of a whole machine: stands in for the boot loader, which reads its files from the
# board's disk, and for stage 1. QEMU has started Debian's kernel; that of the system is only looked
# for, since a boot loader that lacks it starts nothing.
export PATH=/bin
# shellcheck source=../root/boot-entry.sh
. /boot-entry.sh

give_up() {
    echo "boot loader: $1"
    exec sleep 1000000
}

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for module in /modules/*.ko; do
    insmod "$module" || give_up "no module $module"
done
mount -t ext4 /dev/vda /disk || give_up 'no disk'
entry=$(boot_entry /disk/boot '')
for file in linux initrd; do
    path=$(echo "$entry" | boot_file "$file" /disk/boot)
    [ -s "$path" ] || give_up "no $file '$path' in the entry: $entry"
done
init=$(echo "$entry" | boot_init)
[ -x "/disk$init" ] || give_up "no init '$init' in the entry: $entry"

mount --move /proc /disk/proc
mount --move /sys /disk/sys
mount --move /dev /disk/dev
mount -t tmpfs -o mode=755 tmpfs /disk/run
exec env -i switch_root /disk "$init"
