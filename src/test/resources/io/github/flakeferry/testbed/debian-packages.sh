# Downloads packages of Debian 12 as they were released (FOLDER/old) and as they are with the security updates since
# (FOLDER/new): those without an update are the same files in both. `linux` is the cloud kernel.
#   debian-packages.sh MIRROR FOLDER PACKAGE…
set -eu
mirror=${1%/}
folder=$2
shift 2

apt() {
    apt=$1
    shift
    "$apt" -q -o Dir::Etc::SourceList="$set/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State="$set/state" \
        -o Dir::State::Status="$set/status" -o Dir::Cache="$set/cache" -o APT::Architecture=amd64 \
        -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

# what the kernel's package is called changes with each of its versions
named() {
    if [ "$1" = linux ]; then
        apt apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: *\(linux-image-[0-9].*\)$/\1/p'
    else
        printf '%s\n' "$1"
    fi
}

keys=/usr/share/keyrings/debian-archive-keyring.gpg
release="deb [signed-by=$keys] $mirror bookworm main"
security="deb [signed-by=$keys] $mirror-security bookworm-security main"
for set in "$folder/old" "$folder/new"; do
    mkdir -p "$set/state/lists/partial" "$set/cache/archives/partial" "$set/debs"
    : >"$set/status"
    printf '%s\n' "$release" >"$set/sources.list"
    [ "$set" = "$folder/old" ] || printf '%s\n' "$security" >>"$set/sources.list"
    apt apt-get update
    for package; do
        named "$package"
    done >"$set/packages"
    (
        cd "$set/debs"
        # shellcheck disable=SC2046
        apt apt-get download $(cat "$set/packages")
    )
    rm -rf "$set/state" "$set/cache"
done
