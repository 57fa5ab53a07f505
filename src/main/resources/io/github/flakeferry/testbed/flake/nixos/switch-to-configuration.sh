#!/bin/sh
# switch-to-configuration test|switch|boot|dry-activate: what NixOS's own does, as far as a
# deployment can see it. Ends with 0; 1 refused or no boot loader; 2 the activation had errors;
# 4 units failed; 100 the interface of init changed, so only a reboot helps.
set -u
system=@out@
loader=@loader@
PATH=$system/sw/bin
export PATH
boot=/boot
profile=/nix/var/nix/profiles/system

fail() {
    echo "error: $1" >&2
    exit "${2:-1}"
}

# put FILE: standard input becomes that file, whole or not at all
put() {
    { cat >"$1.tmp" && mv "$1.tmp" "$1"; } || { rm -f "$1.tmp"; return 1; }
}

# keep FILE: a copy of that file of the store on the boot partition; prints its name there
keep() {
    kept=$(basename "$(dirname "$(readlink -f "$1")")")-${1##*/}
    [ -e "$boot/nixos/$kept" ] || put "$boot/nixos/$kept" <"$1" || return 1
    echo "$kept"
}

generations() {
    for link in "$profile"-*-link; do
        [ -L "$link" ] || continue
        number=${link#"$profile"-}
        echo "${number%-link}"
    done | sort -n -r
}

entry_of_systemd_boot() { # NUMBER SYSTEM
    kernel=$(keep "$2/kernel") && initrd=$(keep "$2/initrd") || return 1
    put "$boot/loader/entries/nixos-generation-$1.conf" <<EOF
title NixOS
version Generation $1
linux /nixos/$kernel
initrd /nixos/$initrd
options init=$2/init $(cat "$2/kernel-params")
EOF
}

# chooses among the generations of the profile and no others, as NixOS's installer does
install_systemd_boot() {
    mkdir -p "$boot/loader/entries" "$boot/nixos" || return 1
    for entry in "$boot"/loader/entries/nixos-generation-*.conf; do
        number=${entry##*-}
        [ -L "$profile-${number%.conf}-link" ] || rm -f "$entry"
    done
    for number in $(generations); do
        generation=$(readlink -f "$profile-$number-link")
        entry_of_systemd_boot "$number" "$generation" || return 1
        if [ "$generation" = "$system" ] && [ -z "${default:-}" ]; then
            default=$number
        fi
    done
    [ -z "${default:-}" ] || put "$boot/loader/loader.conf" <<EOF
timeout 5
default nixos-generation-$default.conf
EOF
}

entry_of_extlinux() { # LABEL TITLE SYSTEM
    kernel=$(keep "$3/kernel") && initrd=$(keep "$3/initrd") || return 1
    cat <<EOF

LABEL $1
  MENU LABEL $2
  LINUX ../nixos/$kernel
  INITRD ../nixos/$initrd
  APPEND init=$3/init $(cat "$3/kernel-params")
EOF
}

extlinux_menu() {
    printf 'DEFAULT nixos-default\nTIMEOUT 50\n'
    entry_of_extlinux nixos-default 'NixOS - Default' "$system" || return 1
    for number in $(generations); do
        entry_of_extlinux "nixos-$number-default" "NixOS - Configuration $number" \
            "$(readlink -f "$profile-$number-link")" || return 1
    done
}

install_extlinux() {
    mkdir -p "$boot/extlinux" "$boot/nixos" || return 1
    menu=$(extlinux_menu) || return 1
    put "$boot/extlinux/extlinux.conf" <<EOF
$menu
EOF
}

install_boot_loader() {
    case $loader in
    systemd-boot) install_systemd_boot ;;
    extlinux) install_extlinux ;;
    *) return 1 ;;
    esac && "$system/bin/extra-install-commands"
}

# units SYSTEM: the names of its services
units() {
    for unit in "$1"/etc/systemd/system/*.service; do
        [ -e "$unit" ] && echo "${unit##*/}"
    done
}

same_unit() {
    cmp -s "$old/etc/systemd/system/$1" "$system/etc/systemd/system/$1"
}

# names ours that differ or are new in $start, and those of the old system that go in $stop
compare_units() {
    start='' stop=''
    for unit in $(units "$system"); do
        same_unit "$unit" || start="$start $unit"
    done
    for unit in $(units "$old"); do
        same_unit "$unit" || stop="$stop $unit"
    done
}

say() { # TEXT [UNIT…]: only when there are any
    text=$1
    shift
    [ $# = 0 ] || {
        list=$(printf ', %s' "$@")
        echo "$text ${list#, }" >&2
    }
}

# shellcheck disable=SC2086 # lists of names
activate() {
    compare_units
    if [ "$action" = dry-activate ]; then
        say 'would stop the following units:' $stop
        echo 'would activate the configuration...' >&2
        say 'would start the following units:' $start
        return 0
    fi
    say 'stopping the following units:' $stop
    [ -z "$stop" ] || systemctl stop $stop
    echo 'activating the configuration...' >&2
    result=0
    "$system/activate" "$system" || result=2
    systemctl daemon-reload || result=3
    say 'starting the following units:' $start
    failed=
    for unit in $start; do
        systemctl restart "$unit" || failed="$failed $unit"
    done
    if [ -n "$failed" ]; then
        say 'warning: the following units failed:' $failed
        for unit in $failed; do
            systemctl status --no-pager --full --lines=10 "$unit" >&2
        done
        result=4
    fi
    return $result
}

action=${1:-}
case $action in
test | switch | boot | dry-activate) ;;
*) fail "usage: $0 test|switch|boot|dry-activate" ;;
esac
[ -e /etc/NIXOS ] || fail 'this is not a NixOS machine'
"$system/bin/pre-switch-checks" "$action" || fail 'the checks before the switch failed'

mkdir -p /run/nixos
exec 9>/run/nixos/switch-to-configuration.lock
flock -n 9 || fail 'could not acquire lock'

case $action in
switch | boot)
    install_boot_loader || fail 'failed to install the boot loader'
    sync -f /nix
    ;;
esac
[ "$action" != boot ] || exit 0

old=$(readlink -f /run/current-system)
cmp -s "$old/init-interface-version" "$system/init-interface-version" ||
    fail 'the new system needs another init: reboot into it' 100
# children such as services' shells must not keep the lock
activate 9>&-
