
# --- supervise -------------------------------------------------------------------------------------------------------
#
#   supervise DIR   the whole way; what the unit flakeferry-TOKEN starts
#   locked DIR      the same, under the lock
#   resume DIR      goes on after the restart that it asked for; resumed DIR: the same, under the lock
#   cleanup DIR [now]   after the unit has ended however it did, and after a restart of the board; now: unless somebody
#                   holds the lock
#   settle DIR      the same, under the lock
#   perform DIR NAME SYSTEM MODE   one switch-to-configuration, in a unit of its own
#
# DIR holds `order` (written before the start), `state`, `log` and `decision`.
#
# States: preparing activating waiting committing rolling-back, around a restart restarting restarted returning, and
# at the end
# committed confirmed tried rolled-back refused superseded busy failed.

# the order is data: read line by line, never evaluated; of two lines with the same key the first one counts
read_order() {
    action='' old='' new='' token='' owner='' commit='' lease='' keys='' started='' wanted='' failed_units=''
    reboot='' unprotected='' lent_until='' take_from='' ordered='' amiss='' activation_seconds='' confirm_seconds=''
    while read -r key text; do
        case $key in
        mode) started=${started:-$text} ;;
        action) action=${action:-$text} ;;
        wanted) wanted=${wanted:-$text} ;;
        old) old=${old:-$text} ;;
        new) new=${new:-$text} ;;
        token) token=${token:-$text} ;;
        owner) owner=${owner:-$text} ;;
        commit) commit=${commit:-$text} ;;
        lease) lease=${lease:-$text} ;;
        lease-until) lent_until=${lent_until:-$text} ;;
        take-from) take_from=${take_from:-$text} ;;
        now) ordered=${ordered:-$text} ;;
        keys) keys=${keys:-$text} ;;
        failed-units) failed_units=${failed_units:-$text} ;;
        restart) reboot=${reboot:-$text} ;;
        activation-seconds) activation_seconds=${activation_seconds:-$text} ;;
        confirm-seconds) confirm_seconds=${confirm_seconds:-$text} ;;
        esac
    done <"$dir/order"
    is_number "$activation_seconds" || activation_seconds=300
    is_number "$confirm_seconds" || confirm_seconds=60
    # a unit on NixOS has neither coreutils nor Nix on its PATH, and /run/current-system is about to change
    PATH=$old/sw/bin:$old/sw/sbin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
}

# seconds since the start of the board: nobody sets this clock
tick() { IFS='. ' read -r now _ </proc/uptime; }

# set_state STATE [REASON]
set_state() {
    say "$1${2:+: $2}"
    put "$dir/state" "state $1
boot $(boot_id)
time $(date +%s)
reason $(shortened "${2-}")
current $(current)
restart $(needs_restart)
restarted $([ ! -e "$dir/decision-before" ] || echo yes)
unprotected $unprotected"
}

# what of the new system runs only after a restart of the board
needs_restart() {
    for part in $restart_parts; do
        [ "$(resolved "$new/$part")" = "$(resolved "/run/booted-system/$part")" ] || printf '%s ' "$part"
    done
}

stored() { value "$dir/state" "$1"; }

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
    limit=$((now + $4)) round=0
    while :; do
        # asked before the result is looked for: a unit that has ended has left its result. Once a second, as asking is
        # dear to a slow board that has an activation to do.
        round=$((round + 1)) active=''
        [ $((round % 10)) -ne 0 ] ||
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
    "$3/bin/switch-to-configuration" "$4" </dev/null
    put "$dir/result-$2" "$?"
}

# explain SECONDS: what became of a switch-to-configuration, by `status`
explain() {
    case $status in
    4) printf 'ended with 4, units failed: %s' "$(tell_failing)" ;;
    timeout) printf 'did not end within %s s' "$1" ;;
    killed) printf 'was killed' ;;
    unstarted) printf 'could not be started' ;;
    *) printf 'ended with %s' "$status" ;;
    esac
}

