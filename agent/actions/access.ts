/**
 * Host name, ssh keys and root's password. The agent never writes a tenant's files itself: a fixed script does it inside the
 * container (or inside its root, when it does not run), with the container's own rights. Values go in on standard input, one
 * to a line, so nothing a tenant chose is ever part of a command or visible in a process list.
 */
import { BerthError } from '#lib/contract/errors.ts';
import type { Core } from '../core.ts';
import { bringDown, mountRoot, planOf } from '../reconcile/converge.ts';
import type { ContainerRecord } from '../store/containers.ts';
import { defineAction, present, refuseInRepair } from './definition.ts';

/**
 * For a script, `hostname_is <name>`: fails unless /etc/hostname says it. That /etc/hosts does is tried only: a tenant's own may be anything.
 */
export const hostnameIs = `
hostname_is() {
  { printf '%s\\n' "$1" > /etc/hostname.new && chmod 644 /etc/hostname.new && mv -f /etc/hostname.new /etc/hostname; } || return 1
  hosts=$(grep -v '^127\\.0\\.1\\.1[[:space:]]' /etc/hosts 2>/dev/null || true)
  { { [ -z "$hosts" ] || printf '%s\\n' "$hosts"; printf '127.0.1.1 %s\\n' "$1"; } > /etc/hosts.new && chmod 644 /etc/hosts.new && mv -f /etc/hosts.new /etc/hosts; } 2>/dev/null || rm -f /etc/hosts.new
}
`;

/**
 * Lines: `H<host name>`, `P<root password>`, `B` begin of keys, `K<key>`, `E` end of keys, `W<line>` the word to whoever logs in, which
 * a login by ssh shows and other login shells are made to. For busybox and Debian sh alike.
 */
export const accessScript = `
set -eu
umask 077
${hostnameIs}
while IFS= read -r line; do
  value=\${line#?}
  case $line in
    H*)
      hostname_is "$value"
      hostname "$value" 2>/dev/null || true
      ;;
    P*)
      if chpasswd --help 2>&1 | grep -qi busybox; then
        printf 'root:%s\\n' "$value" | chpasswd -c sha512 >/dev/null
      else
        printf 'root:%s\\n' "$value" | chpasswd
      fi
      ;;
    B)
      mkdir -p /root/.ssh
      chmod 700 /root/.ssh
      : > /root/.ssh/authorized_keys.new
      ;;
    K*) printf '%s\\n' "$value" >> /root/.ssh/authorized_keys.new ;;
    E) mv -f /root/.ssh/authorized_keys.new /root/.ssh/authorized_keys ;;
    W*)
      printf '%s\\n' "$value" > /etc/motd.new
      chmod 644 /etc/motd.new
      mv -f /etc/motd.new /etc/motd
      greets='[ -n "\${SSH_CONNECTION-}" ] || cat /etc/motd 2>/dev/null || :'
      grep -qxF "$greets" /etc/profile 2>/dev/null || printf '%s\\n' "$greets" >> /etc/profile
      ;;
  esac
done
`;

export type AccessChange = {
  hostname?: string | undefined;
  sshKeys?: readonly string[] | undefined;
  rootPassword?: string | undefined;
  /** One line. */
  welcome?: string | undefined;
};

/** What the script reads. Every value has been checked by the contract to be a single line. */
export function accessInput({ hostname, sshKeys, rootPassword, welcome }: AccessChange): string {
  const lines = [
    ...(hostname === undefined ? [] : [`H${hostname}`]),
    ...(rootPassword === undefined ? [] : [`P${rootPassword}`]),
    ...(welcome === undefined ? [] : [`W${welcome}`]),
    ...(sshKeys === undefined ? [] : ['B', ...sshKeys.map((key) => `K${key}`), 'E']),
  ];
  if (lines.some((line) => /[\n\r\0]/.test(line))) throw new BerthError('invalid', 'A value has more than one line.');
  return lines.map((line) => `${line}\n`).join('');
}

const scriptTimeoutMs = 30_000;

/** Runs the script in the container if it runs, else in its mounted root. Throws `action_failed` when the script does. */
export async function applyAccess(
  core: Core,
  where: { record: ContainerRecord; root: string } | { runningId: string },
  change: AccessChange,
): Promise<void> {
  const argv = ['/bin/sh', '-c', accessScript];
  const options = { timeoutMs: scriptTimeoutMs, input: accessInput(change) };
  if (options.input === '') return;
  const { runtime } = core.adapters;
  const result =
    'runningId' in where
      ? await runtime.exec(where.runningId, argv, options)
      : await runtime.runOnce(planOf(core, where.record, where.root, null), argv, options);
  if (result.exitCode !== 0) {
    throw new BerthError('action_failed', 'The system in the container did not accept the change.', {
      inside: `exit ${result.exitCode}: ${result.stderr.slice(0, 500)}`,
    });
  }
}

/** prepare: the script does it, all or (each value) nothing · commit: the record has the host name for the next start */
export const access = defineAction<'container.access'>({
  verb: 'container.access',
  async prepare({ core, containerId, args }, { rootPassword }) {
    const record = present(core, containerId);
    refuseInRepair(record);
    const change = { ...args, rootPassword };
    if (core.adapters.runtime.state(containerId).running)
      return applyAccess(core, { runningId: containerId }, change).then(() => undefined);
    try {
      await applyAccess(core, { record, root: await mountRoot(core, record) }, change);
    } finally {
      await bringDown(core, containerId, { timeoutMs: 0 });
    }
    return undefined;
  },
  commit({ core, containerId, args }) {
    if (args.hostname !== undefined) core.store.containers.setHostname(containerId, args.hostname);
    return {};
  },
  finish: async () => ({}),
});
