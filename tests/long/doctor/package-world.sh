#!/bin/sh
# package-world.sh WORLD CHECKOUT NODE PROGRAM: in a mount namespace of its own, removes the package patchelf for real and runs
# PROGRAM, which has it installed again. What dpkg and apt write goes to WORLD; the one source of packages is a directory there.
set -eu
world=$1 checkout=$2 node=$3 program=$4
mount -t tmpfs -o mode=755 berth-test "$world"
trap 'cd /; umount -R -l "$world"' EXIT

# A package made of the installed one's files, before it goes.
name=patchelf
source=$world/source
mkdir -p "$source/root/DEBIAN"
dpkg -L "$name" | while read -r path; do
  [ -f "$path" ] || [ -L "$path" ] || continue
  mkdir -p "$source/root$(dirname "$path")"
  cp -a "$path" "$source/root$path"
done
dpkg-query -W -f 'Package: ${Package}\nVersion: ${Version}\nArchitecture: ${Architecture}\nMaintainer: ${Maintainer}\nDepends: ${Depends}\nDescription: ${binary:Summary}\n' "$name" >"$source/root/DEBIAN/control"
dpkg-deb --root-owner-group --build "$source/root" "$source/$name.deb" >/dev/null
{
  cat "$source/root/DEBIAN/control"
  printf 'Filename: ./%s.deb\nSize: %s\nSHA256: %s\n' "$name" "$(stat -c %s "$source/$name.deb")" "$(sha256sum "$source/$name.deb" | cut -d ' ' -f 1)"
} >"$source/Packages"

for path in usr etc var/lib/dpkg var/lib/apt var/cache/apt var/log; do
  upper=$world/layers/$(echo "$path" | tr / -)
  mkdir -p "$upper/upper" "$upper/work"
  mount -t overlay -o "lowerdir=/$path,upperdir=$upper/upper,workdir=$upper/work" overlay "/$path"
done
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d
printf 'deb [trusted=yes] file:%s ./\n' "$source" >/etc/apt/sources.list

dpkg --remove --force-depends "$name" >/dev/null
cd "$checkout"
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$node" --disable-warning=ExperimentalWarning "$program" "$checkout"
test -x /usr/bin/patchelf
