
# --- rehearse --------------------------------------------------------------------------------------------------------

# rehearse SYSTEM KEY…: what activating it would do to units, as its own switch-to-configuration tells it. Nothing is
# activated, and no run begins. Prints `absent`, `busy`, `refused WHY`, `failed WHY`, or `told` and below it what was said.
rehearse() {
    is_store_path "${1-}" || die 'not a store path'
    new=$1 wanted="path $1" started=$mode failing=''
    shift
    keys=$*
    # not what is still on its way
    if ! nix-store --check-validity "$new" 2>/dev/null; then
        printf 'absent\n'
        return
    # a run that waits to be confirmed would find the switch lock taken when it is
    elif [ -n "$(switch_lock_holder)" ] || { [ -e "$base/lock" ] && ! flock -n -s "$base/lock" true; }; then
        printf 'busy\n'
        return
    fi
    check_signatures >&2
    if [ -n "$fault" ]; then
        printf 'refused %s\n' "$fault"
        return
    elif [ ! -x "$new/bin/switch-to-configuration" ]; then
        printf 'refused %s has no bin/switch-to-configuration: it is not a NixOS system\n' "$new"
        return
    fi
    said=$(timeout 60 "$new/bin/switch-to-configuration" dry-activate 2>&1 </dev/null)
    status=$?
    [ "$status" != 124 ] || status=timeout
    case $status in
    0) printf 'told\n' ;;
    *) printf 'failed its dry activation %s\n' "$(explain 60)" ;;
    esac
    printf '%s\n' "$said"
}
