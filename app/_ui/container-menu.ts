import type { Container } from '#lib/contract/containers.ts';
import type { ContainerVerb } from '#lib/contract/states.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import type { Asked, Direct } from './container-actions.tsx';
import type { MenuItem } from './row-menu.tsx';
import { verbWords } from './words.ts';

type Handlers = {
  run: (container: Container, verb: Direct) => void;
  ask: (container: Container, verb: Asked) => void;
  go: (address: string) => void;
};

/** Why a verb cannot be used now; null if it can. Undefined if the person has no right to it: then it is not shown. */
export function reasonFor(container: Pick<Container, 'can'>, verb: ContainerVerb): string | null | undefined {
  const verdict = container.can[verb];
  if (verdict === undefined) return undefined;
  return verdict.allowed ? null : verdict.reason === null ? t('Not possible now.') : said(verdict.reason);
}

/**
 * Everything a person may do to a container from a menu, ordered by how much it can destroy. What they have no right
 * to is absent; what the state forbids stays with its reason.
 */
export function containerMenu(container: Container, { run, ask, go }: Handlers): MenuItem[] {
  const here = `/containers/${container.id}`;
  const groups: [ContainerVerb, () => void, string?][][] = [
    [
      ['start', () => run(container, 'start')],
      ['console', () => go(`${here}/console`)],
      ['backup', () => ask(container, 'backup'), t('Back up now…')],
    ],
    [
      ['restart', () => run(container, 'restart')],
      ['stop', () => run(container, 'stop')],
      ['clone', () => ask(container, 'clone'), t('Clone…')],
      ['configure', () => ask(container, 'configure'), t('Change plan…')],
    ],
    [
      ['repair', () => ask(container, 'repair'), t('Repair…')],
      ['restore', () => go(`${here}/backups`), t('Restore…')],
      ['reinstall', () => ask(container, 'reinstall'), t('Reinstall…')],
    ],
    [
      ['kill', () => ask(container, 'kill'), t('Kill…')],
      ['delete', () => ask(container, 'delete'), t('Delete…')],
    ],
  ];
  const items: MenuItem[] = [];
  for (const [index, group] of groups.entries()) {
    const shown = group.flatMap(([verb, onSelect, label]): MenuItem[] => {
      const reason = reasonFor(container, verb);
      return reason === undefined
        ? []
        : [{ label: label ?? t(verbWords[verb]), reason, danger: index === 3, onSelect }];
    });
    if (shown.length > 0 && items.length > 0) items.push('line');
    items.push(...shown);
  }
  if (items.length > 0) items.push('line');
  items.push({ label: t('Why can’t I…?'), onSelect: () => ask(container, 'why') });
  return items;
}
