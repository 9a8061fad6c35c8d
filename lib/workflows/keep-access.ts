import type { ContainerRow } from '#lib/containers/facts.ts';
import type { ActionArgsInput } from '#lib/contract/agent.ts';

/**
 * What the settings of a container say of its host name and keys, for files that take the place of the present ones: it holds in them
 * too. `foreign`: of another tenant's files no key is left.
 */
export function accessOf(
  { hostname, sshKeys, removedSshKeys }: ContainerRow,
  from: 'own' | 'foreign' = 'own',
): NonNullable<ActionArgsInput<'container.swap'>['access']> {
  return { hostname, sshKeys, removedSshKeys: from === 'foreign' ? 'all' : removedSshKeys };
}
