# Has Nix fetch paths from binary caches, as the user who logged in: which caches that user may name, and whose
# signatures count, is the board's to say. Before this come: paths='…' (one in a line), caches='…' (URLs with blanks
# between) and attempts='…' (for each download). Prints what Nix says. When its standard input ends, so does the fetching:
# whoever asked has gone, or has lost patience.
PATH=/run/wrappers/bin:/run/current-system/sw/bin:$PATH:/usr/local/bin:/usr/bin:/bin
export PATH
main() {
    set -uf
    # shellcheck disable=SC2086 # one word for each path
    set -- $paths
    exec 3<&0
    nix-store --realise --keep-going --option extra-substituters "$caches" \
        --option connect-timeout 5 --option download-attempts "$attempts" --option stalled-download-timeout 15 \
        --option narinfo-cache-negative-ttl 0 "$@" </dev/null 2>&1 >/dev/null 3<&- &
    job=$!
    {
        while read -r _; do :; done
        kill "$job"
    } <&3 >/dev/null 2>&1 3<&- &
    watcher=$!
    wait "$job"
    status=$?
    kill "$watcher" 2>/dev/null
    return "$status"
}
# the shell must not wait for more of this script
main; exit $?
