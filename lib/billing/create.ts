import { and, eq, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { authorize, ofTenant } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { createContainer } from '#lib/containers/create.ts';
import { undeleteContainer } from '#lib/containers/undelete.ts';
import type { CreateService, Service } from '#lib/contract/billing.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { isUniqueViolation } from '#lib/db/errors.ts';
import { billingServices } from '#lib/db/schema/billing.ts';
import { assignments } from '#lib/db/schema/people.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { templates } from '#lib/db/schema/templates.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import { takeTurn } from '#lib/db/turn.ts';
import { endHold } from '#lib/holds/holds.ts';
import { retryOperation } from '#lib/operations/retry.ts';
import { quotaRow } from '#lib/resellers/quota.ts';
import { refuseForeignPlan, refuseForeignTemplate } from '#lib/resellers/refuse.ts';
import { refuseWithdrawn } from '#lib/templates/offer.ts';
import { insertAccount } from '#lib/tenants/account.ts';
import { type Found, lockService, named, ofService } from './find.ts';
import { billsFor, handsOf } from './hands.ts';

type Input = z.output<typeof CreateService>;
/** Of a service that is not, or no longer, terminated. */
const sold = { terminatedAt: null, removeAfter: null };
/** Somebody else, who asked for the same at the same time, has done it. */
class DoneAlready extends Error {}

/**
 * Makes a service, and answers at once: how far its container is tells `list`, or the same again. In two steps, of which each is done
 * once: the service with its tenant (with the client's first, an owner who gets a link by mail), then the container, written together
 * with the service's word that it is its own. A repeat goes on from where it was cut off; it tries again what failed, calls a
 * termination off while there is time, and has back from backups what was deleted. Throws `conflict` where the number is another client's.
 */
export async function createService(actor: UserActor, input: Input): Promise<Service> {
  const resellerId = billsFor(actor);
  await enter(actor, await handsOf(actor), resellerId, input);
  const hands = await handsOf(actor);
  const look = () => asActor(hands, (tx) => lockService(tx, hands, resellerId, input.externalServiceId));
  const found = await look();
  try {
    await goOn(hands, found, input);
  } catch (error) {
    if (!(error instanceof DoneAlready)) throw error;
  }
  return (await look()).service;
}

/** The row of the service, and its tenant. As the portal: a reseller's scope does not hold the new tenant yet. */
async function enter(actor: UserActor, hands: UserActor, resellerId: string, input: Input): Promise<void> {
  const { externalServiceId: externalId, client } = input;
  authorize(hands, 'tenant.create', ofTenant(resellerId));
  await asActor(systemActor('billing.create'), async (tx) => {
    // Two services of a new client, asked for at the same time, are not two tenants.
    await takeTurn(tx, `client:${resellerId}:${client.externalId}`);
    const [known] = await tx.select().from(billingServices).where(named(resellerId, externalId));
    if (known !== undefined) {
      if (known.externalClientId !== client.externalId) throw otherClient();
      return;
    }
    await refuseForeignOffer(tx, resellerId, input);
    const { tenantId, userId } = await accountFor(tx, actor, resellerId, client);
    const [made] = await tx
      .insert(billingServices)
      .values({ resellerId, externalId, externalClientId: client.externalId, tenantId, userId })
      .onConflictDoNothing()
      .returning();
    if (made === undefined) throw otherClient();
    await writeAudit(tx, actor, {
      ...ofService(made, 'create'),
      detail: { client: client.externalId, planId: input.planId, templateId: input.templateId },
    });
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error, 'users_email')) throw error;
    throw new BerthError(
      'conflict',
      'This e-mail address already has an account, which is not one of your tenants’ owners.',
      {
        issues: [{ path: 'client.email', message: 'already has an account' }],
        cause: error,
      },
    );
  });
}

function otherClient(): BerthError {
  return new BerthError('conflict', 'The number of this service is another client’s already.', {
    issues: [{ path: 'externalServiceId', message: 'is another client’s' }],
  });
}

/** Before a tenant is made for it. The container's own verb looks again, with all the limits. */
async function refuseForeignOffer(tx: Tx, resellerId: string, { planId, templateId }: Input): Promise<void> {
  const [plan] = await tx.select().from(plans).where(eq(plans.id, planId));
  if (plan === undefined) throw new BerthError('not_found', 'There is no such plan.');
  const [template] = await tx.select().from(templates).where(eq(templates.id, templateId));
  if (template === undefined) throw new BerthError('not_found', 'There is no such template.');
  await refuseForeignPlan(tx, resellerId, plan);
  refuseForeignTemplate(await quotaRow(tx, resellerId), templateId);
  refuseWithdrawn(template);
}

/** The tenant of the client's other services; or the reseller's tenant that somebody with this address owns; or a new one. */
async function accountFor(tx: Tx, actor: UserActor, resellerId: string, client: Input['client']) {
  const [other] = await tx
    .select({ tenantId: billingServices.tenantId, userId: billingServices.userId })
    .from(billingServices)
    .where(and(eq(billingServices.resellerId, resellerId), eq(billingServices.externalClientId, client.externalId)))
    .orderBy(billingServices.createdAt)
    .limit(1);
  if (other !== undefined) return other;
  const owner = await ownerBy(tx, resellerId, client.email);
  if (owner !== undefined) return owner;
  const name = client.company ?? client.name;
  const account = { kind: 'tenant', role: 'tenant-owner', resellerId, name } as const;
  await insertAccount(tx, actor, { ...account, ownerEmail: client.email, ownerName: client.name });
  const made = await ownerBy(tx, resellerId, client.email);
  if (made === undefined) throw new Error('the account just made has no owner');
  return made;
}

