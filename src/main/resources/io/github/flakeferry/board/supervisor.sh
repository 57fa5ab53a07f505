#!/bin/sh
# Flakeferry's supervisor, version 1: brings a NixOS board to a system, and back unless it is told that all is well.
# It runs on the board, detached, as root, in POSIX sh. A copy lies in the folder of each run, so that a run is always
# ended by the script that began it.
#
#   supervise DIR   the whole way; what the unit flakeferry-TOKEN starts
#   locked DIR      the same, under the lock
#   cleanup DIR     after the unit has ended however it did, and after a restart of the board
#   settle DIR      the same, under the lock
#   perform DIR NAME SYSTEM MODE   one switch-to-configuration, in a unit of its own
#
# DIR holds `order` (written before the start), `state`, `log` and `decision`. Everything lies beside Nix's profiles:
# what must survive a power cut together stays on one file system.
#
# States: preparing activating waiting committing rolling-back, and at the end
# committed confirmed rolled-back refused superseded busy failed.
set -u
umask 022
base=/nix/var/flakeferry
roots=/nix/var/nix/gcroots/flakeferry
profile=/nix/var/nix/profiles/system

say() { printf 'flakeferry: %s\n' "$*"; }

# the order is data: read line by line, never evaluated
read_order() {
    action='' old='' new='' token='' owner='' commit='' lease='' activation_seconds=300 confirm_seconds=120
    while read -r key value; do
        case $key in
        action) action=$value ;;
        old) old=$value ;;
        new) new=$value ;;
        token) token=$value ;;
        owner) owner=$value ;;
        commit) commit=$value ;;
        lease) lease=$value ;;
        activation-seconds) activation_seconds=$value ;;
        confirm-seconds) confirm_seconds=$value ;;
        esac
    done <"$dir/order"
    # a unit on NixOS has neither coreutils nor Nix on its PATH, and /run/current-system is about to change
    PATH=$old/sw/bin:$old/sw/sbin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    export PATH
}

# seconds since the start of the board: nobody sets this clock
tick() { IFS='. ' read -r now _ </proc/uptime; }

boot_id() { cat /proc/sys/kernel/random/boot_id; }

current() { readlink -f /run/current-system; }

# put FILE TEXT: all of it or nothing, and on the disk when this returns; a full disk gives way by the reserve
put() {
    put_once "$1" "$2" || { rm -f "$dir/reserve"; put_once "$1" "$2"; }
}
put_once() {
    printf '%s\n' "$2" >"$1.new" && sync "$1.new" && mv "$1.new" "$1" && sync "${1%/*}"
}

# set_state STATE [REASON]
set_state() {
    say "$1${2:+: $2}"
    put "$dir/state" "state $1
boot $(boot_id)
time $(date +%s)
reason ${2-}
current $(current)"
}

stored() { # stored KEY: a value of the state on disk, nothing before the first one
    [ ! -e "$dir/state" ] || sed -n "s/^$1 //p" "$dir/state"
}

is_end() {
    case $1 in
    committed | confirmed | rolled-back | refused | superseded | busy | failed) return 0 ;;
    *) return 1 ;;
    esac
}

stop_unit() {
    systemctl kill --signal=KILL "flakeferry-$token-$1.service" 2>/dev/null
    systemctl stop "flakeferry-$token-$1.service" 2>/dev/null
}

# run_unit NAME SYSTEM MODE SECONDS: sets `status` to the exit code, or to a word
run_unit() {
    rm -f "$dir/result-$1"
    systemd-run --quiet --collect --unit="flakeferry-$token-$1" --property=TimeoutStopSec=5 \
        --property=StandardOutput="append:$dir/log" --property=StandardError="append:$dir/log" \
        /bin/sh "$dir/supervisor.sh" perform "$dir" "$1" "$2" "$3" || { status=unstarted; return; }
    tick
    limit=$((now + $4))
    while :; do
        # asked before the result is looked for: a unit that has ended has left its result
        active=$(systemctl show --property=ActiveState --value "flakeferry-$token-$1.service" 2>/dev/null)
        if [ -s "$dir/result-$1" ]; then
            status=$(cat "$dir/result-$1")
            [ "$status" != 4 ] || ask_failed_units
            return
        fi
        case $active in inactive | failed)
            status=killed
            return
            ;;
        esac
        tick
        if [ "$now" -ge "$limit" ]; then
            stop_unit "$1"
            status=timeout
            return
        fi
        sleep 0.1
    done
}

