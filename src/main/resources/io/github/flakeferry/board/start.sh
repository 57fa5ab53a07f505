# Starts the supervisor. Before this come: token='…' order='…' (lines of "key value") and supervisor='…' (the script).
# Prints "started OLD".
main() {
    set -eu
    umask 022
    old=$(readlink -f /run/current-system)
    new=$(printf '%s\n' "${order:?}" | sed -n 's/^new //p')
    roots=/nix/var/nix/gcroots/flakeferry
    dir=/nix/var/flakeferry/runs/${token:?}
    mkdir -p /nix/var/flakeferry/runs
    mkdir "$dir"
    printf '%s\n' "${supervisor:?}" >"$dir/supervisor.sh"
    printf 'token %s\nold %s\n%s\n' "$token" "$old" "$order" >"$dir/order"
    : >"$dir/log"
    sync "$dir/supervisor.sh" "$dir/order" "$dir"
    # until the run has ended the garbage collector keeps both
    mkdir -p "$roots"
    ln -s "$new" "$roots/$token-new"
    ln -s "$old" "$roots/$token-old"
    # detached: it lives on when this connection does not. TimeoutStopSec also bounds the way back in ExecStopPost.
    systemd-run --quiet --collect --unit="flakeferry-$token" --description="Flakeferry $token" \
        --property=StandardOutput="append:$dir/log" --property=StandardError="append:$dir/log" \
        --property=ExecStopPost="/bin/sh $dir/supervisor.sh cleanup $dir" --property=TimeoutStopSec=900 \
        --property=OOMScoreAdjust=-900 \
        /bin/sh "$dir/supervisor.sh" supervise "$dir" >&2 || {
        rm -rf "$dir" "$roots/$token-new" "$roots/$token-old"
        return 1
    }
    printf 'started %s\n' "$old"
}
main </dev/null
