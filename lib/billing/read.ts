import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '#lib/access/actor.ts';
import { authorize, ofTenant } from '#lib/access/authorize.ts';
import type { BillingTest, ListServices, Service, ServiceUsage } from '#lib/contract/billing.ts';
import type { PageQuery } from '#lib/contract/lists.ts';
import { asActor } from '#lib/db/client.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { listPlans } from '#lib/plans/list.ts';
import { resellerFor } from '#lib/resellers/get-quota.ts';
import { listTemplates } from '#lib/templates/list.ts';
import { type Found, findServices } from './find.ts';
import { billsFor, handsOf } from './hands.ts';

type Page<T> = { items: T[]; nextCursor: string | null };
type Query = z.output<typeof ListServices>;
/** What a menu of a billing program holds. */
const offeredAtMost = 200;

/** The services of the token's reseller, newest first, or the one of a number; none is an empty list. */
export async function listServices(actor: UserActor, query: Query): Promise<Page<Service>> {
  const { items, nextCursor } = await pageOf(actor, query);
  return { items: items.map(({ service }) => service), nextCursor };
}

/** What they use, as their hosts told last, beside what they may. */
export async function servicesUsage(actor: UserActor, query: Query): Promise<Page<ServiceUsage>> {
  const { items, nextCursor } = await pageOf(actor, query);
  return { items: items.map(usageOf), nextCursor };
}

async function pageOf(actor: UserActor, query: Query): Promise<Page<Found>> {
  const resellerId = billsFor(actor);
  const hands = await handsOf(actor);
  return await asActor(hands, (tx) => findServices(tx, hands, resellerId, query));
}

function usageOf({ service, container, measured }: Found): ServiceUsage {
  const { externalServiceId, state } = service;
  const gone = container === null || container.state === 'deleted';
  const usage = gone ? null : container.usage;
  const resources = gone ? null : container.resources;
  return {
    externalServiceId,
    state,
    at: usage === null ? null : (container?.lastKnown?.at ?? null),
    diskBytes: usage?.diskBytes ?? null,
    diskLimitBytes: resources?.diskBytes ?? null,
    memoryBytes: usage?.memoryBytes ?? null,
    memoryLimitBytes: resources?.memoryBytes ?? null,
    cpuCores: usage?.cpuCores ?? null,
    cpuLimitCores: resources?.cpuCores ?? null,
    receivedBytes: usage?.receivedBytes ?? null,
    sentBytes: usage?.sentBytes ?? null,
    backupBytes: measured,
  };
}

/** Whether the token works, whose it is, and which plans and templates its services can be made of. */
export async function testBilling(actor: UserActor): Promise<BillingTest> {
  const resellerId = billsFor(actor);
  const hands = await handsOf(actor);
  const [reseller] = await asActor(hands, (tx) => tx.select().from(tenants).where(eq(tenants.id, resellerId)));
  const plans = await listPlans(hands, { limit: offeredAtMost });
  const templates = await listTemplates(hands, { limit: offeredAtMost });
  return {
    resellerId,
    resellerName: reseller?.name ?? '',
    plans: plans.items
      .filter((plan) => plan.offered)
      .map(({ id, name, price }) => ({ id, name, price: price === '' ? null : price })),
    templates: templates.items
      .filter((template) => template.offered)
      .map(({ id, title, name, version }) => ({ id, title, name, version })),
  };
}

/** For people: what a reseller's billing program has sold. */
export async function resellerServices(
  actor: UserActor,
  resellerId: string,
  query: z.output<typeof PageQuery>,
): Promise<Page<Service>> {
  authorize(actor, 'reseller.read', ofTenant(resellerId));
  return await asActor(actor, async (tx) => {
    await resellerFor(tx, resellerId);
    const { items, nextCursor } = await findServices(tx, actor, resellerId, query);
    return { items: items.map(({ service }) => service), nextCursor };
  });
}
