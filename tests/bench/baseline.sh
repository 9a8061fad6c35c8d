#!/bin/sh
# The baseline of the bench: a container of the same files by the plain tools, with the same file systems, mounts, network, limits and
# fsyncs, and nothing else: no record but one file, no grants, no user namespace, no idmapped mounts, no monitor, no quota of ids.
# usage: baseline.sh VERB NAME     in a directory with: pool/ (the same kind of pool), layer/ (mounted), runc, config.json, bridge (its name)
set -eu
verb=$1
name=$2
here=$(pwd)
image=pool/$name.img
at=run/$name

note() { # the record and its directory, durable: what the ledger does at each of its steps
  printf '%s %s\n' "$1" "$name" >"record.$name.new"
  sync "record.$name.new"
  mv "record.$name.new" "record.$name"
  sync .
}
mount_root() {
  mkdir -p "$at/volume" "$at/root"
  mount -o loop,nosuid,nodev,discard "$image" "$at/volume"
  mount -t overlay overlay -o "lowerdir=layer,upperdir=$at/volume/upper,workdir=$at/volume/work,xino=on,index=off,metacopy=off" "$at/root"
}
unmount_root() {
  umount "$at/root"
  umount "$at/volume"
}

case $verb in
  create)
    note creating
    truncate -s 256M "$image"
    mke2fs -q -F -t ext4 -b 4096 -I 256 -N 16384 -m 0 -J size=4 -E lazy_itable_init=1,lazy_journal_init=1 -d skeleton "$image"
    sync "$image"
    mount_root
    echo "$name" >"$at/root/etc/hostname"
    unmount_root
    note created
    ;;
  start)
    note starting
    mount_root
    for group in cpu memory pids; do mkdir -p "/sys/fs/cgroup/$group/$CGROUP/$name"; done 2>/dev/null || :
    mkdir -p "$at/bundle"
    sed -e "s#@ROOT@#$here/$at/root#; s#@NAME@#$CGROUP/$name#" config.json >"$at/bundle/config.json"
    ./runc --root "$here/runc-state" create --bundle "$at/bundle" --pid-file "$at/pid" "$name" </dev/null >/dev/null 2>&1
    pid=$(cat "$at/pid")
    veth=bb$(printf %s "$name" | cksum | cut -d ' ' -f 1)
    ip -batch - <<END
link add name $veth type veth peer name eth0 netns $pid
link set dev $veth master $BRIDGE up
END
    nsenter --net="/proc/$pid/ns/net" ip -batch - <<END
link set dev lo up
address add 10.251.0.2/24 dev eth0
link set dev eth0 up
END
    printf 'table bridge %s { chain c { }; }\ndelete table bridge %s\ntable bridge %s { chain c { ether type ip accept; }; }\n' "$BRIDGE" "$BRIDGE" "$BRIDGE" | nft -f -
    ./runc --root "$here/runc-state" start "$name"
    note running
    ;;
  kill)
    note stopping
    ./runc --root "$here/runc-state" delete --force "$name"
    unmount_root
    note stopped
    ;;
  delete)
    note deleting
    rm -f "$image"
    rm -rf "$at"
    sync pool
    rm -f "record.$name"
    sync .
    ;;
  clone)
    note cloning
    fsfreeze -f "$at/volume"
    cp --reflink=always "$image" "pool/$name.copy" || :
    fsfreeze -u "$at/volume"
    sync "pool/$name.copy"
    note cloned
    ;;
esac
