#!/bin/sh
# Stands in for cachix and attic, whichever it is called. Takes what both document of their `push`
# and nothing else, and keeps beside itself what it was given: see PushStandIn.
set -eu
here=${0%/*}
program=${0##*/}

fail() {
  echo "$program: $*" >&2
  exit 1
}

[ "${1:-}" = push ] || fail "no such command: ${1:-}"
call=$(($(cat "$here/calls" 2>/dev/null || echo 0) + 1))
echo "$call" >"$here/calls"
echo $$ >"$here/pid"
printf '%s\n' "$@" >"$here/arguments.$call"
env | sed -n 's/^\([A-Za-z_][A-Za-z_0-9]*\)=.*/\1/p' | sort >"$here/environment"
shift

case $program in
  cachix)
    # cachix push CACHE < PATHS, with the token in CACHIX_AUTH_TOKEN
    [ $# -eq 1 ] || fail "older versions refuse arguments besides an input: $*"
    case $1 in
      *[!a-z0-9-]* | -*) fail "Binary cache $1 does not exist." ;;
    esac
    token=${CACHIX_AUTH_TOKEN:-}
    cat >"$here/paths.$call"
    ;;
  attic)
    # attic push [--ignore-upstream-cache-filter] SERVER:CACHE PATH..., with attic/config.toml
    [ "$1" != --ignore-upstream-cache-filter ] || shift
    name=${1#ferry:}
    [ "$1" = "ferry:$name" ] || fail "Invalid cache reference: $1"
    case $name in
      *[!A-Za-z0-9_+-]* | [!A-Za-z0-9]* | '') fail "Invalid cache reference: $1" ;;
    esac
    shift
    config=$XDG_CONFIG_HOME/attic/config.toml
    [ "$(stat -c %a "$config")" = 600 ] || fail "others can read $config"
    cp "$config" "$here/config.toml"
    echo "$XDG_CONFIG_HOME" >"$here/settings"
    server=$(sed -n '/^\[servers\.ferry\]$/,$p' "$config")
    echo "$server" | grep -Eq '^endpoint = "https?://[^"]*/"$' || fail "no endpoint"
    token=$(echo "$server" | sed -n 's/^token = "\([^"]*\)"$/\1/p' | sed 's/\\u0022/"/g')
    printf '%s\n' "$@" >"$here/paths.$call"
    ;;
esac

grep -Eqv '^/nix/store/[0-9a-df-np-sv-z]{32}-[0-9A-Za-z+._?=-]+$' "$here/paths.$call" &&
  fail "not a store path"
if [ "$token" != "$(cat "$here/token")" ]; then
  fail "401 Unauthorized: $token"
fi
if [ -e "$here/hangs" ]; then
  echo "begins" >&2
  exec sleep 600
fi
if [ -e "$here/held" ]; then
  echo "begins" >&2
  while [ -e "$here/held" ]; do sleep 0.05; done
fi
echo "Pushing $(wc -l <"$here/paths.$call") paths" >&2
