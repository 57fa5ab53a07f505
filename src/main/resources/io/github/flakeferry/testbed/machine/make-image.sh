#!/bin/sh
# make-image.sh DIR RESOURCES EXTRACTED RISCV64 AMD64: what QEMU needs to start a whole machine.
#   EXTRACTED      made by extract.sh
#   RISCV64 AMD64  the layers of a riscv64 board: its first system lies in them
# Makes in DIR: kernel, initrd, disk.ext4, login (a key that may log in as root) and host-key.pub.
set -eu
dir=$1 resources=$2 extracted=$3 riscv64=$4 amd64=$5
busybox=$extracted/usr/bin/busybox
mkdir -p "$dir"
cp "$extracted"/boot/vmlinux-* "$dir/kernel"

initrd=$dir/initrd.root
mkdir -p "$initrd/bin" "$initrd/modules" "$initrd/proc" "$initrd/sys" "$initrd/dev" "$initrd/disk"
cp "$busybox" "$initrd/bin/busybox"
for applet in awk cat env insmod mount rm sed sh sleep switch_root sync tr; do
    ln -s busybox "$initrd/bin/$applet"
done
number=10
for module in virtio_mmio virtio_blk failover net_failover virtio_net virtio-rng \
    crc16 crc32c_generic libcrc32c mbcache jbd2 ext4; do
    file=$(find "$extracted/usr/lib/modules" -name "$module.ko.xz")
    [ -z "$file" ] || xz -dc "$file" >"$initrd/modules/$number-$module.ko" # else it is built in
    number=$((number + 1))
done
cp "$resources/machine/boot-loader.sh" "$initrd/init"
chmod +x "$initrd/init"
cp "$resources/root/boot-entry.sh" "$initrd/"
(cd "$initrd" && find . | "$busybox" cpio -o -H newc 2>/dev/null) | gzip -1 >"$dir/initrd"
rm -rf "$initrd"

tree=$dir/tree
mkdir "$tree" "$dir/merged"
# shellcheck disable=SC2016 # the inner shell expands it
unshare --mount --propagation private sh -euc '
    mount -t overlay overlay -o "lowerdir=$3:$4" "$1/merged"
    mount -t overlay overlay -o "lowerdir=$2/usr:$3/usr:$4/usr" "$1/merged/usr"
    cp -a "$1/merged/." "$1/tree/"
' sh "$dir" "$extracted" "$riscv64" "$amd64"
rm -rf "$dir/merged" "$tree/etc/ld.so.cache" "$tree/usr/lib/x86_64-linux-gnu" "$tree/usr/lib/modules" \
    "${tree:?}/lib64" "$tree/usr/lib64"
sh "$resources/machine/customize.sh" "$tree"

ssh-keygen -q -t ed25519 -N '' -C testbed -f "$dir/login"
mkdir -p "$tree/root/.ssh"
chmod 700 "$tree/root/.ssh"
cp "$dir/login.pub" "$tree/root/.ssh/authorized_keys"
ssh-keygen -q -t ed25519 -N '' -C board -f "$tree/etc/ssh/ssh_host_ed25519_key"
cp "$tree/etc/ssh/ssh_host_ed25519_key.pub" "$dir/host-key.pub"

mke2fs -q -t ext4 -d "$tree" -L board "$dir/disk.ext4" 2G
rm -rf "$tree"
