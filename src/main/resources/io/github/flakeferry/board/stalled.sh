# Ends transfers of other runs that hold the lock of a store path and read nothing for `still` seconds: their runner is gone,
# which the board's OpenSSH may not hear of for hours. `mark` is what this run's own processes have in their environment.
PATH=/run/wrappers/bin:/run/current-system/sw/bin:$PATH:/usr/bin:/bin
export PATH

# who holds the lock of a path, or for whom Nix's daemon does: a daemon's child has its client's number as first argument
holders() {
    find /nix/store -maxdepth 1 -name '*.lock' -exec stat -c %i {} + | while read -r inode; do
        # proc_locks(5)
        awk -v inode=":$inode\$" '$2 != "->" && $6 ~ inode { print $5 }' /proc/locks
    done | while read -r holder; do
        printf '%s\n' "$holder"
        tr '\000' '\n' <"/proc/$holder/cmdline" 2>/dev/null | sed -n '2s/^ *\([0-9][0-9]*\) *$/\1/p'
    done
}

# "number bytes-read" of those that are marked, and not ours
receivers() {
    for holder in $(holders | sort -u); do
        environment=/proc/$holder/environ
        grep -qzs '^FLAKEFERRY_TRANSFER=' "$environment" || continue
        ! grep -qxzsF "$mark" "$environment" || continue
        sed -n "s/^rchar: /$holder /p" "/proc/$holder/io" 2>/dev/null
    done
}

before=$(receivers)
[ -n "$before" ] || exit 0
sleep "$still"
receivers | while read -r line; do
    printf '%s\n' "$before" | grep -qxF "$line" && kill "${line%% *}" && printf '%s\n' "${line%% *}"
done
exit 0
