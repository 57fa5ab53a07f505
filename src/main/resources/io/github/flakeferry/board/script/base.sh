#!/bin/sh
# flakeferry-board: all that Flakeferry does on a board as root, in POSIX sh. Root's login is sent it; a user of
# fewer rights has it installed by the board's own configuration and may run it, and nothing else, through sudo.
#
#   facts                   what the board says of itself, as JSON
#   closure SYSTEM          "<size of the NAR> <path>" for all that a system refers to
#   start LINE…             starts an activation, detached; lines of "key value"
#   follow TOKEN OFFSET     tells what becomes of it
#   acknowledge TOKEN       says that all is well
#   revoke TOKEN REASON     says that it is not
#   note SYSTEM COMMIT OWNER    says of the system that it runs and boots what else it was built from
#   restart                 starts the board anew, in a second
#   collect KEEP MODE       removes old generations; MODE: never, always or a number of bytes
#   rehearse SYSTEM KEY…    what activating it would do to units; nothing is activated
#   runs                    the activations whose logs are kept
#   log TOKEN LINES         what became of one, as it was logged
#   journal TOKEN LINES UNITS   systemd's journal of that time; UNITS: all or failed
#   supervise, locked, resume, resumed, cleanup, settle, perform   its own, run only from a copy in the folder of a run
#
# What must survive a power cut together lies on one file system: the state beside Nix's profiles.
set -u
umask 022
protocol=3
base=/nix/var/flakeferry
roots=/nix/var/nix/gcroots/flakeferry
profile=/nix/var/nix/profiles/system
variables=/sys/firmware/efi/efivars
installed_keys=/etc/flakeferry/trusted-keys
system_path=/run/wrappers/bin:/run/current-system/sw/bin:/run/current-system/sw/sbin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# a copy in a run's folder is root's; one that sudo starts is at the mercy of whoever calls it
case $0 in
"$base"/runs/*/supervisor.sh) mode=run ;;
*/flakeferry-board) mode=installed ;;
*) mode=sent system_path=$system_path:$PATH ;;
esac
PATH=$system_path
export PATH

say() { printf 'flakeferry: %s\n' "$*"; }

die() {
    printf '%s\n' "$*" >&2
    exit 1
}

is_token() {
    case $1 in '' | *[!a-zA-Z0-9-]* | ?????????????????????????????????????????????????????????????????*) return 1 ;; esac
}

is_number() {
    case $1 in '' | *[!0-9]* | ????????????????*) return 1 ;; esac
}

