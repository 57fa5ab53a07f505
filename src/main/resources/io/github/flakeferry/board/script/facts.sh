
# --- facts -----------------------------------------------------------------------------------------------------------

# a JSON string; control characters are left out
string() {
    printf '"%s"' "$(printf '%s' "$1" | tr -d '\000-\037\177' | sed 's/\\/\\\\/g; s/"/\\"/g')"
}
# a JSON array of the lines on standard input
strings() {
    comma=''
    printf '['
    while read -r line; do
        printf '%s' "$comma"
        string "$line"
        comma=,
    done
    printf ']'
}
text() { printf ',"%s":' "$1"; string "$2"; }
count() { if is_number "$2"; then printf ',"%s":%s' "$1" "$2"; else printf ',"%s":0' "$1"; fi; }
free_bytes() { df -P -k "$1" 2>/dev/null | awk 'NR == 2 { printf "%.0f", $4 * 1024 }'; }

# whether the file system of a folder takes no writes
is_read_only() {
    awk -v folder="$1/" '
        { mount = ($2 == "/") ? "/" : $2 "/" }
        index(folder, mount) == 1 && length(mount) >= best { best = length(mount); options = $4 }
        END { exit options !~ /(^|,)ro(,|$)/ }' /proc/self/mounts
}

# the process that holds the lock of switch-to-configuration, looked up without taking it: proc_locks(5)
switch_lock_holder() {
    # "<major>:<minor>:<inode>" there, of which stat knows the first two as one number
    file=$(stat -c '%d %i' /run/nixos/switch-to-configuration.lock 2>/dev/null |
        awk '{ printf "%02x:%02x:%s", int($1 / 256) % 4096, $1 % 256 + int($1 / 1048576) * 256, $2 }')
    [ -z "$file" ] || awk -v file="$file" '$6 == file { print $5; exit }' /proc/locks
}

tell_activation() {
    holder=$(switch_lock_holder)
    [ -n "$holder" ] || return 0
    command=$(tr '\000' ' ' <"/proc/$holder/cmdline" 2>/dev/null | cut -c 1-200)
    # that only tries, and is waited for
    case $command in *' dry-activate '*) return 0 ;; esac
    printf ',"foreignActivation":{"command":'
    string "$command"
    count since "$(stat -c %Y "/proc/$holder" 2>/dev/null)"
    printf '}'
}

tell_nix_configuration() {
    # root's store takes what nobody signed
    [ "$mode" = sent ] && [ "$(id -u)" = 0 ] && return
    settings=$(nix --extra-experimental-features nix-command show-config 2>/dev/null)
    printf ',"trustedKeys":'
    printf '%s\n' "$settings" | sed -n 's/^trusted-public-keys = //p' | tr ' ' '\n' | strings
}

tell_generations() {
    printf ',"generations":['
    comma=''
    generations | tail -n 100 | while read -r number; do
        printf '%s{"number":%s' "$comma" "$number"
        text system "$(readlink -f "$profile-$number-link")"
        count time "$(stat -c %Y "$profile-$number-link")"
        printf '}'
        comma=,
    done
    printf ']'
}

# what the boot loader has copied already
tell_boot_files() {
    printf ',"bootFiles":'
    for system in /run/current-system "$profile"; do
        for file in kernel initrd dtbs; do resolved "$system/$file"; done
    done | sort -u | strings
}

tell_booted_parts() {
    printf ',"bootedParts":{'
    comma=''
    for part in $restart_parts; do
        printf '%s"%s":' "$comma" "$part"
        string "$(resolved "/run/booted-system/$part")"
        comma=,
    done
    printf '}'
}

tell_last_run() {
    token=$(cat "$base/last" 2>/dev/null)
    is_token "$token" || return 0
    run=$base/runs/$token alive=false
    ! is_active "flakeferry-$token.service" || alive=true
    printf ',"lastRun":{"token":'; string "$token"
    text state "$(value "$run/state" state)"
    text reason "$(shortened "$(value "$run/state" reason)")"
    text owner "$(value "$run/order" owner)"
    text commit "$(value "$run/order" commit)"
    text system "$(value "$run/order" new)"
    count since "$(value "$run/state" time)"
    printf ',"alive":%s' "$alive"
    text bootId "$(value "$run/state" boot)"
    printf '}'
}

tell_deployed() {
    [ -s "$base/deployed" ] || return 0
    printf ',"deployed":{"system":'; string "$(value "$base/deployed" system)"
    text commit "$(value "$base/deployed" commit)"
    text owner "$(value "$base/deployed" owner)"
    count since "$(value "$base/deployed" time)"
    printf '}'
}

tell_lease() {
    read_lease
    [ -n "$lessee" ] || return 0
    printf ',"lease":{"owner":'; string "$lessee"
    text system "$(value "$base/lease" system)"
    text commit "$(value "$base/lease" commit)"
    count since "$lease_since"
    [ -z "$lease_until" ] || count until "$lease_until"
    text bootId "$lease_boot"
    printf '}'
}

# whether what runs was put there by us, or was there before we came
is_known() {
    [ -s "$base/deployed" ] || return 0
    now_runs=$(current)
    {
        value "$base/deployed" system
        value "$base/lease" system
        sed -n 's/^old //p; s/^new //p' "$base"/runs/*/order 2>/dev/null
    } | grep -qxF "$now_runs"
}

facts() {
    printf '{"protocol":%s' "$protocol"
    text machine "$(uname -m)"
    count userId "${SUDO_UID:-$(id -u)}"
    if [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; then printf ',"mayBeRoot":true'; else printf ',"mayBeRoot":false'; fi
    text nixVersion "$(nix-store --version 2>/dev/null | sed 's/.* //')"
    text current "$(resolved /run/current-system)"
    text booted "$(resolved /run/booted-system)"
    text profile "$(resolved "$profile")"
    text bootDefault "$(boot_default)"
    tell_generations
    tell_boot_files
    tell_booted_parts
    if is_known; then printf ',"known":true'; else printf ',"known":false'; fi
    count storeFreeBytes "$(free_bytes /nix)"
    [ ! -d /boot ] || count bootFreeBytes "$(free_bytes /boot)"
    printf ',"readOnly":'
    for folder in /nix/var /boot; do
        [ ! -d "$folder" ] || ! is_read_only "$folder" || printf '%s\n' "$folder"
    done | strings
    count memoryBytes "$(awk '/^MemAvailable:/ { printf "%.0f", $2 * 1024 }' /proc/meminfo)"
    count clock "$(date +%s)"
    text bootId "$(boot_id)"
    printf ',"failedUnits":'
    systemctl list-units --state=failed --plain --no-legend --no-pager 2>/dev/null | sed 's/ .*//' | head -n 50 | strings
    tell_nix_configuration
    tell_activation
    tell_last_run
    tell_deployed
    tell_lease
    printf '}\n'
}

closure() {
    is_store_path "$1" || die 'not a store path'
    paths=$(nix-store --query --requisites "$1") || exit 1
    sizes=$(printf '%s\n' "$paths" | xargs nix-store --query --size) || exit 1
    {
        printf '%s\n' "$sizes"
        printf '%s\n' "$paths"
    } | awk '{ line[NR] = $0 } END { for (i = 1; i <= NR / 2; i++) print line[i], line[i + NR / 2] }'
}
