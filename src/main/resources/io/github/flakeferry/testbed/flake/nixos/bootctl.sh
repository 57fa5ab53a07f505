#!/bin/sh
# bootctl set-default|set-oneshot ENTRY: as systemd's own (bootctl(1)), for boards whose firmware's variables are files:
# see root/boot-entry.sh. An empty ENTRY unsets the variable.
set -u
PATH=@out@/sw/bin
export PATH
firmware=/sys/firmware/efi
vendor=4a67b082-0a4c-41cf-b6c7-440b29bb8c4f

fail() {
    echo "$1" >&2
    exit 1
}

[ $# = 2 ] || fail 'This stand-in for bootctl takes a verb and an entry.'
case $1 in
set-default) variable=LoaderEntryDefault-$vendor ;;
set-oneshot) variable=LoaderEntryOneShot-$vendor ;;
*) fail "Unknown command verb '$1'." ;;
esac
[ -e "$firmware" ] || fail 'Not booted with UEFI.'
[ -e "$firmware/efivars/LoaderInfo-$vendor" ] || fail 'Not booted with a supported boot loader.'
file=$firmware/efivars/$variable
if [ -z "$2" ]; then
    [ ! -e "$file" ] || said=$(rm "$file" 2>&1) || fail "Failed to remove EFI variable '$variable': ${said##*: }"
    exit
fi
case $2 in
@saved) ;;
@*) fail "Unsupported special entry identifier: $2" ;;
esac
# all at once, as the firmware does: the attributes, UTF-16, NUL
said=$({ { printf '\007\000\000\000'; printf %s "$2" | sed 's/./&\x00/g'; printf '\000\000'; } >"$file.new" &&
    mv "$file.new" "$file" && sync "$file"; } 2>&1) || fail "Failed to update EFI variable '$variable': ${said##*: }"
