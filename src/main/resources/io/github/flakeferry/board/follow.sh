# Tells what becomes of a run until it has ended. Before this come: token='…' offset=N (bytes of the log already read).
# Frames: "B <boot id>", "L <n>" with n bytes of the log and a newline, "S" with the lines of the state up to ".",
# "H" for "still here", "E" at the end.
ended() {
    case $1 in
    committed | confirmed | rolled-back | refused | superseded | busy | failed) return 0 ;;
    *) return 1 ;;
    esac
}
main() {
    set -u
    dir=/nix/var/flakeferry/runs/${token:?}
    told='' round=0 offset=$((offset))
    printf 'B %s\n' "$(cat /proc/sys/kernel/random/boot_id)"
    while :; do
        # the state before the log, so that all of a state's log has been told when the state is
        state=$(cat "$dir/state" 2>/dev/null)
        size=$(wc -c <"$dir/log") || return 1
        while [ "$offset" -lt "$size" ]; do
            count=$((size - offset))
            [ "$count" -le 32768 ] || count=32768
            printf 'L %s\n' "$count"
            tail -c +"$((offset + 1))" "$dir/log" | head -c "$count"
            printf '\n'
            offset=$((offset + count))
        done
        if [ "$state" != "$told" ]; then
            printf 'S\n%s\n.\n' "$state"
            told=$state
        fi
        word=${state#state }
        word=${word%%
*}
        if ended "$word"; then
            printf 'E\n'
            return
        fi
        # a supervisor that is no more, killed or lost by a restart: its own script puts things right
        if [ $((round % 20)) -eq 0 ] &&
            [ "$(systemctl show --property=ActiveState --value "flakeferry-$token.service")" = inactive ]; then
            /bin/sh "$dir/supervisor.sh" cleanup "$dir" >/dev/null
        fi
        round=$((round + 1))
        printf 'H\n'
        sleep 0.2
    done
}
main </dev/null
