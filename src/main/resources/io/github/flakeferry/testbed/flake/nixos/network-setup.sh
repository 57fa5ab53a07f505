#!/bin/sh
# network-setup up|down: the wired network with the address that this board was given.
set -eu
case $1 in
up)
    read -r address </etc/board-address
    ip link set eth0 up
    ip addr replace "$address" dev eth0
    ;;
down)
    ip addr flush dev eth0
    ip link set eth0 down
    ;;
esac
