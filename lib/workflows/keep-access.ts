import type { ContainerRow } from '#lib/containers/facts.ts';
import type { KeptAccess } from '#lib/contract/agent.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import type { AnyAction } from './work.ts';

/** What a container's settings say of host name and keys, to hold in files that it gets. `foreign`: of another tenant's no key is left. */
export function keptAccess(
  { hostname, sshKeys, removedSshKeys }: ContainerRow,
  from: 'own' | 'foreign' = 'own',
): KeptAccess {
  return { hostname, sshKeys, removedSshKeys: from === 'foreign' ? 'all' : removedSshKeys };
}

/** Other files take the place of the container's present ones. What its settings say holds in them too. */
export function swapTo(
  container: ContainerRow,
  files: { volumeId: string; template: TemplateRef },
  from: 'own' | 'foreign' = 'own',
): AnyAction {
  const access = keptAccess(container, from);
  return { verb: 'container.swap', args: { ...files, carryIdentity: false, oldAt: null, access }, secrets: {} };
}
