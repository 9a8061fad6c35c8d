import type { ContainerState } from '../contract/states.ts';

/** The command that logs in through the host's forwarded port; null while nobody would answer there. */
export function sshCommand(
  state: ContainerState,
  host: string | null,
  forwards: readonly { protocol: string; hostPort: number; containerPort: number }[],
): string | null {
  const forward = forwards.find((one) => one.containerPort === 22 && one.protocol === 'tcp');
  if (forward === undefined || host === null || (state !== 'running' && state !== 'repairing')) return null;
  return `ssh -p ${forward.hostPort} root@${host}`;
}
