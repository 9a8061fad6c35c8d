import { run } from '../sys/process.ts';

/**
 * What one container may take of things the kernel counts per user and the host shares out among all containers (their
 * root users all belong to the host's root). Kept by the kernel on the container's user namespace; without CAP_SYS_RESOURCE its
 * root cannot lift them.
 */
const userCaps = { max_inotify_instances: 1024, max_inotify_watches: 262_144, max_fanotify_groups: 64 } as const;

/** `/proc/sys/user` shows the namespace of who opens it: only a process inside the user namespace can write there. */
const script = Object.entries(userCaps)
  .map(([name, value]) => `[ ! -e /proc/sys/user/${name} ] || echo ${value} > /proc/sys/user/${name}`)
  .join('\n');

/** Sets the caps of the user namespace of a created container, before its init runs. */
export async function capUserNamespace(pid: number): Promise<void> {
  await run('RUNTIME:CAPS', ['/usr/bin/nsenter', `--user=/proc/${pid}/ns/user`, '--', '/bin/sh', '-euc', script], {
    timeoutMs: 10_000,
  });
}
