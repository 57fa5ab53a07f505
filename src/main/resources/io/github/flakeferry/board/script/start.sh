
# --- start -----------------------------------------------------------------------------------------------------------

# the system that an order names
resolve() {
    case $1 in
    'path '*)
        is_store_path "${1#path }" || die 'not a store path'
        printf '%s\n' "${1#path }"
        ;;
    profile) readlink -f "$profile" ;;
    'generation '*)
        is_number "${1#generation }" || die 'not a generation'
        readlink -e "$profile-${1#generation }-link" || die "there is no generation ${1#generation }"
        ;;
    'before '*)
        # what ran before an earlier run
        is_token "${1#before }" || die 'not a run'
        value "$base/runs/${1#before }/order" old
        ;;
    *) die "not a system: $1" ;;
    esac
}

# the newest generation before the profile's present one
previous_generation() {
    present=$(readlink "$profile") present=${present#system-} present=${present%-link}
    generations | awk -v present="$present" '$1 + 0 < present + 0 { found = $1 } END { print found }'
}

# start LINE…: prints "started OLD"
start() {
    token='' wanted=''
    for line in "$@"; do
        case $line in
        *'
'*) die 'an order of several lines' ;;
        'token '*) token=${line#token } ;;
        'wanted '*) wanted=${line#wanted } ;;
        'lease '* | 'lease-until '* | 'take-from '* | 'now '*) ;;
        'action '* | 'owner '* | 'commit '* | 'keys '* | 'failed-units '* | 'restart '* | 'activation-seconds '* | 'confirm-seconds '*) ;;
        *) die "an order that is not understood: $line" ;;
        esac
    done
    is_token "$token" || die 'an order without a token'
    [ "$wanted" != previous ] || wanted="generation $(previous_generation)"
    new=$(resolve "$wanted") || exit 1
    is_store_path "$new" || die "there is no such system: $wanted"
    old=$(current)
    dir=$base/runs/$token
    mkdir -p "$base/runs" || exit 1
    mkdir "$dir" || exit 1
    if [ "$mode" = sent ]; then printf '%s\n' "${script:?}"; else cat "$0"; fi >"$dir/supervisor.sh" || abandon
    {
        # first, so that nothing in the order can stand for them
        printf 'mode %s\nold %s\nnew %s\nwanted %s\n' "$mode" "$old" "$new" "$wanted"
        printf '%s\n' "$@"
    } >"$dir/order" || abandon
    (umask 077 && : >"$dir/log") || abandon
    make_lock || abandon
    sync "$dir/supervisor.sh" "$dir/order" "$dir" "$base/runs" || abandon
    # until the run has ended the garbage collector keeps both
    mkdir -p "$roots" || abandon
    ln -s "$new" "$roots/$token-new" || abandon
    ln -s "$old" "$roots/$token-old" || abandon
    detach supervise || abandon
    printf 'started %s\n' "$old"
}

# Whoever can open a file can hold its lock, and keep the board from everybody.
make_lock() { (umask 077 && : >>"$base/lock") && chmod 600 "$base/lock"; }

# detach VERB: the supervisor in a unit of its own, which lives on when this connection does not. TimeoutStopSec also
# bounds the way back in ExecStopPost.
detach() {
    systemd-run --quiet --collect --unit="flakeferry-$token" --description="Flakeferry $token" \
        --property=StandardOutput="append:$dir/log" --property=StandardError="append:$dir/log" \
        --property=ExecStopPost="/bin/sh $dir/supervisor.sh cleanup $dir" --property=TimeoutStopSec=900 \
        --property=OOMScoreAdjust=-900 \
        /bin/sh "$dir/supervisor.sh" "$1" "$dir" >&2
}

abandon() {
    rm -rf "$dir" "$roots/$token-new" "$roots/$token-old"
    exit 1
}

# waiting for its acknowledgement, before or after a restart
is_waiting() {
    case $1 in waiting | restarted) return 0 ;; *) return 1 ;; esac
}

