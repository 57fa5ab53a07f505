
# --- lease -----------------------------------------------------------------------------------------------------------
#
# $base/lease says who a preview board is lent to: owner, system, commit, since and until (by the clocks of those who
# order; no until: until it is given back), the boot in which it was lent, and the run that wrote it. Only who holds the
# lock of the supervisor changes it. It is there before anything of a preview is activated, and goes after the last of it.

# Sets `holder` to who has the board. A lease is worth nothing any more when its time is over by the order's clock, or when
# the board was started anew, which ended the preview. A damaged one is somebody's, unless the board runs its profile's
# system: then nobody misses anything.
find_holder() {
    read_lease
    holder=$lessee
    if [ "$lessee" = unknown ]; then
        [ "$(current)" != "$(readlink -f "$profile")" ] || holder=''
    elif [ "$lease_boot" != "$(boot_id)" ]; then
        holder=''
    elif [ -n "$lease_until" ] && is_number "$ordered" && [ "$lease_until" -le "$ordered" ]; then
        holder=''
    fi
}

say_time() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }

# who has the board, in words
say_holder() {
    case $holder in
    '') printf 'it is lent to nobody' ;;
    unknown) printf 'it has been lent to nobody knows whom: its lease can not be read' ;;
    *)
        printf 'it has been lent to %s since %s' "$holder" "$(say_time "$lease_since")"
        [ -z "$lease_until" ] || printf ' until %s' "$(say_time "$lease_until")"
        ;;
    esac
}

# sets `fault` to what of the lease forbids this run
check_lease() {
    fault=''
    find_holder
    case $action in
    test)
        if [ -n "$lease" ] && ! is_owner "$lease"; then
            fault='the order does not say in a name whom it is lent to'
        elif [ -n "$holder" ] && [ "$holder" != "$lease" ] && [ "$holder" != "$take_from" ]; then
            fault=$(say_holder)
        fi
        ;;
    give-back)
        # where nobody is named: whoever has it; one that was renewed since it was looked at is another
        if [ -n "$lease" ] && [ "$lease" != "$lessee" ]; then
            fault=$(say_holder)
        elif [ -n "$lent_until" ] && [ "$lent_until" != "$lease_until" ]; then
            fault=$(say_holder)
        fi
        ;;
    esac
}

# lease_of SINCE SYSTEM COMMIT RUN
lease_of() {
    printf 'owner %s\nsystem %s\ncommit %s\nsince %s\n' "$lease" "$2" "$3" "$1"
    [ -z "$lent_until" ] || printf 'until %s\n' "$lent_until"
    printf 'boot %s\nrun %s\n' "$(boot_id)" "$4"
}

# Takes or renews it, after check_lease. What was there before is kept: it comes back if nothing becomes of this run.
take_lease() {
    [ -n "$lease" ] || return 0
    since=$ordered
    is_number "$since" || since=$(date +%s)
    if [ "$holder" = "$lease" ]; then
        since=$lease_since
        # a push whose system fails has renewed it all the same
        before=$(lease_of "$since" "$(value "$base/lease" system)" "$(value "$base/lease" commit)" \
            "$(value "$base/lease" run)")
    else
        before=$(cat "$base/lease" 2>/dev/null)
        [ -z "$holder" ] || say "takes the board from $holder"
    fi
    put "$dir/lease-before" "$before" &&
        put "$base/lease" "$(lease_of "$since" "$new" "$commit" "$token")"
}

# gives back what take_lease took, unless the preview runs on and must be found
return_lease() {
    [ "$action" = test ] && [ "$(value "$base/lease" run)" = "$token" ] || return 0
    [ "$(current)" != "$new" ] || [ "$new" = "$old" ] || return 0
    before=$(cat "$dir/lease-before" 2>/dev/null)
    if [ -n "$before" ]; then
        put "$base/lease" "$before"
    else
        end_lease
    fi
}

end_lease() {
    rm -f "$base/lease"
    sync "$base"
}
