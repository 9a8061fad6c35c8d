import type { Tx } from '../db/client.ts';
import { publish } from '../events/publish.ts';

/**
 * Tells live pages, when the caller's transaction commits, that who belongs to an account, an invitation, a role or a token there is another
 * than it was; `tenantId` null: to the installation. Heard by those who may read who belongs to it, and by `userId`, whose own it is,
 * whatever they may read. It says nothing of what has changed: pages ask for that again.
 */
export async function tellOfPeople(tx: Tx, tenantId: string | null, userId?: string): Promise<void> {
  await publish(tx, { type: 'people', tenantId, data: userId === undefined ? {} : { userId } });
}