# a few of those units: what is told besides must be seen, too
tell_failing() {
    # shellcheck disable=SC2086 # a list of names
    set -- $failing
    if [ $# -le 5 ]; then printf '%s' "$*"; else printf '%s %s %s %s %s and %s more' "$1" "$2" "$3" "$4" "$5" $(($# - 5)); fi
}

# sets `failing`, and logs what those units said last
ask_failed_units() {
    failing=$(systemctl list-units --state=failed --plain --no-legend --no-pager 2>/dev/null | sed 's/ .*//' | tr '\n' ' ')
    for unit in $failing; do
        say "the last lines of $unit:"
        journalctl --unit="$unit" --lines=10 --no-pager --output=cat 2>/dev/null
    done
}

# decide WORD: acknowledgement and deadline race for one link, and the loser reads it
decide() {
    put "$dir/deciding.$$" "$1 $token"
    ln "$dir/deciding.$$" "$dir/decision" 2>/dev/null
    rm -f "$dir/deciding.$$"
    sync "$dir"
}

forget() { # what only the run itself needed
    rm -f "$roots/$token-new" "$roots/$token-old" "$dir/reserve"
}

finish() { # finish STATE [REASON]
    unpin
    [ "$1" = confirmed ] || return_lease
    set_state "$@"
    forget
}

superseded() {
    finish superseded "somebody else activated $(current)"
}

# gone_back REASON: what ran before runs again
gone_back() {
    if [ -z "$amiss" ]; then finish rolled-back "$1"; else finish failed "$1; and $amiss"; fi
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
        finish failed "$1; and the activation of the previous system $(explain "$patience")${amiss:+; and $amiss}"
    elif [ "$status" = 0 ]; then
        gone_back "$1"
    else
        gone_back "$1; the activation of the previous system $(explain "$patience")"
    fi
}

# changes the profile, unless somebody holds its lock for too long
nix_env() {
    timeout -k 5 "$activation_seconds" nix-env --profile "$profile" "$@"
    ended=$?
    case $ended in 124 | 137) say "nix-env was ended after $activation_seconds s: somebody may hold $profile.lock" ;; esac
    return $ended
}

# a generation that the board has had keeps its number
set_profile() {
    case $wanted in
    'generation '*) nix_env --switch-generation "${wanted#generation }" ;;
    'before '*)
        for number in $(generations | sort -n -r); do
            if [ "$(readlink -f "$profile-$number-link")" = "$new" ]; then
                nix_env --switch-generation "$number"
                return
            fi
        done
        nix_env --set "$new"
        ;;
    *) nix_env --set "$new" ;;
    esac
}

# boot loaders choose only among the profile's generations: the profile comes first
set_default() {
    if ! set_profile; then
        status=profile
        return 1
    fi
    sync
    run_unit boot "$new" boot "$activation_seconds"
    sync
    [ "$status" = 0 ]
}

committed() { # committed [REASON]
    put "$base/deployed" "system $new
commit $commit
owner $owner
time $(date +%s)
previous $old"
    # by `boot` a preview is not ended
    [ "$action" != switch ] || rm -f "$base/lease"
    finish committed "$@"
}

commit() {
    if [ "$action" = switch ] && [ "$(current)" != "$new" ]; then
        superseded
        return
    fi
    # without these notes nobody could go back
    if ! { put "$dir/profile-before" "$(readlink "$profile")" &&
        put "$dir/generations-before" "$(printf '%s\n' "$profile"-*-link)" && set_state committing; }; then
        go_back 'its disk takes no writes'
        return
    fi
    pinned=''
    ! wants_restart || ! pin || pinned=yes
    if set_default; then
        if [ -n "$pinned" ]; then
            try_new
        else
            drop_kept_pin
            committed
        fi
    else
        case $status in
        profile) why='the profile could not be set' ;;
        *) why="the boot loader's installation $(explain "$activation_seconds")" ;;
        esac
        not_committed "$why"
    fi
}

# not_committed REASON
not_committed() {
    if undo_commit; then go_back "$1"; else hands_off; fi
}

# go_back REASON: profile and boot loader have been seen to
go_back() {
    if [ "$action" != boot ]; then
        roll_back "$1"
    elif [ -n "$amiss" ]; then
        gone_back "$1"
    else
        gone_back "$1; the default is as it was"
    fi
}

# whether the profile is neither what this run makes of it nor what it was: somebody else's, who has rescued the board
is_replaced() {
    case $(resolved "$profile") in '' | "$new" | "$(default_before)") return 1 ;; esac
}
default_before() { (cd "${profile%/*}" && resolved "$(cat "$dir/profile-before")"); }

hands_off() {
    finish superseded "somebody else made $(resolved "$profile") the default"
}

