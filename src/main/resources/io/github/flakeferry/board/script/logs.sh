
# --- logs ------------------------------------------------------------------------------------------------------------

# runs: those whose logs are kept, the newest first, as lines of "key value" with an empty line after each
runs() {
    newest=''
    for one in "$base"/runs/*; do
        # named by time
        ! is_token "${one##*/}" || [ ! -e "$one/order" ] || newest="${one##*/} $newest"
    done
    for one in $newest; do
        dir=$base/runs/$one
        printf 'run %s\nbegun %s\n' "$one" "$(stat -c %Y "$dir/order")"
        for key in action owner commit new; do tell "$key" "$dir/order"; done
        for key in state reason; do tell "$key" "$dir/state"; done
        printf '\n'
    done
}

# tell KEY FILE
tell() { printf '%s %s\n' "$1" "$(shortened "$(value "$2" "$1")")"; }

# find_run TOKEN LINES: sets `dir`
find_run() {
    is_token "$1" || die 'not a run'
    is_number "$2" || die 'not a number of lines'
    dir=$base/runs/$1
    [ -e "$dir/order" ] || die "there is no run $1"
}

# log TOKEN LINES: the end of what its supervisor and its activation wrote
log() {
    find_run "$@"
    tail -n "$2" "$dir/log" | tail -c 1000000
}

# journal TOKEN LINES UNITS: what systemd's journal has from its begin to its end; UNITS: all, or failed
journal() {
    find_run "$1" "$2"
    units=''
    case $3 in
    failed)
        units=$(units_that_failed)
        [ -n "$units" ] || return 0
        ;;
    all)
        # it may hold what nobody but root is to read
        [ "$mode" = sent ] || die 'who is not root is told the journal of failed units alone'
        ;;
    *) die 'neither all units nor failed ones' ;;
    esac
    set -- --lines="$2" --since="@$(stat -c %Y "$dir/order")" --output=short-iso --no-pager --quiet
    over=$(value "$dir/state" time)
    if is_end "$(value "$dir/state" state)" && is_number "$over"; then
        set -- "$@" --until="@$((over + 2))"
    fi
    for unit in $units; do set -- "$@" --unit="$unit"; done
    journalctl "$@" 2>/dev/null | tail -c 1000000
}

# those that its activation left failed, and those that are failed now
units_that_failed() {
    {
        sed -n 's/^flakeferry: the last lines of \(.*\):$/\1/p' "$dir/log"
        systemctl list-units --state=failed --plain --no-legend --no-pager 2>/dev/null | sed 's/ .*//'
    } | grep -xE '[A-Za-z0-9:_.@\\-]+' | sort -u | head -n 50
}
