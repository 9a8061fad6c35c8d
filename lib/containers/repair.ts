import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, ofContainer } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import {
  type Container,
  type ExtendRepair,
  longestRepairHours,
  type Repair,
  type Repairing,
} from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { asActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { publish } from '#lib/events/publish.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { containerFacts } from './facts.ts';
import { getContainer } from './get.ts';

const hourMs = 3_600_000;

/**
 * Boots a rescue system in the container's place, with its files at /repair, for so many hours. Root's password for it is
 * made here and told in this answer alone; with `access: 'keys'` there is none, and the container's keys log in. Throws
 * `invalid` when it has none.
 */
export async function repairContainer(actor: Actor, id: string, input: z.infer<typeof Repair>): Promise<Repairing> {
  const rootPassword = input.access === 'password' ? randomBytes(15).toString('base64url') : undefined;
  const operation = await requestOperation(actor, {
    kind: 'repair',
    containerId: id,
    secrets: { rootPassword },
    prepare: async (_tx, { container }) => {
      if (input.access === 'keys' && container.sshKeys.length === 0) {
        throw new BerthError('invalid', 'The container has no ssh keys.', {
          remedy: 'Set keys in its settings, or choose a password.',
          issues: [{ path: 'access', message: 'the container has no keys' }],
        });
      }
      return { volumeId: uuidv7(), readOnly: input.readOnly, hours: input.hours };
    },
  });
  return { ...operation, rootPassword: rootPassword ?? null };
}

/** Ends the repair: the rescue system goes, and the container starts as it was if it ran before. */
export async function finishRepair(actor: Actor, id: string): Promise<Operation> {
  return await requestOperation(actor, { kind: 'repair-finish', containerId: id });
}

/**
 * So many hours from now on, or on top of what is left of it; no longer than {@link longestRepairHours} in all. Throws `state` out of
 * repair, and when that would be no later than it ends already.
 */
export async function extendRepair(actor: Actor, id: string, input: z.infer<typeof ExtendRepair>): Promise<Container> {
  authorize(actor, 'container.repair');
  await asActor(actor, async (tx) => {
    const facts = await containerFacts(tx, id, { lock: true });
    if (facts === undefined || facts.container.deletedAt !== null) throw new BerthError('not_found');
    const { container } = facts;
    authorize(actor, 'container.repair', ofContainer(container));
    if (container.repairUntil === null) throw new BerthError('state', 'The container is not in repair.');
    const last = (container.repairSince ?? new Date()).getTime() + longestRepairHours * hourMs;
    const from = input.onTop === true ? Math.max(Date.now(), container.repairUntil.getTime()) : Date.now();
    const wanted = from + input.hours * hourMs;
    if (wanted <= Math.min(container.repairUntil.getTime(), last)) {
      throw new BerthError('state', 'It lasts as long already.', { remedy: 'Say more hours; they count from now.' });
    }
    const until = new Date(Math.min(wanted, last));
    if (until <= container.repairUntil) {
      throw new BerthError('state', `A repair lasts ${longestRepairHours} hours at most.`, {
        remedy: 'Finish it, and begin another.',
      });
    }
    await tx.update(containers).set({ repairUntil: until }).where(eq(containers.id, id));
    await writeAudit(tx, actor, {
      verb: 'container.repair',
      tenantId: container.tenantId,
      targetKind: 'container',
      targetId: id,
      targetName: container.name,
      detail: { until: until.toISOString() },
    });
    await publish(tx, { type: 'container', tenantId: container.tenantId, containerId: id, data: {} });
  });
  return await getContainer(actor, id);
}
