/**
 * What the panel says of who may log in holds also after other files have taken the place of the present ones: host name and keys
 * that its settings name, and none that was taken out there. What people wrote into authorized_keys themselves stays as those files have it.
 */
import type { ActionArgs } from '#lib/contract/agent.ts';

export type KeptAccess = NonNullable<ActionArgs<'container.swap'>['access']>;

/**
 * Lines: `X` no key of those there, `-<key>` not this one (the base64 of it), `+<line>` this one, `H<host name>`. Keys come first, and where there is
 * no room to write them, nobody logs in by key: exit 3. For busybox and Debian sh alike.
 */
export const keepAccessScript = `
set -u
umask 077
keys=/root/.ssh/authorized_keys
failed=0
rewrite() { { cat > $keys.new && mv -f $keys.new $keys; } 2>/dev/null && return 0; rm -f $keys.new $keys; return 1; }
while IFS= read -r line; do
  value=\${line#?}
  case $line in
    X) rm -f $keys || exit 1 ;;
    -*)
      if [ -e $keys ] && grep -qF -e "$value" $keys; then
        grep -vF -e "$value" $keys | rewrite || failed=1
        [ ! -e $keys ] || ! grep -qF -e "$value" $keys || exit 1
      fi ;;
    +*)
      key=\${value#* }
      key=\${key%% *}
      if ! { [ -e $keys ] && grep -v '^[[:space:]]*#' $keys | grep -qF -e "$key"; }; then
        mkdir -p /root/.ssh && chmod 700 /root/.ssh
        { [ ! -e $keys ] || grep -v '^$' $keys; printf '%s\\n' "$value"; } | rewrite || failed=1
      fi ;;
    H*)
      if [ "$(cat /etc/hostname 2>/dev/null)" != "$value" ]; then
        printf '%s\\n' "$value" > /etc/hostname.new && chmod 644 /etc/hostname.new && mv -f /etc/hostname.new /etc/hostname || failed=1
        hosts=$(grep -v '^127\\.0\\.1\\.1[[:space:]]' /etc/hosts 2>/dev/null || true)
        { [ -z "$hosts" ] || printf '%s\\n' "$hosts"; printf '127.0.1.1 %s\\n' "$value"; } > /etc/hosts.new && chmod 644 /etc/hosts.new && mv -f /etc/hosts.new /etc/hosts 2>/dev/null || rm -f /etc/hosts.new
      fi ;;
  esac
done
[ $failed = 0 ] || exit 3
`;

/** No key that was removed logs in, but not all could be written. */
export const notAllKept = 3;

/** What the script reads. Every value has been checked by the contract to be a single line. */
export function keepAccessInput({ hostname, sshKeys, removedSshKeys }: KeptAccess): string {
  const removed = removedSshKeys === 'all' ? ['X'] : removedSshKeys.map((key) => `-${key}`);
  const lines = [...removed, ...sshKeys.map((key) => `+${key}`), `H${hostname}`];
  return lines.map((line) => `${line}\n`).join('');
}
