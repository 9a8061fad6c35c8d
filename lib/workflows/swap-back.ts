import type { ContainerRow } from '#lib/containers/facts.ts';
import type { Tx } from '#lib/db/client.ts';
import { type AnyAction, templateOf } from './work.ts';

/** Back to the volume and template that the row names, as long as no swap has been written down. */
export async function backToPresent(tx: Tx, container: ContainerRow): Promise<AnyAction[]> {
  const template = await templateOf(tx, container.templateId);
  const args = { volumeId: container.volumeId, template, carryIdentity: false, oldAt: null };
  return [{ verb: 'container.swap', args, secrets: {} }];
}
