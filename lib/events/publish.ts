import type { BerthEvent } from '../contract/events.ts';
import type { Tx } from '../db/client.ts';
import { events } from '../db/schema/events.ts';

export type NewEvent = {
  type: BerthEvent['type'];
  /** Who may see it besides the provider; null: the provider only. */
  tenantId: string | null;
  containerId?: string | null;
  operationId?: string | null;
  data?: Record<string, unknown>;
};

/** Tells the live pages, when the caller's transaction commits. */
export async function publish(tx: Tx, ...list: NewEvent[]): Promise<void> {
  if (list.length === 0) return;
  await tx.insert(events).values(
    list.map((event) => ({
      type: event.type,
      tenantId: event.tenantId,
      containerId: event.containerId ?? null,
      operationId: event.operationId ?? null,
      data: event.data ?? {},
    })),
  );
}
