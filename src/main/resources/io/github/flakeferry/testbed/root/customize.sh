#!/bin/sh
# customize.sh ROOT: makes a board of a Debian root.
set -eu
root=$1

# what would fight over the console or the address, wait for them, or change the host's settings
for unit in systemd-networkd.service systemd-networkd.socket systemd-networkd-wait-online.service \
    systemd-resolved.service systemd-timesyncd.service systemd-modules-load.service \
    systemd-sysctl.service systemd-udevd.service systemd-udev-trigger.service \
    console-getty.service getty.target \
    proc-sys-fs-binfmt_misc.automount systemd-binfmt.service \
    sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount dev-hugepages.mount \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done

# what takes time at each start and does nothing here: what a first start would make of /usr, mounts
# that are there, and (at each switch, too) generators of units
mkdir -p "$root/etc/systemd/system-generators"
for unit in ldconfig.service systemd-journal-catalog-update.service systemd-sysusers.service \
    systemd-update-done.service modprobe@.service systemd-remount-fs.service dev-mqueue.mount run-lock.mount \
    systemd-tmpfiles-setup-dev-early.service systemd-tmpfiles-setup-dev.service; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
for generator in "$root"/usr/lib/systemd/system-generators/*; do
    ln -sf /dev/null "$root/etc/systemd/system-generators/${generator##*/}"
done

# as on NixOS, units find systemd's own programs and nothing else, and sessions what the system has
mkdir -p "$root/usr/lib/unit-path" "$root/etc/systemd/system.conf.d"
for program in systemctl systemd-run systemd-notify systemd-cat journalctl; do
    ln -sf "/usr/bin/$program" "$root/usr/lib/unit-path/$program"
done
printf '[Manager]\nManagerEnvironment=PATH=/usr/lib/unit-path\nDefaultEnvironment=PATH=/usr/lib/unit-path\n' \
    >"$root/etc/systemd/system.conf.d/path.conf"
cat >"$root/etc/ssh/sshd_config.d/board.conf" <<EOF
PermitRootLogin prohibit-password
PasswordAuthentication no
UseDNS no
MaxStartups 100
MaxSessions 100
SetEnv PATH=/run/wrappers/bin:/run/current-system/sw/bin
EOF
rm -f "$root"/etc/ssh/ssh_host_* "$root/root/.bashrc" "$root/root/.profile" "$root/etc/motd" "$root/etc/hostname"
echo /run/current-system/sw/bin/bash >>"$root/etc/shells"
sed -i 's,^\(root:.*:\).*,\1/run/current-system/sw/bin/bash,' "$root/etc/passwd"
printf 'C! /run/wrappers/bin/sudo 4755 root root - /usr/bin/sudo\n' >"$root/etc/tmpfiles.d/wrappers.conf"
: >"$root/etc/NIXOS"
: >"$root/etc/default/locale" # PAM wants it

# a user who is nobody to Nix, and comes in with the same key: Disk writes it
uid=1000
echo "deploy:x:$uid:$uid::/home/deploy:/run/current-system/sw/bin/bash" >>"$root/etc/passwd"
echo "deploy:*:20000::::::" >>"$root/etc/shadow"
echo "deploy:x:$uid:" >>"$root/etc/group"

# no builders' users: root is enough; signatures are demanded, as Nix does by itself. What a test
# wants otherwise stands in board.conf.
mkdir -p "$root/etc/nix" "$root/nix/var/nix/profiles" "$root/boot"
cat >"$root/etc/nix/nix.conf" <<EOF
experimental-features = nix-command flakes
build-users-group =
sandbox = false
substituters =
trusted-public-keys =
!include board.conf
EOF

# for whoever is not root the store is behind a daemon, which is started when it is asked for
cat >"$root/etc/systemd/system/nix-daemon.socket" <<EOF
[Unit]
Description=Nix Daemon Socket

[Socket]
ListenStream=/nix/var/nix/daemon-socket/socket

[Install]
WantedBy=sockets.target
EOF
cat >"$root/etc/systemd/system/nix-daemon.service" <<EOF
[Unit]
Description=Nix Daemon
Requires=nix-daemon.socket

[Service]
Environment=PATH=/usr/bin:/bin
ExecStart=/usr/bin/nix-daemon --daemon
KillMode=process
EOF
mkdir -p "$root/etc/systemd/system/sockets.target.wants"
ln -sf ../nix-daemon.socket "$root/etc/systemd/system/sockets.target.wants/nix-daemon.socket"
