/** Copies that a host which came back has of what was written off with it. */
import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { systemActor } from '#lib/access/actor.ts';
import { runAction } from '#lib/agent-client/actions.ts';
import type { AgentConnection } from '#lib/agent-client/connection.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { Inventory } from '#lib/contract/agent-state.ts';
import { actionId } from '#lib/contract/ids.ts';
import { type Db, type Tx, withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts, lostCopies } from '#lib/db/schema/hosts.ts';
import type { GrantSigner } from '#lib/grants/sign.ts';

const observer = systemActor('observer');
/** Its files may be adopted yet, so it is given time to end by itself. */
const stopMs = 30_000;
const answerMs = 20_000;

export type CopyToStop = { containerId: string; generation: number };

/**
 * Compares a host's word with what was written off there: gives what it runs or would start again, and writes down what it has stopped, and
 * what it does not have any more. One that lives there again by the panel's own wish is none of these.
 */
export async function copiesToStop(db: Db, hostId: string, inventory: Inventory): Promise<CopyToStop[]> {
  return await withActor(db, observer, async (tx) => {
    const copies = await tx
      .select()
      .from(lostCopies)
      .where(and(eq(lostCopies.hostId, hostId), isNotNull(lostCopies.goneAt)));
    if (copies.length === 0) return [];
    const rows = await tx
      .select({ id: containers.id, hostId: containers.hostId, deletedAt: containers.deletedAt, name: containers.name })
      .from(containers)
      .where(
        inArray(
          containers.id,
          copies.map((copy) => copy.containerId),
        ),
      );
    const toStop: CopyToStop[] = [];
    for (const copy of copies) {
      const item = inventory.containers.find((one) => one.containerId === copy.containerId);
      const row = rows.find((one) => one.id === copy.containerId);
      if (row !== undefined && row.hostId === hostId && row.deletedAt === null) continue;
      if (item === undefined) {
        if (copy.missingAt === null) await note(tx, copy, { missingAt: new Date() });
        continue;
      }
      if (copy.missingAt !== null) await note(tx, copy, { missingAt: null });
      if (item.power !== 'stopped' || item.desired !== 'stopped') {
        toStop.push({ containerId: copy.containerId, generation: Math.max(copy.generation, item.generation) });
        continue;
      }
      if (copy.stoppedAt !== null) continue;
      await note(tx, copy, { stoppedAt: new Date() });
      await writeAudit(tx, observer, {
        verb: 'container.lost-copy-stopped',
        tenantId: copy.tenantId,
        targetKind: 'container',
        targetId: copy.containerId,
        targetName: row?.name ?? null,
        detail: { hostId },
      });
    }
    return toStop;
  });
}

async function note(tx: Tx, copy: typeof lostCopies.$inferSelect, values: Partial<typeof lostCopies.$inferInsert>) {
  const { hostId, containerId } = copy;
  await tx
    .update(lostCopies)
    .set(values)
    .where(and(eq(lostCopies.hostId, hostId), eq(lostCopies.containerId, containerId)));
}

/**
 * Has the host stop one and never start it again by itself: what it was ordered before is refused from then on, for the order's generation
 * is above it. Nothing is deleted.
 */
export async function stopCopy(agent: AgentConnection, signer: GrantSigner, copy: CopyToStop): Promise<void> {
  const operationId = uuidv7();
  const call = {
    verb: 'container.stop',
    actionId: actionId(operationId, 1, 'lost'),
    operationId,
    containerId: copy.containerId,
    generation: copy.generation,
    fence: 0,
    subject: 'system',
    args: { timeoutMs: stopMs },
    secrets: {},
  } as const;
  const patience = { unreachableMs: 0, idleMs: answerMs, retries: 0, totalMs: stopMs + answerMs };
  await runAction(agent, signer, call, {}, patience);
}

/** What a host has of it counts as the container again. */
export async function forgetCopy(tx: Tx, hostId: string, containerId: string): Promise<void> {
  await tx.delete(lostCopies).where(and(eq(lostCopies.hostId, hostId), eq(lostCopies.containerId, containerId)));
}

/** The host's name, for words. */
export async function hostName(tx: Tx, hostId: string): Promise<string> {
  const [row] = await tx.select({ name: hosts.name }).from(hosts).where(eq(hosts.id, hostId));
  return row?.name ?? hostId;
}