# Puts back profile and boot loader; sets `amiss` to what became of that otherwise. Does nothing and fails where they are
# somebody else's by now.
undo_commit() {
    if [ ! -s "$dir/profile-before" ] || [ ! -s "$dir/generations-before" ]; then
        amiss='the default before is not known'
        return 0
    fi
    ! is_replaced || return 1
    before=$(cat "$dir/profile-before") made=$(readlink "$profile") made_system=$(resolved "$profile")
    if [ -n "$before" ] && [ -z "$(default_before)" ]; then
        amiss='the default before has been removed'
        return 0
    elif [ -z "$before" ]; then
        rm -f "$profile"
    else
        ln -sfn "$before" "$profile.flakeferry" && mv -T "$profile.flakeferry" "$profile"
    fi
    case $made in system-*-link)
        [ "$made_system" != "$new" ] || grep -qxF "${profile%/*}/$made" "$dir/generations-before" ||
            rm -f "${profile%/*}/$made"
        ;;
    esac
    sync
    default=$(readlink -f "$profile")
    [ -x "$default/bin/switch-to-configuration" ] || default=$old
    run_unit unboot "$default" boot "$activation_seconds"
    sync
    if [ "$status" != 0 ]; then
        say "the boot loader's way back $(explain "$activation_seconds")"
        keep_pin
        # where /boot is full neither way changes anything, and what is pinned starts whatever the files say
        [ "$(boot_default)" = "$default" ] || amiss='the boot loader could not be put back'
    fi
    return 0
}

confirm() {
    case $action in
    switch) commit ;;
    test) finish confirmed ;;
    give-back)
        end_lease
        finish confirmed
        ;;
    esac
}

# somebody else's nixos-rebuild; one that only tries, as a rehearsal does for a minute at most, is soon over
switch_lock_is_held() {
    [ -e /run/nixos/switch-to-configuration.lock ] && ! flock -w 65 /run/nixos/switch-to-configuration.lock true
}

# nix_store VERB ARGUMENT…
nix_store() { nix --extra-experimental-features nix-command store "$@"; }

# Sets `fault` to what forbids to activate NEW. Anyone may add a content-addressed path to a store, and Nix counts it as
# signed: a system must be none, and carry a signature of the key itself. What it refers to is named by it.
check_signatures() {
    fault=''
    case $wanted in 'path '*) ;; *) return ;; esac # it is in the profile already, where only root puts things
    if [ "$started" = installed ]; then
        keys=$(tr '\n' ' ' <"$installed_keys" 2>/dev/null)
        keys=${keys% }
        if [ -z "$keys" ]; then
            fault="$installed_keys on the board names no key"
            return
        fi
    elif [ -z "$keys" ]; then
        return
    fi
    info=$(nix --extra-experimental-features nix-command path-info --json "$new" 2>/dev/null)
    case $info in
    *'"ca":"'*)
        fault="$new is content-addressed, and so signed by nobody"
        return
        ;;
    *"$new"*) ;;
    *)
        fault="$new is not in the board's store"
        return
        ;;
    esac
    if ! nix_store verify --no-contents --sigs-needed 1 --option trusted-public-keys "$keys" "$new"; then
        fault="$new carries no signature of $(printf '%s' "$keys" | sed 's/:[^ ]*//g')"
    elif [ "$started" = installed ] &&
        ! nix_store verify --no-contents --recursive --option extra-trusted-public-keys "$keys" "$new"; then
        fault="not all that $new refers to is signed by a key that the board trusts"
    fi
}

# ends what earlier runs left unfinished, and takes their garbage roots away
take_over() {
    previous=$(cat "$base/last" 2>/dev/null)
    if is_token "$previous" && [ "$previous" != "$token" ] && [ -e "$base/runs/$previous/supervisor.sh" ]; then
        was=$(value "$base/runs/$previous/state" state)
        if ! is_end "$was"; then
            say "takes over from $(value "$base/runs/$previous/order" owner), which ended while it was ${was:-starting}"
            /bin/sh "$base/runs/$previous/supervisor.sh" settle "$base/runs/$previous"
            say "that is $(value "$base/runs/$previous/state" state) now: $(value "$base/runs/$previous/state" reason)"
        fi
    fi
    put "$base/last" "$token"
    for root in "$roots"/*; do
        one=${root##*/} one=${one%-*}
        [ "$one" = "$token" ] || is_active "flakeferry-$one.service" ||
            [ "$(($(date +%s) - $(stat -c %Y "$base/runs/$one/order" 2>/dev/null || echo 0)))" -lt 600 ] ||
            rm -f "$root"
    done
}

prepare() {
    take_over
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
    check_lease
    if [ -n "$fault" ]; then
        finish busy "$fault"
        return
    elif switch_lock_is_held; then
        finish busy 'somebody else holds the lock of switch-to-configuration'
        return
    elif [ "$(current)" != "$old" ]; then
        superseded
        return
    elif [ ! -x "$new/bin/switch-to-configuration" ]; then
        finish refused "$new has no bin/switch-to-configuration: it is not a NixOS system"
        return
    fi
    check_signatures
    if [ -n "$fault" ]; then
        finish refused "$fault"
        return
    fi
    case $action in
    switch | give-back) activate ;;
    test)
        # now: nothing of a preview runs without a lease
        if take_lease; then activate; else finish failed 'the lease could not be written'; fi
        ;;
    boot) commit ;;
    dry-activate)
        run_unit activate "$new" dry-activate "$activation_seconds"
        case $status in
        0) finish tried ;;
        *) finish failed "its dry activation $(explain "$activation_seconds")" ;;
        esac
        ;;
    *) finish refused "there is no action '$action'" ;;
    esac
}

