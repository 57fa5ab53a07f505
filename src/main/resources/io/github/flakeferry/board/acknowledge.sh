# Confirms a run, if its deadline has not won yet. Before this comes: token='…'.
# Prints the decision, "confirmed TOKEN" or "deadline TOKEN", or "not-waiting STATE".
main() {
    set -u
    dir=/nix/var/flakeferry/runs/${token:?}
    state=$(sed -n 's/^state //p' "$dir/state") || return 1
    if [ "$state" != waiting ] && [ ! -e "$dir/decision" ]; then
        printf 'not-waiting %s\n' "$state"
        return
    fi
    printf 'confirmed %s\n' "$token" >"$dir/acknowledging.$$" || return 1
    sync "$dir/acknowledging.$$"
    ln "$dir/acknowledging.$$" "$dir/decision" 2>/dev/null
    rm -f "$dir/acknowledging.$$"
    sync "$dir"
    cat "$dir/decision"
}
main </dev/null
