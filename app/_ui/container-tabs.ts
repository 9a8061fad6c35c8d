import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';

/** The pages of a container a person can use; those they have no right to are absent. */
export function tabsOf({ id, can }: Pick<Container, 'id' | 'can'>): { href: string; name: string }[] {
  const here = `/containers/${id}`;
  return [
    { href: here, name: t('Overview'), shown: true },
    { href: `${here}/backups`, name: t('Backups'), shown: true },
    { href: `${here}/files`, name: t('Files'), shown: can.files !== undefined },
    { href: `${here}/console`, name: t('Console'), shown: can.console !== undefined },
    { href: `${here}/activity`, name: t('Activity'), shown: true },
    { href: `${here}/network`, name: t('Network'), shown: true },
    {
      href: `${here}/settings`,
      name: t('Settings'),
      shown: can.access !== undefined || can['restart-policy'] !== undefined,
    },
    { href: `${here}/fix`, name: t('Fix it'), shown: can.restore !== undefined || can.reinstall !== undefined },
  ]
    .filter((tab) => tab.shown)
    .map(({ href, name }) => ({ href, name }));
}
