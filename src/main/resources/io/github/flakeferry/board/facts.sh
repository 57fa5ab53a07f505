# What a board says of itself, as one JSON object (see FactsReader for its schema).
base=/nix/var/flakeferry

# a JSON string; control characters are left out
string() {
    printf '"%s"' "$(printf '%s' "$1" | tr -d '\000-\037\177' | sed 's/\\/\\\\/g; s/"/\\"/g')"
}
# a JSON array of the words on standard input
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
free_bytes() { df -P -k "$1" 2>/dev/null | awk 'NR == 2 { printf "%.0f", $4 * 1024 }'; }
resolved() { [ ! -e "$1" ] || readlink -f "$1"; }
value() { sed -n "s/^$2 //p" "$1" 2>/dev/null | head -n 1; }
number() { case $1 in '' | *[!0-9]*) printf 0 ;; *) printf '%s' "$1" ;; esac; }

# the lock of switch-to-configuration, looked up without taking it: proc_locks(5)
switch_lock_is_held() {
    inode=$(stat -c %i /run/nixos/switch-to-configuration.lock 2>/dev/null) && grep -q ":$inode " /proc/locks
}

main() {
    set -u
    printf '{"machine":'; string "$(uname -m)"
    printf ',"userId":%s' "$(number "$(id -u)")"
    printf ',"nixVersion":'; string "$(nix-store --version 2>/dev/null | sed 's/.* //')"
    printf ',"current":'; string "$(resolved /run/current-system)"
    printf ',"booted":'; string "$(resolved /run/booted-system)"
    printf ',"profile":'; string "$(resolved /nix/var/nix/profiles/system)"
    printf ',"storeFreeBytes":%s' "$(number "$(free_bytes /nix)")"
    if [ -d /boot ]; then printf ',"bootFreeBytes":%s' "$(number "$(free_bytes /boot)")"; fi
    printf ',"memoryBytes":%s' "$(number "$(awk '/^MemAvailable:/ { printf "%.0f", $2 * 1024 }' /proc/meminfo)")"
    printf ',"clock":%s' "$(date +%s)"
    printf ',"bootId":'; string "$(cat /proc/sys/kernel/random/boot_id)"
    printf ',"failedUnits":'
    systemctl list-units --state=failed --plain --no-legend --no-pager 2>/dev/null | sed 's/ .*//' | head -n 50 | strings
    printf ',"trustedKeys":'
    if [ "$(id -u)" = 0 ]; then printf '[]'; else
        nix --extra-experimental-features nix-command show-config 2>/dev/null |
            sed -n 's/^trusted-public-keys = //p' | tr ' ' '\n' | strings
    fi
    if switch_lock_is_held; then printf ',"foreignActivation":true'; else printf ',"foreignActivation":false'; fi
    token=$(cat "$base/last" 2>/dev/null)
    case $token in
    '' | *[!a-zA-Z0-9-]*) ;;
    *)
        run=$base/runs/$token alive=false
        case $(systemctl show --property=ActiveState --value "flakeferry-$token.service" 2>/dev/null) in
        inactive | failed | '') ;;
        *) alive=true ;;
        esac
        printf ',"lastRun":{"token":'; string "$token"
        printf ',"state":'; string "$(value "$run/state" state)"
        printf ',"owner":'; string "$(value "$run/order" owner)"
        printf ',"commit":'; string "$(value "$run/order" commit)"
        printf ',"since":%s,"alive":%s,"bootId":' "$(number "$(value "$run/state" time)")" "$alive"
        string "$(value "$run/state" boot)"
        printf '}'
        ;;
    esac
    if [ -s "$base/lease" ]; then
        printf ',"lease":{"owner":'; string "$(value "$base/lease" owner)"
        printf ',"system":'; string "$(value "$base/lease" system)"
        printf ',"since":%s,"bootId":' "$(number "$(value "$base/lease" time)")"
        string "$(value "$base/lease" boot)"
        printf '}'
    fi
    printf '}\n'
}
main </dev/null
