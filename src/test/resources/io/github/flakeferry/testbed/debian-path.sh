# Unpacks a Debian package into what could be a store path: its files refer to where they are, and to other paths, as those
# that Nix builds do. The files of a kernel refer to nothing; its modules are compressed as NixOS has them.
#   debian-path.sh DEB TARGET OWN LIBRARIES SHELL PERL PYTHON
# OWN is the path itself, LIBRARIES are folders with colons between, the others the paths with the interpreters.
set -eu
LC_ALL=C
export LC_ALL
deb=$1 target=$2 own=$3 libraries=$4 shell=$5 perl=$6 python=$7

mkdir -p "$target"
dpkg-deb -x "$deb" "$target"
rm -rf "$target/usr/share/doc"
find "$target" ! -type f ! -type d ! -type l -delete
find "$target" -type l -lname '/*' | while read -r link; do
    ln -sfn "$own$(readlink "$link")" "$link"
done
case ${deb##*/} in
linux-image-*)
    find "$target" -name '*.ko' -print0 |
        xargs -0 -n 16 -P "$(nproc)" xz -T1 --check=crc32 --lzma2=dict=1MiB
    ;;
*)
    # the string that every program and library has among those that it is linked by gets its run path before it
    find "$target" -type f -exec sed -i \
        -e "1s,^#! *\(/usr\)*/bin/\(env  *\)*\(ba\)*sh,#!$shell/bin/\3sh," \
        -e "1s,^#! *\(/usr\)*/bin/\(env  *\)*perl,#!$perl/bin/perl," \
        -e "1s,^#! *\(/usr\)*/bin/\(env  *\)*python,#!$python/bin/python," \
        -e "s,/usr/,$own/,g" \
        -e "s,\x00libc\.so\.6\x00,\x00$libraries\x00libc.so.6\x00," {} +
    ;;
esac
