import { eq } from 'drizzle-orm';
import type { Desired } from '#lib/contract/states.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';

/**
 * Writes down what a finished action says of a container's power, so that nobody reads the old state between the end of
 * the operation and the next look at the host. An answer of the host that was asked for earlier does not overwrite it.
 */
export async function powerIs(tx: Tx, containerId: string, power: Desired, since: Date = new Date()): Promise<void> {
  await tx
    .update(containers)
    .set({
      desired: power,
      observedPower: power,
      observedAt: new Date(),
      observedSince: since,
      ...(power === 'stopped' ? { usage: null } : {}),
    })
    .where(eq(containers.id, containerId));
}
