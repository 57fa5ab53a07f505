
# --- one-shot --------------------------------------------------------------------------------------------------------
#
# A restart with a way back, by systemd-boot: OLD's entry is pinned in the firmware before the boot loader's files name
# NEW, and NEW is started once. Only when it has been confirmed there the pin goes. So power that is lost at any moment
# but one brings OLD; between the last word to the firmware and the end of the restart it brings NEW, for that once.
#
# DIR/pin is the entry that is pinned as long as it is, DIR/pin-before what the variable was. BASE/pin is one that had to
# stay when its run ended.

wants_restart() {
    case $reboot in
    always) ;;
    if-needed) [ -n "$(needs_restart)" ] ;;
    *) return 1 ;;
    esac
}

# tell_loader VERB ENTRY: has bootctl set a variable; sets `said` to what it said
tell_loader() {
    said=$(bootctl "$1" "$2" 2>&1) && return
    said="bootctl $1: $(printf '%s' "$said" | tr -s '\000-\037\177' ' ' | cut -c 1-300)"
    return 1
}

# Whatever the boot loader's files say from now on, it starts what it would start now. Sets `unprotected` to why not.
pin() {
    if [ ! -f /boot/loader/loader.conf ]; then
        unprotected='its boot loader knows no entry for one start only, as systemd-boot does'
        return 1
    fi
    entry=$(default_entry)
    if [ -z "$entry" ] || [ -z "$(system_of "$entry")" ]; then
        unprotected='which entry its boot loader starts by default is not known'
        return 1
    fi
    for volatile in "$variables"/RTStorageVolatile-*; do
        # U-Boot's: bootctl's words would be forgotten by the restart
        [ ! -e "$volatile" ] || unprotected='its firmware keeps variables only until a restart'
    done
    [ -z "$unprotected" ] || return 1
    before=$(loader_variable LoaderEntryDefault)
    [ "$before" != "$(cat "$base/pin" 2>/dev/null)" ] || before=''
    put "$dir/pin-before" "$before"
    put "$dir/pin" "$entry"
    pinned_system=$(system_of "$entry")
    if ! tell_loader set-default "$entry"; then
        unprotected=$said
    elif [ "$(loader_variable LoaderEntryDefault)" != "$entry" ]; then
        unprotected='its firmware did not keep a variable'
    fi
    [ -n "$unprotected" ] || return 0
    unpin
    return 1
}

# the boot loader goes by its files again, or by what somebody else had pinned
unpin() {
    [ -e "$dir/pin" ] || return 0
    tell_loader set-oneshot '' || say "$said"
    tell_loader set-default "$(cat "$dir/pin-before")" || say "$said"
    rm -f "$dir/pin" "$base/pin"
    sync "$dir" "$base"
}

# the files could not be put right: without the pin they would start what was given up
keep_pin() {
    [ -e "$dir/pin" ] || return 0
    tell_loader set-oneshot '' || say "$said"
    say "its firmware stays set to start $(cat "$dir/pin") until the next commit, or 'bootctl set-default \"\"'"
    mv "$dir/pin" "$base/pin"
    sync "$dir" "$base"
}

# the boot loader's files have been put right since
drop_kept_pin() {
    [ -e "$base/pin" ] || return 0
    [ "$(loader_variable LoaderEntryDefault)" != "$(cat "$base/pin")" ] || tell_loader set-default '' || say "$said"
    rm -f "$base/pin"
}

# NEW has been confirmed, or is not to be restarted: the boot loader starts it from now on
keep_new() {
    if tell_loader set-default ''; then
        tell_loader set-oneshot '' || say "$said"
        rm -f "$dir/pin" "$base/pin"
        sync "$dir" "$base"
        committed
    else
        give_up "the previous system stays what the firmware starts: $said"
    fi
}

# NEW is the profile's and the boot loader's by its files: starts it once
try_new() {
    entry=$(configured_entry)
    if [ "$(system_of "$(cat "$dir/pin")")" != "$pinned_system" ]; then
        unprotected='its boot loader keeps no entry for the system before'
    elif [ "$(system_of "$entry")" != "$new" ]; then
        unprotected='its boot loader has no entry for it'
    fi
    if [ -n "$unprotected" ]; then
        keep_new
        return
    fi
    set_state restarting
    if ! tell_loader set-oneshot "$entry"; then
        unprotected=$said
        keep_new
        return
    fi
    restart_board
    not_committed 'it could not be restarted'
}

# Returns only if the board does not go down. A moment is left to whoever follows.
restart_board() {
    sleep 1
    systemctl reboot || return
    tick
    limit=$((now + 300))
    while [ "$now" -lt "$limit" ]; do
        sleep 1
        tick
    done
}

resume() {
    flock -n -o "$base/lock" /bin/sh "$dir/supervisor.sh" resumed "$dir"
}

resumed() {
    [ "$(stored state)" = restarting ] && [ "$(stored boot)" != "$(boot_id)" ] || return 0
    if [ "$(booted)" != "$new" ]; then
        settle_restart
        return
    fi
    # units may still fail while it starts
    timeout "$activation_seconds" systemctl is-system-running --wait >/dev/null 2>&1
    mv "$dir/decision" "$dir/decision-before" 2>/dev/null
    set_state restarted
    await_decision
    case $(cat "$dir/decision") in
    "confirmed $token") keep_restarted ;;
    "revoked $token") give_up "after its restart $(cat "$dir/why" 2>/dev/null)" ;;
    *) give_up "nobody confirmed it within $confirm_seconds s after its restart" ;;
    esac
}

keep_restarted() {
    if [ "$(current)" = "$new" ]; then keep_new; else superseded; fi
}

# give_up REASON: NEW was restarted into, or nearly so, and has to go
give_up() {
    if [ "$(booted)" != "$new" ]; then
        not_committed "$1"
        return
    elif [ "$(current)" != "$new" ]; then
        superseded
        return
    fi
    set_state returning "$1"
    if ! undo_commit; then
        hands_off
        return
    fi
    unpin
    restart_board
    roll_back "$1"
}

# after the restart, without anybody who would confirm it
settle_restart() {
    if ! undo_commit; then
        hands_off
    elif [ "$(booted)" = "$new" ]; then
        gone_back 'nobody confirmed it after its restart: the default is the system before, which the next restart brings'
    else
        gone_back 'the board came back from its restart with the system before: the new one did not start, or the power was cut'
    fi
}

# settle_restarted REASON
settle_restarted() {
    if [ "$(booted)" != "$new" ]; then
        if undo_commit; then gone_back "$1"; else hands_off; fi
    elif [ "$(cat "$dir/decision" 2>/dev/null)" = "confirmed $token" ]; then
        keep_restarted
    else
        not_committed "$1"
    fi
}

settle_return() {
    why=$(stored reason)
    if ! undo_commit; then
        hands_off
    elif [ "$(booted)" = "$new" ]; then
        finish failed "$why; and the restart brought the same system again${amiss:+; and $amiss}"
    else
        gone_back "$why"
    fi
}
