import { and, eq } from 'drizzle-orm';
import type { Tx } from '#lib/db/client.ts';
import { handovers } from '#lib/db/schema/handovers.ts';
import { publish } from '#lib/events/publish.ts';

/** What was accepted and not carried out is an open offer again, until it expires: the receiver's consent was to that one attempt. */
export async function reopen(tx: Tx, id: string): Promise<void> {
  const [row] = await tx
    .update(handovers)
    .set({ state: 'open', receiverId: null, receiverName: null, receiverAt: null })
    .where(and(eq(handovers.id, id), eq(handovers.state, 'moving')))
    .returning();
  if (row?.toTenantId == null) return;
  await publish(tx, { type: 'container', tenantId: row.toTenantId });
}
