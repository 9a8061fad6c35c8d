import type { ContainerRow } from '#lib/containers/facts.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import type { AnyAction } from './work.ts';

/**
 * Other files take the place of the container's present ones. What its settings say of host name and keys holds in them too. `foreign`: of
 * another tenant's files no key is left.
 */
export function swapTo(
  { hostname, sshKeys, removedSshKeys }: ContainerRow,
  files: { volumeId: string; template: TemplateRef },
  from: 'own' | 'foreign' = 'own',
): AnyAction {
  const access = { hostname, sshKeys, removedSshKeys: from === 'foreign' ? ('all' as const) : removedSshKeys };
  return { verb: 'container.swap', args: { ...files, carryIdentity: false, oldAt: null, access }, secrets: {} };
}