# Confirms a run, if its deadline has not won yet. Prints the decision, "confirmed TOKEN" or "deadline TOKEN", or
# "not-waiting STATE".
acknowledge() {
    is_token "$1" || die 'not a run'
    token=$1 dir=$base/runs/$1
    state=$(value "$dir/state" state)
    if ! is_waiting "$state" && [ ! -e "$dir/decision" ]; then
        printf 'not-waiting %s\n' "$state"
        return
    fi
    decide confirmed
    cat "$dir/decision"
}

# Says that all is not well, in one line; answers as `acknowledge` does.
revoke() {
    is_token "$1" || die 'not a run'
    token=$1 dir=$base/runs/$1
    is_waiting "$(value "$dir/state" state)" || die 'it is not waiting'
    put "$dir/why" "$(shortened "$(printf '%s' "$2" | tr -d '\000-\037\177')")"
    decide revoked
    cat "$dir/decision"
}

# note SYSTEM COMMIT OWNER: a newer commit of the system that is the default already; nothing else changes
note() {
    is_store_path "$1" || die 'not a store path'
    case $2 in '' | *[!0-9a-f]* | ?????????????????????????????????????????????????????????????????*) die 'not a commit' ;; esac
    mkdir -p "$base" || exit 1
    exec 9>>"$base/lock"
    flock -n 9 || die 'somebody holds the board'
    [ "$(current)" = "$1" ] || die 'it runs another system now'
    [ "$(readlink -f "$profile")" = "$1" ] || die 'its profile is another system now'
    put "$base/deployed" "system $1
commit $2
owner $(printf '%s' "$3" | tr -d '\000-\037\177' | cut -c 1-1000)
time $(date +%s)
previous $(value "$base/deployed" previous)" || exit 1
    printf 'noted %s\n' "$2"
}

# The answer is on its way before the board goes.
restart() {
    systemd-run --quiet --collect --on-active=1 --timer-property=AccuracySec=100ms systemctl reboot || exit 1
    printf 'restarts %s\n' "$(boot_id)"
}

# Tells what becomes of a run until it has ended, from byte OFFSET of its log. Frames: "B <boot id>", "L <n>" with n
# bytes of the log and a newline, "S" with the lines of the state up to ".", "H" for "still here", "E" at the end; or only
# "N": it was never begun, and won't be, since its folder is taken now, whatever of a start may still arrive.
follow() {
    is_token "$1" || die 'not a run'
    is_number "$2" || die 'not an offset'
    token=$1 dir=$base/runs/$1 offset=$2
    told='' round=0
    mkdir -p "$base/runs" || exit 1
    if mkdir "$dir" 2>/dev/null; then
        : >"$dir/never"
        sync "$base/runs"
    fi
    if [ -e "$dir/never" ]; then
        printf 'N\n'
        return
    fi
    printf 'B %s\n' "$(boot_id)"
    while :; do
        # the state before the log, so that all of a state's log has been told when the state is
        state=$(cat "$dir/state" 2>/dev/null)
        size=$(wc -c <"$dir/log") || exit 1
        while [ "$offset" -lt "$size" ]; do
            length=$((size - offset))
            [ "$length" -le 32768 ] || length=32768
            printf 'L %s\n' "$length"
            tail -c +"$((offset + 1))" "$dir/log" | head -c "$length"
            printf '\n'
            offset=$((offset + length))
        done
        if [ "$state" != "$told" ]; then
            printf 'S\n%s\n.\n' "$state"
            told=$state
        fi
        word=${state#state }
        word=${word%%
*}
        if is_end "$word"; then
            printf 'E\n'
            return
        fi
        # a supervisor that is no more, killed or lost by a restart: its own script goes on, or puts things right
        if [ $((round % 20)) -eq 0 ] && ! is_active "flakeferry-$token.service"; then
            if [ "$word" = restarting ] && [ "$(value "$dir/state" boot)" != "$(boot_id)" ]; then
                detach resume
            else
                /bin/sh "$dir/supervisor.sh" cleanup "$dir" now >/dev/null
            fi
        fi
        round=$((round + 1))
        printf 'H\n'
        sleep 0.2
    done
}
