#!/bin/sh
# Makes the board look as this system wants it. Units are started and stopped by
# `switch-to-configuration`, or at boot by systemd itself.
PATH=@out@/sw/bin
export PATH
mkdir -p /run/nixos /run/systemd/system/multi-user.target.wants /nix/var/nix/gcroots

# link TARGET NAME: never a moment without it
link() {
    ln -sfn "$1" "$2.new" && mv -T "$2.new" "$2"
}

link @out@/etc /etc/static
for file in @out@/etc/*; do
    [ "$file" = @out@/etc/systemd ] || link "/etc/static/${file##*/}" "/etc/${file##*/}"
done

# units: those of the system before go, ours come
for folder in /run/systemd/system /run/systemd/system/multi-user.target.wants; do
    find "$folder" -maxdepth 1 -lname '/nix/store/*' -delete
done
for unit in @out@/etc/systemd/system/*.service; do
    file=$(readlink -f "$unit")
    link "$file" "/run/systemd/system/${unit##*/}"
    link "$file" "/run/systemd/system/multi-user.target.wants/${unit##*/}"
done

link /run/current-system /nix/var/nix/gcroots/current-system
link /run/booted-system /nix/var/nix/gcroots/booted-system
link @out@ /run/current-system
