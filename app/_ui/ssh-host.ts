/** The address in an ssh command, which is where forwarded ports are reached; null without a command. */
export function sshHost(command: string | null): string | null {
  const host = command?.match(/\s\w+@(\S+)/)?.[1];
  return host === undefined || host === '' ? null : host;
}