perform() {
    "$2/bin/switch-to-configuration" "$3" </dev/null
    put "$dir/result-$1" "$?"
}

# explain SECONDS: what became of a switch-to-configuration, by `status`
explain() {
    case $status in
    4) printf 'ended with 4, units failed: %s' "${failed_units% }" ;;
    timeout) printf 'did not end within %s s' "$1" ;;
    killed) printf 'was killed' ;;
    unstarted) printf 'could not be started' ;;
    *) printf 'ended with %s' "$status" ;;
    esac
}

# sets `failed_units`, and logs what they said last
ask_failed_units() {
    failed_units=$(systemctl list-units --state=failed --plain --no-legend --no-pager 2>/dev/null | sed 's/ .*//' | tr '\n' ' ')
    for unit in $failed_units; do
        say "the last lines of $unit:"
        journalctl --unit="$unit" --lines=10 --no-pager --output=cat 2>/dev/null
    done
}

# decide WORD: acknowledgement and deadline race for one link, and the loser reads it
decide() {
    put "$dir/deciding.$$" "$1 $token"
    ln "$dir/deciding.$$" "$dir/decision" 2>/dev/null
    rm -f "$dir/deciding.$$"
}

forget() { # what only the run itself needed
    rm -f "$roots/$token-new" "$roots/$token-old" "$dir/reserve"
}

finish() { # finish STATE [REASON]
    set_state "$@"
    forget
}

superseded() {
    finish superseded "somebody else activated $(current)"
}

# roll_back REASON
roll_back() {
    set_state rolling-back "$1"
    stop_unit activate
    stop_unit boot
    case $(current) in
    "$old" | "$new") ;;
    *) superseded; return ;;
    esac
    patience=$activation_seconds
    [ "$patience" -ge 60 ] || patience=60
    run_unit rollback "$old" test "$patience"
    if [ "$(current)" != "$old" ]; then
        finish failed "$1; and the activation of the previous system $(explain "$patience")"
    elif [ "$status" = 0 ]; then
        finish rolled-back "$1"
    else
        finish rolled-back "$1; the activation of the previous system $(explain "$patience")"
    fi
}

# boot loaders choose only among the profile's generations: the profile comes first
set_default() {
    if ! nix-env --profile "$profile" --set "$new"; then
        status=profile
        return 1
    fi
    sync
    run_unit boot "$new" boot "$activation_seconds"
    sync
    [ "$status" = 0 ]
}

commit() {
    if [ "$(current)" != "$new" ]; then
        superseded
        return
    fi
    put "$dir/profile-before" "$(readlink "$profile")"
    put "$dir/generations-before" "$(printf '%s\n' "$profile"-*-link)"
    set_state committing
    if set_default; then
        rm -f "$base/lease"
        finish committed
    else
        case $status in
        profile) why='the profile could not be set' ;;
        *) why="the boot loader's installation $(explain "$activation_seconds")" ;;
        esac
        undo_commit
        roll_back "$why"
    fi
}

undo_commit() {
    before=$(cat "$dir/profile-before") made=$(readlink "$profile")
    if [ -z "$before" ]; then
        rm -f "$profile"
    else
        ln -sfn "$before" "$profile.flakeferry" && mv -T "$profile.flakeferry" "$profile"
    fi
    case $made in system-*-link)
        grep -qxF "${profile%/*}/$made" "$dir/generations-before" || rm -f "${profile%/*}/$made"
        ;;
    esac
    sync
    default=$(readlink -f "$profile")
    [ -x "$default/bin/switch-to-configuration" ] || default=$old
    run_unit unboot "$default" boot "$activation_seconds"
    sync
    [ "$status" = 0 ] || say "the boot loader's way back $(explain "$activation_seconds")"
}

confirm() {
    case $action in
    switch) commit ;;
    test)
        put "$base/lease" "owner $lease
system $new
commit $commit
time $(date +%s)
boot $(boot_id)"
        finish confirmed
        ;;
    give-back)
        rm -f "$base/lease"
        finish confirmed
        ;;
    esac
}

# somebody else's nixos-rebuild
switch_lock_is_held() {
    [ -e /run/nixos/switch-to-configuration.lock ] && ! flock -n /run/nixos/switch-to-configuration.lock true
}

