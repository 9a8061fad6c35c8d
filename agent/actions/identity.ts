/**
 * Carries who a system is from the old root (mounted at /old, written by a tenant, so hostile) into a fresh one: host name,
 * passwords of root and of people, people's accounts and groups, authorized keys, the ssh server's host keys. Runs inside the
 * new root with the container's own rights and nothing else; anything but regular files is skipped. For busybox and Debian sh.
 */
export const identityScript = `
set -u
umask 077
old=/old
new=\${1:-}
plain() { [ -f "$1" ] && [ ! -L "$1" ]; }

if plain $old/etc/hostname; then
  head -c 254 $old/etc/hostname | head -n 1 > $new/etc/hostname.new && chmod 644 $new/etc/hostname.new && mv -f $new/etc/hostname.new $new/etc/hostname
fi

has() { while IFS=: read -r has_name has_rest; do [ "$has_name" = "$2" ] && return 0; done < "$1"; return 1; }
rewrite() { cp -p "$1" "$1.new" && cat > "$1.new" && mv -f "$1.new" "$1"; }

# Passwords of accounts both systems have (root first of all), then accounts and groups of people.
if plain $old/etc/shadow && plain $new/etc/shadow; then
  set_password() {
    while IFS= read -r line; do
      case $line in
        "$1":*) rest=\${line#*:}; printf '%s:%s:%s\\n' "$1" "$2" "\${rest#*:}" ;;
        *) printf '%s\\n' "$line" ;;
      esac
    done < $new/etc/shadow | rewrite $new/etc/shadow
  }
fi

if plain $old/etc/group; then
  while IFS=: read -r name password gid members; do
    case $gid in ''|*[!0-9]*) continue ;; esac
    case $name in ''|*[!A-Za-z0-9._-]*) continue ;; esac
    [ "$gid" -ge 1000 ] && [ "$gid" -lt 60000 ] || continue
    has $new/etc/group "$name" || printf '%s:x:%s:%s\\n' "$name" "$gid" "$members" >> $new/etc/group
  done < $old/etc/group
fi

copy_keys() { # home uid gid
  plain "$old$1/.ssh/authorized_keys" || return 0
  [ ! -L "$old$1/.ssh" ] || return 0
  mkdir -p "$new$1/.ssh" && chmod 700 "$new$1/.ssh" || return 0
  head -c 1048576 "$old$1/.ssh/authorized_keys" > "$new$1/.ssh/authorized_keys" || return 0
  chmod 600 "$new$1/.ssh/authorized_keys"
  chown "$2:$3" "$new$1/.ssh" "$new$1/.ssh/authorized_keys"
}

if plain $old/etc/passwd; then
  while IFS=: read -r name password uid gid comment home shell; do
    case $uid in ''|*[!0-9]*) continue ;; esac
    case $gid in ''|*[!0-9]*) continue ;; esac
    case $name in ''|*[!A-Za-z0-9._-]*) continue ;; esac
    if [ "$uid" -ge 1000 ] && [ "$uid" -lt 60000 ]; then
      case $home in /*) ;; *) home=/ ;; esac
      case $home in *..*|*//*) home=/ ;; esac
      [ -x "$new$shell" ] || shell=/bin/sh
      if ! has $new/etc/passwd "$name"; then
        printf '%s:x:%s:%s:%s:%s:%s\\n' "$name" "$uid" "$gid" "$comment" "$home" "$shell" >> $new/etc/passwd
        plain $new/etc/shadow && printf '%s:!:19000:0:99999:7:::\\n' "$name" >> $new/etc/shadow
        if [ "$home" != / ] && [ ! -e "$new$home" ]; then
          mkdir -p "$new$home" && chmod 755 "$new$home" && chown "$uid:$gid" "$new$home"
        fi
      fi
      [ "$home" = / ] || copy_keys "$home" "$uid" "$gid"
    elif [ "$uid" -ne 0 ]; then
      continue
    else
      [ "$name" = root ] || continue
      copy_keys /root 0 0
    fi
    if plain $old/etc/shadow && plain $new/etc/shadow; then
      while IFS=: read -r shadow_name shadow_password shadow_rest; do
        [ "$shadow_name" = "$name" ] && set_password "$name" "$shadow_password"
      done < $old/etc/shadow
    fi
  done < $old/etc/passwd
fi

# Memberships of people in groups that the fresh system has itself, like sudo.
join() { # group member
  while IFS= read -r line; do
    case $line in
      "$1":*)
        case ",\${line##*:}," in
          *",$2,"*) ;;
          ,,) line=$line$2 ;;
          *) line=$line,$2 ;;
        esac ;;
    esac
    printf '%s\\n' "$line"
  done < $new/etc/group | rewrite $new/etc/group
}
if plain $old/etc/group; then
  while IFS=: read -r name password gid members; do
    case $gid in ''|*[!0-9]*) continue ;; esac
    case $name in ''|*[!A-Za-z0-9._-]*) continue ;; esac
    case $members in ''|*[!A-Za-z0-9._,-]*) continue ;; esac
    [ "$gid" -lt 1000 ] || continue
    while [ -n "$members" ]; do
      member=\${members%%,*}
      case $members in *,*) members=\${members#*,} ;; *) members= ;; esac
      [ -n "$member" ] && plain "$old/etc/passwd" && has $new/etc/passwd "$member" && join "$name" "$member"
    done
  done < $old/etc/group
fi

if [ -d $old/etc/ssh ] && [ -d $new/etc/ssh ]; then
  for file in $old/etc/ssh/ssh_host_*_key $old/etc/ssh/ssh_host_*_key.pub; do
    plain "$file" || continue
    target=$new/etc/ssh/\${file##*/}
    head -c 65536 "$file" > "$target" || continue
    case $target in *.pub) chmod 644 "$target" ;; *) chmod 600 "$target" ;; esac
  done
fi
exit 0
`;
