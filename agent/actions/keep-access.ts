/**
 * What the panel says of who may log in holds also after other files have taken the place of the present ones: host name and keys
 * that its settings name, and none that was taken out there. What people wrote into authorized_keys themselves stays as those files have it.
 */
import type { KeptAccess } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Core } from '../core.ts';
import type { ContainerRecord } from '../store/containers.ts';
import { hostnameIs } from './access.ts';
import { inNew, type System } from './new-system.ts';

/**
 * Lines: `X` no key of those there, `-<key>` not this one (the base64 of it), `+<line>` this one, `H<host name>`. Keys come first, and where there is
 * no room to write them, nobody logs in by key: exit 3. For busybox and Debian sh alike.
 */
export const keepAccessScript = `
set -u
umask 077
keys=/root/.ssh/authorized_keys
failed=0
${hostnameIs}
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
      [ "$(cat /etc/hostname 2>/dev/null)" = "$value" ] || hostname_is "$value" || failed=1 ;;
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

/** Whether all of it could be written. A system whose keys cannot be read must not come back when keys have been removed. */
export async function keepAccess(
  core: Core,
  record: ContainerRecord,
  system: System,
  access: KeptAccess,
): Promise<boolean> {
  const { runtime } = core.adapters;
  const input = keepAccessInput(access);
  const { exitCode, stderr } = await inNew(core, record, { ...system, withOld: false }, (plan) =>
    runtime
      .runOnce(plan, ['/bin/sh', '-c', keepAccessScript], { timeoutMs: 60_000, input })
      // There need be no shell in it.
      .catch((error) => ({ exitCode: null, stderr: String(error) })),
  );
  if (exitCode === 0) return true;
  if (exitCode !== notAllKept && access.removedSshKeys.length > 0) {
    const why =
      'Ssh keys that were removed would log in again with these files. Nothing was changed; take single files from them.';
    throw new BerthError('action_failed', why, { inside: `exit ${exitCode}: ${stderr.slice(0, 500)}` });
  }
  return false;
}
