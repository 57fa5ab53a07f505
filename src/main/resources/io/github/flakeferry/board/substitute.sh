# Has Nix fetch paths from binary caches, as the user who logged in: which caches that user may name, and whose
# signatures count, is the board's to say. Before this come: paths='…' (one in a line), caches='…' (URLs with blanks
# between) and attempts='…' (for each download). Prints what Nix says, and between that from time to time
# `flakeferry: N M`: the bytes that the board has received in all, and those that its store's disk has taken. When its
# standard input ends, so does the fetching: whoever asked has gone, or has lost patience.
PATH=/run/wrappers/bin:/run/current-system/sw/bin:$PATH:/usr/local/bin:/usr/bin:/bin
export PATH

# what all devices have received: `  eth0: 123 …`
received() {
    total=0
    while IFS=': ' read -r device bytes _; do
        case $device$bytes in
        lo[0-9]* | *[!a-zA-Z0-9@._-]*) ;;
        *) case $bytes in '' | *[!0-9]*) ;; *) total=$((total + bytes)) ;; esac ;;
        esac
    done </proc/net/dev
    echo "$total"
}

stored() {
    df -kP /nix/store | while read -r _ _ used _; do
        case $used in '' | *[!0-9]*) ;; *) echo $((used * 1024)) ;; esac
    done
}

# Nix says nothing while a path is on its way
tell() {
    while sleep 5 >/dev/null; do
        printf 'flakeferry: %s %s\n' "$(received)" "$(stored)"
    done
}

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
    tell </dev/null 2>/dev/null 3<&- &
    teller=$!
    wait "$job"
    status=$?
    kill "$watcher" "$teller" 2>/dev/null
    return "$status"
}
# the shell must not wait for more of this script
main; exit $?
