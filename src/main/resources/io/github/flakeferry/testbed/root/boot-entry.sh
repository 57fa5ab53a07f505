# shellcheck shell=sh
# Sourced: what a boot loader would start, as its own files tell it. Needs awk, tr and sed.

# boot_entry BOOT: the lines of the entry that is started now, as its boot loader has it. With
# systemd-boot the entry for one start, if there is one, and it is forgotten: so does the firmware's
# variable LoaderEntryOneShot (systemd-boot(7)); here it is a file.
boot_entry() {
    if [ -f "$1/extlinux/extlinux.conf" ]; then
        awk '$1 == "DEFAULT" { wanted = $2 } $1 == "LABEL" { label = $2 } label != "" && label == wanted' \
            "$1/extlinux/extlinux.conf"
        return
    fi
    if [ -f "$1/loader/entry-oneshot" ]; then
        entry=$(cat "$1/loader/entry-oneshot")
        rm "$1/loader/entry-oneshot"
        sync
    else
        entry=$(awk '$1 == "default" { print $2 }' "$1/loader/loader.conf")
    fi
    cat "$1/loader/entries/$entry"
}

# boot_file KEY BOOT: the file of the entry on standard input that has this key (in either format), below BOOT
boot_file() {
    awk -v key="$1" -v boot="$2" 'tolower($1) == key { sub(/^\.\.\//, "/", $2); print boot $2; exit }'
}

# boot_init: the program that the entry on standard input has the kernel start
boot_init() { tr ' ' '\n' | sed -n 's/^init=//p'; }