prepare() {
    previous=$(cat "$base/last" 2>/dev/null)
    case $previous in
    '' | "$token" | *[!a-zA-Z0-9-]*) ;;
    *)
        if [ -e "$base/runs/$previous/supervisor.sh" ]; then
            /bin/sh "$base/runs/$previous/supervisor.sh" settle "$base/runs/$previous"
        fi
        ;;
    esac
    put "$base/last" "$token"
    # room that this run gives up when its activation has filled the disk
    dd if=/dev/zero of="$dir/reserve" bs=64k count=16 2>/dev/null
    set_state preparing
    # runs are named by time: the oldest come first
    set -- "$base"/runs/*
    while [ $# -gt 8 ]; do
        [ "$1" = "$dir" ] || rm -rf "$1"
        shift
    done
}

locked() {
    prepare
    if [ "$(current)" != "$old" ]; then
        superseded
        return
    elif switch_lock_is_held; then
        finish busy 'somebody else holds the lock of switch-to-configuration'
        return
    elif [ ! -x "$new/bin/switch-to-configuration" ]; then
        finish refused "$new has no bin/switch-to-configuration: it is not a NixOS system"
        return
    fi
    set_state activating
    if [ "$action" != give-back ] || [ "$new" != "$old" ]; then
        run_unit activate "$new" test "$activation_seconds"
        case $status in
        0) ;;
        100)
            finish refused 'its init is another one than the running system'\''s: it needs a reboot, and nothing was activated'
            return
            ;;
        *)
            why="the activation $(explain "$activation_seconds")"
            roll_back "$why"
            return
            ;;
        esac
    fi
    case $(current) in
    "$new") ;;
    "$old")
        roll_back 'the activation ended well but changed nothing: /run/current-system is the previous system'
        return
        ;;
    *) superseded; return ;;
    esac
    set_state waiting
    tick
    limit=$((now + confirm_seconds))
    while [ ! -e "$dir/decision" ]; do
        tick
        [ "$now" -lt "$limit" ] || decide deadline
        sleep 0.1
    done
    case $(cat "$dir/decision") in
    "confirmed $token") confirm ;;
    *) roll_back "nobody confirmed it within $confirm_seconds s" ;;
    esac
}

supervise() {
    # -o: no child keeps the lock
    flock -n -o -E 75 "$base/lock" /bin/sh "$dir/supervisor.sh" locked "$dir"
    if [ $? -eq 75 ] && [ ! -e "$dir/state" ]; then
        holder=$(cat "$base/last" 2>/dev/null)
        case $holder in *[!a-zA-Z0-9-]*) holder='' ;; esac
        finish busy "$(sed -n 's/^owner //p' "$base/runs/$holder/order" 2>/dev/null) holds the board"
    fi
}

cleanup() {
    ! is_end "$(stored state)" || return 0
    # the next start of the board settles it
    [ "$(systemctl is-system-running 2>/dev/null)" != stopping ] || return 0
    flock -o -w 300 "$base/lock" /bin/sh "$dir/supervisor.sh" settle "$dir"
}

settle() {
    state=$(stored state)
    ! is_end "$state" || return 0
    exec >>"$dir/log" 2>&1
    if [ "$(stored boot)" = "$(boot_id)" ]; then
        say "the supervisor of $owner ended while it was $state"
        for unit in activate boot rollback unboot; do stop_unit $unit; done
        case $state in
        preparing) finish failed 'the supervisor was killed before the activation' ;;
        committing) undo_commit; roll_back 'the supervisor was killed while it committed' ;;
        *) roll_back "the supervisor was killed while it was $state" ;;
        esac
        return
    fi
    case $state in
    '') finish failed 'the supervisor never began' ;;
    preparing) finish failed 'the board was restarted before the activation' ;;
    committing)
        # what it booted is what its boot loader has: profile and boot loader are made to agree on that
        if [ "$(current)" = "$new" ] && set_default; then
            rm -f "$base/lease"
            finish committed 'after a restart of the board'
        else
            undo_commit
            finish rolled-back 'the board was restarted while it committed'
        fi
        ;;
    *) finish rolled-back "the board was restarted while it was $state, and booted what it had" ;;
    esac
}

verb=$1
dir=$2
read_order
case $verb in
supervise) supervise ;;
locked) locked ;;
cleanup) cleanup ;;
settle) settle ;;
perform) perform "$3" "$4" "$5" ;;
esac
