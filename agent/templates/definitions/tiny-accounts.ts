/**
 * Debian's busybox is built without chpasswd, adduser, addgroup and deluser. These are the parts of them that people and
 * the panel use, in its shell. Files are replaced by rename, keeping owner and mode.
 */
export const chpasswd = `#!/bin/sh
# Sets passwords from lines "user:password" on standard input. -e: they are hashed already.
encrypted=
while [ $# -gt 0 ]; do
  case $1 in
    -e|--encrypted) encrypted=1; shift ;;
    -c|--crypt-method) [ "$2" = sha512 ] || { echo "chpasswd: only sha512" >&2; exit 1; }; shift 2 ;;
    -h|--help) echo "usage: chpasswd [-e] [-c sha512] < user:password lines"; exit 0 ;;
    *) echo "chpasswd: unknown option $1" >&2; exit 1 ;;
  esac
done
umask 077
status=0
while IFS= read -r line || [ -n "$line" ]; do
  BERTH_USER=\${line%%:*}
  BERTH_HASH=\${line#*:}
  if [ "$BERTH_USER" = "$line" ]; then echo "chpasswd: missing password" >&2; status=1; continue; fi
  if [ -z "$encrypted" ]; then
    BERTH_HASH=$(printf '%s\\n' "$BERTH_HASH" | mkpasswd -m sha512 -P 0) || exit 1
  fi
  export BERTH_USER BERTH_HASH
  cp -p /etc/shadow /etc/shadow+ || exit 1
  if awk -F: -v OFS=: -v day=$(($(date +%s) / 86400)) '
      $1 == ENVIRON["BERTH_USER"] { $2 = ENVIRON["BERTH_HASH"]; $3 = day; found = 1 } { print } END { exit !found }
    ' /etc/shadow > /etc/shadow+; then
    sync && mv /etc/shadow+ /etc/shadow || exit 1
  else
    rm -f /etc/shadow+
    echo "chpasswd: unknown user $BERTH_USER" >&2
    status=1
  fi
done
exit $status
`;

export const adduser = `#!/bin/sh
# adduser [-D] [-H] [-S] [-h HOME] [-g GECOS] [-s SHELL] [-G GROUP] [-u UID] NAME
home= gecos= shell=/bin/sh group= uid= disabled= nohome= first=1000
while getopts h:g:s:G:u:DHS option; do
  case $option in
    h) home=$OPTARG ;; g) gecos=$OPTARG ;; s) shell=$OPTARG ;; G) group=$OPTARG ;; u) uid=$OPTARG ;;
    D) disabled=1 ;; H) nohome=1 ;; S) first=100 disabled=1 ;;
    *) exit 1 ;;
  esac
done
shift $((OPTIND - 1))
name=$1
case $name in ''|*[!a-z0-9_-]*|-*) echo "adduser: bad name '$name'" >&2; exit 1 ;; esac
grep -q "^$name:" /etc/passwd && { echo "adduser: user '$name' in use" >&2; exit 1; }
if [ -z "$uid" ]; then
  uid=$(awk -F: -v n=$first '{ used[$3] = 1 } END { while (n in used) n++; print n }' /etc/passwd /etc/group)
fi
if [ -n "$group" ]; then
  gid=$(awk -F: -v g="$group" '$1 == g { print $3 }' /etc/group)
  [ -n "$gid" ] || { echo "adduser: unknown group $group" >&2; exit 1; }
else
  gid=$uid
  addgroup -g "$gid" "$name" || exit 1
fi
home=\${home:-/home/$name}
echo "$name:x:$uid:$gid:$gecos:$home:$shell" >> /etc/passwd
echo "$name:!:$(($(date +%s) / 86400)):0:99999:7:::" >> /etc/shadow
if [ -z "$nohome" ]; then
  mkdir -p "$home" && chown "$uid:$gid" "$home" && chmod 0755 "$home"
fi
[ -n "$disabled" ] || passwd "$name"
`;

export const addgroup = `#!/bin/sh
# addgroup [-S] [-g GID] GROUP, or addgroup USER GROUP
gid= first=1000
while getopts g:S option; do
  case $option in g) gid=$OPTARG ;; S) first=100 ;; *) exit 1 ;; esac
done
shift $((OPTIND - 1))
if [ $# -eq 2 ]; then
  cp -p /etc/group /etc/group+ || exit 1
  awk -F: -v OFS=: -v u="$1" -v g="$2" '
    $1 == g { found = 1; if (("," $4 ",") !~ ("," u ",")) $4 = $4 == "" ? u : $4 "," u } { print } END { exit !found }
  ' /etc/group > /etc/group+ && mv /etc/group+ /etc/group && exit 0
  rm -f /etc/group+
  echo "addgroup: unknown group $2" >&2
  exit 1
fi
case $1 in ''|*[!a-z0-9_-]*|-*) echo "addgroup: bad name '$1'" >&2; exit 1 ;; esac
grep -q "^$1:" /etc/group && { echo "addgroup: group '$1' in use" >&2; exit 1; }
[ -n "$gid" ] || gid=$(awk -F: -v n=$first '{ used[$3] = 1 } END { while (n in used) n++; print n }' /etc/group)
echo "$1:x:$gid:" >> /etc/group
`;

export const deluser = `#!/bin/sh
# deluser NAME: removes the account and its own group; files stay.
name=$1
case $name in ''|root|*[!a-z0-9_-]*|-*) echo "deluser: bad name '$name'" >&2; exit 1 ;; esac
grep -q "^$name:" /etc/passwd || { echo "deluser: unknown user $name" >&2; exit 1; }
for file in passwd shadow group; do
  cp -p /etc/$file /etc/$file+ && awk -F: -v n="$name" '$1 != n' /etc/$file > /etc/$file+ && mv /etc/$file+ /etc/$file || exit 1
done
`;