activate() {
    set_state activating
    note=''
    if [ "$action" = switch ] || [ "$new" != "$old" ]; then
        run_unit activate "$new" test "$activation_seconds"
        case $status-$failed_units in
        0-*) ;;
        4-accept) note="units failed: $(tell_failing)" ;;
        100-*)
            finish refused 'its init is another one than the running system'\''s: it needs a reboot, and nothing was activated'
            return
            ;;
        *)
            why="the activation $(explain "$activation_seconds")"
            [ -e "$dir/reserve" ] || why="$why, and filled the disk"
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
    if [ ! -e "$dir/reserve" ]; then
        roll_back 'the activation filled the disk'
        return
    fi
    set_state waiting "$note"
    await_decision
    case $(cat "$dir/decision") in
    "confirmed $token") confirm ;;
    "revoked $token") roll_back "$(cat "$dir/why" 2>/dev/null)" ;;
    *) roll_back "nobody confirmed it within $confirm_seconds s" ;;
    esac
}

# waits for the acknowledgement, or for the deadline, which needs no disk that takes writes
await_decision() {
    tick
    limit=$((now + confirm_seconds))
    while [ ! -e "$dir/decision" ]; do
        tick
        if [ "$now" -ge "$limit" ]; then
            decide deadline
            return
        fi
        sleep 0.1
    done
}

supervise() {
    # -o: no child keeps the lock
    flock -n -o -E 75 "$base/lock" /bin/sh "$dir/supervisor.sh" locked "$dir"
    if [ $? -eq 75 ] && [ ! -e "$dir/state" ]; then
        holder=$(cat "$base/last" 2>/dev/null)
        is_token "$holder" || holder=''
        whose=$(value "$base/runs/$holder/order" lease)
        finish busy "$(value "$base/runs/$holder/order" owner) holds the board${whose:+ for $whose}"
    fi
}

cleanup() {
    ! is_end "$(stored state)" || return 0
    # the next start of the board settles it
    [ "$(systemctl is-system-running 2>/dev/null)" != stopping ] || return 0
    # a living supervisor holds it; who follows looks again, and nobody does after the unit has ended
    if [ "${2-}" = now ]; then set -- -n; else set -- -w 300; fi
    flock -o "$@" "$base/lock" /bin/sh "$dir/supervisor.sh" settle "$dir"
}

settle() {
    state=$(stored state)
    ! is_end "$state" || return 0
    exec >>"$dir/log" 2>&1
    if [ "$(stored boot)" = "$(boot_id)" ]; then
        say "the supervisor of $owner ended while it was $state"
        for unit in activate boot rollback unboot; do stop_unit $unit; done
        # its runner has been told that a preview is there, or has ended: nothing but a note is missing
        if [ "$state-$action" = waiting-test ] || [ "$state-$action" = waiting-give-back ]; then
            if [ "$(cat "$dir/decision" 2>/dev/null)" = "confirmed $token" ] && [ "$(current)" = "$new" ]; then
                confirm
                return
            fi
        fi
        case $state in
        preparing) finish failed 'the supervisor was killed before the activation' ;;
        committing) not_committed 'the supervisor was killed while it committed' ;;
        restarting) not_committed 'the supervisor was killed before it restarted the board' ;;
        restarted) settle_restarted 'the supervisor was killed before the restarted board was confirmed' ;;
        returning) not_committed "$(stored reason)" ;;
        *) roll_back "the supervisor was killed while it was $state" ;;
        esac
        return
    fi
    case $state in
    '') finish failed 'the supervisor never began' ;;
    preparing) finish failed 'the board was restarted before the activation' ;;
    committing)
        # what it booted is what its boot loader has: profile and boot loader are made to agree on that
        if is_replaced; then
            hands_off
        elif [ "$(current)" = "$new" ] && set_default; then
            committed 'after a restart of the board'
        elif undo_commit; then
            gone_back 'the board was restarted while it committed'
        else
            hands_off
        fi
        ;;
    restarting) settle_restart ;;
    restarted) settle_restarted 'the board was restarted again before it was confirmed' ;;
    returning) settle_return ;;
    *) finish rolled-back "the board was restarted while it was $state, and booted what it had" ;;
    esac
}
