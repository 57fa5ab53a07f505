# Unpacks what comes for `nix-store --serve --write`, as the user who logged in. First it says what this board can do, in
# one line: `ready delta`, `ready zstd WHY` or `none WHY`. Then it reads lines, and what they announce:
#   probe N         N bytes for nothing; says `probed` when it has them
#   serve           the store is started: its answers come on the standard output, and from now on there are
#   raw N           N bytes for the store as they are
#   zstd N          N bytes of a zstd frame for the store
#   delta R N       R bytes that ask a `nix-store --serve` for NARs, and N bytes of a zstd frame whose prefix these NARs are
#   deltas R N      the same, and nothing of it goes to the store unless its checksum is right
# `read` takes one byte after the other from a pipe, and `head` of GNU no more than it is asked for: nothing is lost to
# either. Each zstd ends with its piece, so that nothing is held back. The NARs go into a file, as zstd wants to have it, and
# that on a disk: /tmp may be in memory.
PATH=/run/wrappers/bin:/run/current-system/sw/bin:$PATH:/usr/bin:/bin
export PATH
set -u
umask 077
folder=
trap '[ -z "$folder" ] || rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT PIPE TERM

none() {
    printf 'none %s\n' "$*"
    exit 0
}

tell() {
    printf 'flakeferry: %s\n' "$*" >&2
    exit 1
}

# when a process began, in ticks since the board did: its number alone may be another's by now
begin_of() {
    read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
    # shellcheck disable=SC2086 # its words are what is wanted
    set -- ${stat##*) }
    printf %s "${20}"
}

make_folder() {
    base=/var/tmp
    [ -w "$base" ] || base=${TMPDIR:-/tmp}
    # what a power cut has left
    for old in "$base"/flakeferry-transfer.*; do
        owner=${old#"$base"/flakeferry-transfer.}
        begin=${owner#*.}
        owner=${owner%%.*}
        begin=${begin%%.*}
        case $owner in
        '' | *[!0-9]*) ;;
        *) [ -L "$old" ] || [ ! -O "$old" ] || [ "$begin" = "$(begin_of "$owner")" ] || rm -rf "$old" ;;
        esac
    done
    folder=$(mktemp -d "$base/flakeferry-transfer.$$.$(begin_of $$).XXXXXX" 2>&1) || {
        why=$folder folder=
        none "it has no room for temporary files: $why"
    }
    mkfifo "$folder/pipe" 2>/dev/null || none "it can't make a pipe in $base"
}

look() {
    [ "$(printf ab | { head -c 1 >/dev/null; cat; })" = b ] || none 'its head takes more than it is asked for'
    command -v zstd >/dev/null || none 'it has no zstd'
    make_folder
    printf 'a board' >"$folder/reference"
    printf 'a board of ours' >"$folder/content"
    if [ "$(zstd -cq --patch-from="$folder/reference" "$folder/content" 2>/dev/null |
        zstd -dcq --long=31 --patch-from="$folder/reference" 2>/dev/null)" = 'a board of ours' ]; then
        echo ready delta
    elif [ "$(zstd -cq "$folder/content" 2>/dev/null | zstd -dcq 2>/dev/null)" = 'a board of ours' ]; then
        echo ready zstd its zstd knows no references
    else
        none 'its zstd does not work'
    fi
}

reference() {
    # the first 16 bytes are a greeting
    head -c "$1" | nix-store --serve | tail -c +17 >"$folder/reference" || tell "what it has can't be read"
}

unpack() {
    head -c "$1" | zstd -dcq --long=31 --patch-from="$folder/reference" || tell "a difference can't be unpacked"
}

receive() {
    while read -r word first second; do
        case $word in
        raw) head -c "$first" || exit 1 ;;
        zstd) head -c "$first" | zstd -dcq || tell "a piece can't be unpacked" ;;
        delta)
            reference "$first"
            unpack "$second"
            ;;
        deltas)
            reference "$first"
            unpack "$second" >"$folder/content"
            cat "$folder/content" || exit 1
            ;;
        *) tell "asked for $word" ;;
        esac
    done
}

look
while read -r word length; do
    case $word in
    probe) head -c "$length" >/dev/null && echo probed ;;
    *) break ;;
    esac
done
[ "$word" = serve ] || exit 0
exec 3<&0
receive <&3 3<&- >"$folder/pipe" &
nix-store --serve --write <"$folder/pipe" 3<&-
status=$?
# whoever still waits for more of a piece
trap '' TERM
kill -TERM 0
exit "$status"
