#!/bin/sh
# Stage 2: the first program that runs once the file systems are there. It activates its own system
# and hands over to systemd.
export PATH=@out@/sw/bin
echo "<<< $(cat @out@/nixos-version) stage 2 of @out@ >>>"
mkdir -p /run/nixos /run/systemd/system
@out@/activate || echo "the activation had errors"
ln -sfn @out@ /run/booted-system
exec env -i container="${container:-}" @out@/systemd/systemd