# owner/repository#12
is_owner() {
    [ ${#1} -le 200 ] || return 1
    case $1 in '' | *[!0-9a-zA-Z._/#-]*) return 1 ;; esac
}

# /nix/store/…, without a further slash
is_store_path() {
    name=${1#/nix/store/}
    [ "$name" != "$1" ] || return 1
    case $name in '' | .* | *[!0-9a-zA-Z+._?=-]*) return 1 ;; esac
}

boot_id() { cat /proc/sys/kernel/random/boot_id; }

current() { readlink -f /run/current-system; }
booted() { readlink -f /run/booted-system; }

# what a link leads to; nothing where there is none
resolved() { [ ! -e "$1" ] || readlink -f "$1"; }

# what of a system runs only after a restart of the board
restart_parts='kernel initrd kernel-modules dtbs'

# value FILE KEY: the rest of the first line that begins with that word
value() { sed -n "s/^$2 //p" "$1" 2>/dev/null | head -n 1; }

# shortened TEXT: no more than 1000 bytes of it, in whole characters
shortened() {
    if [ "$(printf '%s' "$1" | wc -c)" -le 1000 ]; then
        printf '%s' "$1"
    else
        printf '%s...' "$(printf '%s' "$1" | head -c 997 | LC_ALL=C sed 's/[\xc0-\xff][\x80-\xbf]*$//')"
    fi
}

is_end() {
    case $1 in
    committed | confirmed | rolled-back | refused | superseded | busy | failed | tried) return 0 ;;
    *) return 1 ;;
    esac
}

# put FILE TEXT: all of it or nothing, and on the disk when this returns; a full disk gives way by the reserve
put() {
    put_once "$1" "$2" || { rm -f "${dir:-$base}/reserve"; put_once "$1" "$2"; }
}
put_once() {
    printf '%s\n' "$2" >"$1.new" && sync "$1.new" && mv "$1.new" "$1" && sync "${1%/*}"
}

# the numbers of the profile's generations, the oldest first
generations() {
    for link in "$profile"-*-link; do
        number=${link#"$profile"-} number=${number%-link}
        is_number "$number" && printf '%s\n' "$number"
    done | sort -n
}

# Reads the lease of a preview board: sets `lessee` to who has or had it, to `unknown` where the file is damaged, to
# nothing where there is none; and since, until (may be empty), boot.
read_lease() {
    lessee='' lease_since='' lease_until='' lease_boot=''
    [ -e "$base/lease" ] || return 0
    lessee=$(value "$base/lease" owner)
    lease_since=$(value "$base/lease" since)
    lease_until=$(value "$base/lease" until)
    lease_boot=$(value "$base/lease" boot)
    if ! is_owner "$lessee" || ! is_number "$lease_since" || [ -z "$lease_boot" ] ||
        ! is_number "${lease_until:-0}" || ! is_token "$(value "$base/lease" run)"; then
        lessee=unknown lease_since='' lease_until='' lease_boot=''
    fi
}

# where systemd gives no answer, as it starts itself anew: nobody is taken for dead
is_active() {
    case $(systemctl show --property=ActiveState --value "$1" 2>/dev/null) in
    inactive | failed) return 1 ;;
    *) return 0 ;;
    esac
}

# loader_variable NAME: what systemd-boot and bootctl keep in the firmware, by the Boot Loader Interface: UTF-16 after
# four bytes of attributes
loader_variable() {
    tail -c +5 "$variables/$1-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f" 2>/dev/null | tr -d '\000'
}

# the entry of systemd-boot's own file
configured_entry() {
    entry=$(awk '$1 == "default" { print $2; exit }' /boot/loader/loader.conf)
    is_entry "$entry" && printf '%s\n' "$entry"
}

# the name of a file, and no pattern or special name
is_entry() {
    case $1 in '' | .* | *[!0-9a-zA-Z+._-]*) return 1 ;; esac
}

# the entry that systemd-boot starts by default: the variable wins, where there is such an entry
default_entry() {
    entry=$(loader_variable LoaderEntryDefault)
    if [ -z "$entry" ]; then
        configured_entry
    elif is_entry "$entry" && [ -f "/boot/loader/entries/$entry" ]; then
        printf '%s\n' "$entry"
    else
        case $entry in
        *[!0-9a-zA-Z+._-]* | auto-* | *.efi) return 0 ;; # a pattern, or nothing that has a file here
        *) configured_entry ;;
        esac
    fi
}

# system_of ENTRY: what it starts
system_of() { started_system <"/boot/loader/entries/$1" 2>/dev/null; }
started_system() { tr ' ' '\n' | sed -n 's|^init=\(/nix/store/[^/]*\)/init$|\1|p' | head -n 1; }

# the system that the boot loader starts by default, as its own files tell it; nothing where that is unknown
boot_default() {
    if [ -f /boot/loader/loader.conf ]; then
        entry=$(default_entry)
        [ -z "$entry" ] || cat "/boot/loader/entries/$entry" 2>/dev/null
    elif [ -f /boot/extlinux/extlinux.conf ]; then
        awk '$1 == "DEFAULT" { wanted = $2 } $1 == "LABEL" { label = $2 } $1 == "APPEND" && label == wanted' \
            /boot/extlinux/extlinux.conf
    elif [ -f /boot/grub/grub.cfg ]; then
        # NixOS's entries: the first one is the default system's
        awk '$1 == "set" && $2 ~ /^default=/ && $2 !~ /^default="?0"?$/ { exit } $1 == "linux" { print; exit }' \
            /boot/grub/grub.cfg
    fi | started_system
}
