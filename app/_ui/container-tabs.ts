import type { Container } from '#lib/contract/rest.ts';

/** The pages of a container a person can use; those they have no right to are absent. */
export function tabsOf({ id, can }: Pick<Container, 'id' | 'can'>): { href: string; name: string }[] {
  const here = `/containers/${id}`;
  return [
    { href: here, name: 'Overview', shown: true },
    { href: `${here}/backups`, name: 'Backups', shown: true },
    { href: `${here}/files`, name: 'Files', shown: can.files !== undefined },
    { href: `${here}/console`, name: 'Console', shown: can.console !== undefined },
    { href: `${here}/activity`, name: 'Activity', shown: true },
    { href: `${here}/network`, name: 'Network', shown: true },
    {
      href: `${here}/settings`,
      name: 'Settings',
      shown: can.access !== undefined || can['restart-policy'] !== undefined,
    },
    { href: `${here}/fix`, name: 'Fix it', shown: can.restore !== undefined || can.reinstall !== undefined },
  ]
    .filter((tab) => tab.shown)
    .map(({ href, name }) => ({ href, name }));
}
