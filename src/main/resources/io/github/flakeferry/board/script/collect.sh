
# --- collect ---------------------------------------------------------------------------------------------------------

# collect KEEP MODE: keeps so many generations, and those of the current, the booted and the last known good system
collect() {
    case $1 in 0* | *[!0-9]* | '') die 'not a number of generations' ;; esac
    mkdir -p "$base" && make_lock || exit 1
    exec 8>>"$base/lock"
    flock -n 8 || {
        printf 'nothing was collected: the board is busy\n'
        return
    }
    remove_generations "$1"
    case $2 in
    never) return ;;
    always) ;;
    *)
        is_number "$2" || die 'not a number of bytes'
        free=$(free_bytes /nix)
        [ "$free" -lt "$2" ] || return
        ;;
    esac
    # Nix keeps what arrives, but a transfer that is cut off leaves what the next one need not send
    if transfer_is_under_way; then
        printf 'nothing was collected: paths are arriving\n'
        return
    fi
    before=$(free_bytes /nix)
    nix-store --gc >/dev/null 2>&1 8>&- || die 'nix-store --gc failed'
    printf 'collected %s bytes\n' "$(($(free_bytes /nix) - before))"
}

transfer_is_under_way() {
    for process in /proc/[0-9]*/cmdline; do
        case $(tr '\000' ' ' <"$process" 2>/dev/null) in
        *'nix-store --serve --write '*) return 0 ;;
        esac
    done
    return 1
}

remove_generations() {
    kept=$(
        current
        readlink -f /run/booted-system
        readlink -f "$profile"
        value "$base/deployed" system
        value "$base/deployed" previous
    )
    removed='' seen=0
    for number in $(generations | sort -n -r); do
        seen=$((seen + 1))
        [ "$seen" -gt "$1" ] || continue
        printf '%s\n' "$kept" | grep -qxF "$(readlink -f "$profile-$number-link")" || removed="$removed $number"
    done
    [ -n "$removed" ] || return 0
    # shellcheck disable=SC2086 # a list of numbers
    nix-env --profile "$profile" --delete-generations $removed >/dev/null 2>&1 8>&- || die 'generations could not be removed'
    sync
    # the boot loader's menu must not offer what may be collected
    "$(readlink -f "$profile")/bin/switch-to-configuration" boot >/dev/null 2>&1 </dev/null 8>&- ||
        die 'generations were removed, but the boot loader still offers them'
    sync
    printf 'removed the generations%s\n' "$removed"
}
