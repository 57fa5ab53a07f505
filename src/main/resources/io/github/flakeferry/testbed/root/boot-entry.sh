# shellcheck shell=sh
# Sourced: what a boot loader would start, as its own files and the firmware's variables tell it. Needs awk, sed, tail
# and tr.

# systemd's vendor, of the variables of the Boot Loader Interface
loader_vendor=4a67b082-0a4c-41cf-b6c7-440b29bb8c4f

# start_loader BOOT VARIABLES: what the boot loader does first; VARIABLES is a folder that stands for
# the firmware's, with files as in efivarfs: 4 bytes of attributes, then UTF-16
start_loader() {
    [ -f "$1/loader/loader.conf" ] || return 0
    mkdir -p "$2"
    printf '\006\000\000\000s\000d\000\000\000' >"$2/LoaderInfo-$loader_vendor"
}

# boot_entry BOOT VARIABLES: the lines of the entry that is started now, as its boot loader has it. With systemd-boot
# that is (systemd-boot(7)) the one for one start only, which is forgotten, else the variable's, else the file's; of
# these the first that is there.
boot_entry() {
    if [ -f "$1/extlinux/extlinux.conf" ]; then
        awk '$1 == "DEFAULT" { wanted = $2 } $1 == "LABEL" { label = $2 } label != "" && label == wanted' \
            "$1/extlinux/extlinux.conf"
        return
    fi
    oneshot=$(loader_entry "$2/LoaderEntryOneShot-$loader_vendor")
    rm -f "$2/LoaderEntryOneShot-$loader_vendor"
    sync
    for entry in "$oneshot" "$(loader_entry "$2/LoaderEntryDefault-$loader_vendor")" \
        "$(awk '$1 == "default" { print $2 }' "$1/loader/loader.conf")"; do
        if [ -n "$entry" ] && [ -f "$1/loader/entries/$entry" ]; then
            cat "$1/loader/entries/$entry"
            return
        fi
    done
}

# loader_entry FILE: the name in a variable
loader_entry() { [ ! -f "$1" ] || tail -c +5 "$1" | tr -d '\000'; }

# boot_file KEY BOOT: the file of the entry on standard input that has this key (in either format), below BOOT
boot_file() {
    awk -v key="$1" -v boot="$2" 'tolower($1) == key { sub(/^\.\.\//, "/", $2); print boot $2; exit }'
}

# boot_init: the program that the entry on standard input has the kernel start
boot_init() { tr ' ' '\n' | sed -n 's/^init=//p'; }
