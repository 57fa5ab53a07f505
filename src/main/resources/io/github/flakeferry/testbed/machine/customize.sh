#!/bin/sh
# customize.sh ROOT: makes a whole machine of a board's root. What it does without takes seconds of
# an emulated processor: at its start, or at every login.
set -eu
root=$1
units=$root/etc/systemd/system

for unit in systemd-logind.service fstrim.timer systemd-tmpfiles-clean.timer kmod-static-nodes.service \
    systemd-firstboot.service systemd-machine-id-commit.service systemd-pstore.service \
    systemd-random-seed.service \
    systemd-hibernate-clear.service systemd-tpm2-setup.service systemd-tpm2-setup-early.service \
    systemd-pcrmachine.service systemd-pcrphase.service systemd-pcrphase-sysinit.service \
    systemd-update-utmp.service sys-kernel-config.mount sshd-keygen.service \
    systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-creds.socket systemd-hostnamed.socket \
    systemd-pcrextend.socket systemd-pcrlock.socket systemd-sysext.socket systemd-initctl.socket \
    systemd-ask-password-console.path systemd-ask-password-wall.path; do
    ln -sf /dev/null "$units/$unit"
done

# as SLIRP gives it
echo 10.0.2.15/24 >"$root/etc/board-address"
tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
