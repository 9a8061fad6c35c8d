import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, ofContainer } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Container } from '#lib/contract/rest.ts';
import type { SetLabels } from '#lib/contract/roles.ts';
import { asActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { publish } from '#lib/events/publish.ts';
import { getContainer } from './get.ts';

/** Sets a container's labels. Whoever has a role over a label reaches the container from then on, and no longer where it went. */
export async function setLabels(actor: Actor, id: string, { labels }: z.infer<typeof SetLabels>): Promise<Container> {
  authorize(actor, 'container.label');
  await asActor(actor, async (tx) => {
    const [container] = await tx.select().from(containers).where(eq(containers.id, id)).for('update');
    if (container === undefined || container.deletedAt !== null) throw new BerthError('not_found');
    authorize(actor, 'container.label', ofContainer(container));
    await tx.update(containers).set({ labels }).where(eq(containers.id, id));
    const { tenantId, name } = container;
    await publish(tx, { type: 'container', tenantId, containerId: id });
    await writeAudit(tx, actor, {
      verb: 'container.label',
      ...{ tenantId, targetKind: 'container', targetId: id, targetName: name },
      detail: { labels, before: container.labels },
    });
  });
  return await getContainer(actor, id);
}
