import { and, eq, inArray } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { setAccess } from '#lib/containers/access.ts';
import { configureContainer } from '#lib/containers/configure.ts';
import type { Facts } from '#lib/contract/audit-facts.ts';
import type {
  ChangeServicePlan,
  RenewService,
  ResetServicePassword,
  Service,
  ServiceQuery,
  ServiceVerb,
  SuspendService,
} from '#lib/contract/billing.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { billingServices } from '#lib/db/schema/billing.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { endHold, putHold } from '#lib/holds/holds.ts';
import { type Found, lockService, ofService } from './find.ts';
import { billsFor, handsOf } from './hands.ts';
import { refuseUnlessPermitted } from './state.ts';

type Named = z.infer<typeof ServiceQuery>;

/** Puts billing's hold on the service's container: it is stopped, and its owner can only look. Suspended already: nothing changes. */
export async function suspendService(actor: UserActor, input: z.infer<typeof SuspendService>): Promise<Service> {
  const { service } = await change(actor, 'suspend', input, async (tx, hands, { held, container }) => {
    if (held || container === null) return undefined;
    const message = input.message ?? null;
    await putHold(tx, hands, { containerId: container.id }, { reason: 'billing', stop: true, message });
    return {};
  });
  return service;
}

/** Lifts billing's hold and no other. What was wanted of the container before comes back with the last that stops it. */
export async function unsuspendService(actor: UserActor, input: Named): Promise<Service> {
  return (await change(actor, 'unsuspend', input, lift)).service;
}

/** Writes down until when the service is paid; whoever has paid is not suspended. */
export async function renewService(actor: UserActor, input: z.infer<typeof RenewService>): Promise<Service> {
  const { service } = await change(actor, 'renew', input, async (tx, hands, found) => {
    const { paidUntil } = input;
    if (paidUntil !== undefined) {
      const until = { paidUntil: new Date(paidUntil) };
      await tx.update(billingServices).set(until).where(eq(billingServices.id, found.row.id));
    }
    await lift(tx, hands, found);
    return { paidUntil: paidUntil ?? null };
  });
  return service;
}

async function lift(tx: Tx, hands: UserActor, { held, container }: Found) {
  if (!held || container === null) return undefined;
  await endHold(tx, hands, { containerId: container.id }, 'billing');
  return {};
}

/**
 * What is decided and done within one transaction, with the service locked. `work` answers what of it is recorded; undefined: nothing
 * was to be done. Gives the service as it is then, whether anything was done, and the hands that what follows is done with.
 */
export async function change(
  actor: UserActor,
  verb: ServiceVerb,
  { externalServiceId }: Named,
  work: (tx: Tx, hands: UserActor, found: Found) => Promise<Facts | undefined>,
): Promise<{ service: Service; done: boolean; hands: UserActor }> {
  const resellerId = billsFor(actor);
  const hands = await handsOf(actor);
  return await asActor(hands, async (tx) => {
    const found = await lockService(tx, hands, resellerId, externalServiceId);
    refuseUnlessPermitted(verb, found.service);
    const detail = await work(tx, hands, found);
    // What was so already is asked for, too: the record says that it was.
    await writeAudit(tx, hands, { ...ofService(found.row, verb), detail: detail ?? { already: true } });
    const { service } = await lockService(tx, hands, resellerId, externalServiceId);
    return { service, done: detail !== undefined, hands };
  });
}

/** Moves the service's container to another plan. There, or on its way there, already: nothing changes. */
export async function changeServicePlan(actor: UserActor, input: z.infer<typeof ChangeServicePlan>): Promise<Service> {
  const { planId } = input;
  const { service, done, hands } = await change(actor, 'change-plan', input, async (tx, _hands, { container }) => {
    if (container === null) return undefined;
    const under = await tx
      .select({ input: operations.input })
      .from(operations)
      .where(
        and(
          eq(operations.containerId, container.id),
          eq(operations.kind, 'configure'),
          inArray(operations.state, [...activeOperationStates]),
        ),
      );
    const [coming] = under.map(({ input: asked }) => asked.planId);
    if ((coming ?? container.planId) === planId) return undefined;
    return { planId };
  });
  if (!done || service.containerId === null) return service;
  const operation = await configureContainer(hands, service.containerId, { planId });
  return { ...service, operationId: operation.id };
}

/**
 * Sets the root password inside. It travels sealed to the worker and is forgotten there. Throws `busy` while something else is done to the
 * container, and then nothing is set.
 */
export async function resetServicePassword(
  actor: UserActor,
  input: z.infer<typeof ResetServicePassword>,
): Promise<Service> {
  const { service, hands } = await change(actor, 'reset-password', input, async () => ({}));
  if (service.containerId === null) throw new BerthError('state', 'It has no container.');
  const wish = { rootPassword: input.rootPassword };
  const operation = await setAccess(hands, service.containerId, wish, { permission: 'billing.run' });
  return { ...service, operationId: operation.id };
}
