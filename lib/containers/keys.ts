import { keyContent, mostRemovedKeys } from '#lib/contract/fields.ts';
import type { ContainerRow } from './facts.ts';

/** The columns of a container whose keys become these: those that go are remembered, one that comes back is forgotten. */
export function keysBecome(
  container: Pick<ContainerRow, 'sshKeys' | 'removedSshKeys'>,
  sshKeys: string[],
): Pick<ContainerRow, 'sshKeys' | 'removedSshKeys'> {
  const now = new Set(sshKeys.map(keyContent));
  const gone = new Set([...container.removedSshKeys, ...container.sshKeys.map(keyContent)]);
  return { sshKeys, removedSshKeys: [...gone].filter((key) => !now.has(key)).slice(-mostRemovedKeys) };
}
