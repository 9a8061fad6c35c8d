import { eq } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, ofContainer } from '#lib/access/authorize.ts';
import type { Container } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { presentContainers, selectContainers } from './present.ts';

/** One container. A deleted one is still shown, as `deleted`, to whom it belonged: its history and backups stay. */
export async function getContainer(actor: Actor, id: string): Promise<Container> {
  authorize(actor, 'container.read');
  return await asActor(actor, (tx) => shownContainer(tx, actor, id));
}

/** The same within a transaction. */
export async function shownContainer(tx: Tx, actor: Actor, id: string): Promise<Container> {
  const [row] = await selectContainers(tx).where(eq(containers.id, id));
  if (row === undefined) throw new BerthError('not_found');
  authorize(actor, 'container.read', ofContainer(row.container));
  const [container] = await presentContainers(tx, actor, [row]);
  if (container === undefined) throw new BerthError('not_found');
  return container;
}