async function ownerBy(tx: Tx, resellerId: string, email: string) {
  const [owner] = await tx
    .select({ tenantId: tenants.id, userId: users.id })
    .from(users)
    .innerJoin(assignments, eq(assignments.userId, users.id))
    .innerJoin(tenants, eq(tenants.id, assignments.tenantId))
    .where(
      and(
        eq(sql`lower(${users.email})`, email),
        isNull(users.disabledAt),
        and(eq(assignments.role, 'tenant-owner'), eq(assignments.scope, 'tenant'), isNull(assignments.customRoleId)),
        eq(tenants.resellerId, resellerId),
      ),
    )
    .limit(1);
  return owner;
}

/** From whatever state it is in towards a container that runs. */
async function goOn(hands: UserActor, found: Found, input: Input): Promise<void> {
  const { row, service, container } = found;
  switch (service.state) {
    case 'creating':
    case 'active':
    case 'suspended':
      return;
    case 'terminating':
      return await callOff(hands, row.resellerId, input.externalServiceId);
    default:
  }
  if (container === null || container.state !== 'deleted') {
    // A stuck one waits for somebody to look at it.
    if (container === null) await makeContainer(hands, found, input);
    return;
  }
  if (container.deleted !== null && container.deleted.backups > 0) return await haveBack(hands, found, container.id);
  if (row.terminatedAt === null && row.operationId !== null && (await failed(hands, row.operationId))) {
    return await tryAgain(hands, row.operationId);
  }
  await makeContainer(hands, found, input);
}

/** Nothing is deleted yet: it is as it was before it was terminated. */
async function callOff(hands: UserActor, resellerId: string, externalId: string): Promise<void> {
  await asActor(hands, async (tx) => {
    const { row, service, container } = await lockService(tx, hands, resellerId, externalId);
    if (service.state !== 'terminating' || container === null) throw new DoneAlready();
    const busy = container.operation?.kind === 'delete' ? container.operation.id : undefined;
    if (busy !== undefined) throw new BerthError('busy', 'It is being deleted.', { operationId: busy });
    await tx.update(billingServices).set(sold).where(eq(billingServices.id, row.id));
    await endHold(tx, hands, { containerId: container.id }, 'billing');
    await writeAudit(tx, hands, { ...ofService(row, 'create'), detail: { calledOff: true } });
  });
}

/**
 * What else is written with the container: whose it is, and that it is sold again. Locked and looked at first, so that of fifty who ask
 * at the same time one makes it.
 */
function alongside(hands: UserActor, { row }: Found) {
  return {
    before: async (tx: Tx) => {
      const now = await lockService(tx, hands, row.resellerId, row.externalId);
      if (now.row.containerId !== row.containerId || now.row.operationId !== row.operationId) throw new DoneAlready();
    },
    after: async (tx: Tx, made: { containerId: string; operationId: string }) => {
      await tx
        .update(billingServices)
        .set({ ...made, ...sold })
        .where(eq(billingServices.id, row.id));
    },
  };
}

async function makeContainer(hands: UserActor, found: Found, input: Input): Promise<void> {
  const { planId, templateId, sshKeys, rootPassword } = input;
  const wish = { tenantId: found.row.tenantId, planId, templateId, sshKeys, start: true };
  const name = input.name ?? nameFor(input.externalServiceId);
  await createContainer(
    hands,
    { ...wish, name, ...(rootPassword === undefined ? {} : { rootPassword }) },
    alongside(hands, found),
  );
}

async function haveBack(hands: UserActor, found: Found, containerId: string): Promise<void> {
  const wish = { start: true, acceptNewAddress: true };
  await undeleteContainer(hands, containerId, wish, alongside(hands, found));
}

async function failed(hands: UserActor, operationId: string): Promise<boolean> {
  const { rows } = await asActor(hands, (tx) =>
    tx.execute(sql`select from operations where id = ${operationId} and kind = 'create' and state = 'failed'`),
  );
  return rows.length > 0;
}

/** Under the same id, so that an attempt that somebody makes in the panel is not a second container. */
async function tryAgain(hands: UserActor, operationId: string): Promise<void> {
  try {
    await retryOperation(hands, operationId);
  } catch (error) {
    if (!(error instanceof BerthError) || (error.code !== 'state' && error.code !== 'busy')) throw error;
    if (await failed(hands, operationId)) throw error;
    throw new DoneAlready();
  }
}

/** Of a service whose billing program gives it no name: as near to its number as a host name can be. */
export function nameFor(externalServiceId: string): string {
  const near = externalServiceId
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 50);
  return `service-${near === '' ? Buffer.from(externalServiceId).toString('hex').slice(0, 40) : near}`.replace(
    /-$/,
    '',
  );
}
