/** Whose the things are that addresses name: for the record of refusals. */
import { eq, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Tx } from '../db/client.ts';
import { backupLocations, backups } from '../db/schema/backups.ts';
import { containers } from '../db/schema/containers.ts';
import { handovers } from '../db/schema/handovers.ts';
import { identityProviders } from '../db/schema/identity-providers.ts';
import { imports } from '../db/schema/imports.ts';
import { operations } from '../db/schema/operations.ts';
import { roles } from '../db/schema/people.ts';
import { plans } from '../db/schema/plans.ts';
import { restoreConsents } from '../db/schema/restore-consents.ts';
import { snapshots } from '../db/schema/snapshots.ts';
import { tenants } from '../db/schema/tenants.ts';
import { accessConsents, tickets } from '../db/schema/tickets.ts';
import { webhookDeliveries, webhooks } from '../db/schema/webhooks.ts';

export type Target = { tenantId: string | null; containerId: string | null; name: string | null };

type Look = (tx: Tx, id: string) => Promise<Target | undefined>;

/** Things that belong to a tenant and are about a container. */
const ofContainer =
  (
    table:
      | typeof operations
      | typeof backups
      | typeof snapshots
      | typeof accessConsents
      | typeof restoreConsents
      | typeof handovers,
  ): Look =>
  async (tx, id) => {
    const [row] = await tx
      .select({ tenantId: table.tenantId, containerId: table.containerId, name: containers.name })
      .from(table)
      .leftJoin(containers, eq(containers.id, table.containerId))
      .where(eq(table.id, id));
    return row;
  };

/** Things of a tenant or a reseller, by their own name; `tenantId` null: the provider's. */
const ofAccount =
  (
    table: typeof backupLocations | typeof roles | typeof webhooks | typeof webhookDeliveries | typeof imports,
    name?: PgColumn,
  ): Look =>
  async (tx, id) => {
    const named = name === undefined ? sql<null>`null` : sql<string>`${name}`;
    const [row] = await tx.select({ tenantId: table.tenantId, name: named }).from(table).where(eq(table.id, id));
    return row && { ...row, containerId: null };
  };
const ofReseller =
  (table: typeof plans | typeof identityProviders): Look =>
  async (tx, id) => {
    const [row] = await tx.select({ tenantId: table.resellerId, name: table.name }).from(table).where(eq(table.id, id));
    return row && { ...row, containerId: null };
  };

const container: Look = async (tx, id) => {
  const { tenantId, name } = containers;
  const [row] = await tx.select({ tenantId, name }).from(containers).where(eq(containers.id, id));
  return row && { ...row, containerId: id };
};
const account: Look = async (tx, id) => {
  const [row] = await tx.select({ name: tenants.name }).from(tenants).where(eq(tenants.id, id));
  return row && { ...row, tenantId: id, containerId: null };
};
const ticket: Look = async (tx, id) => {
  const { tenantId, containerId, number } = tickets;
  const [row] = await tx.select({ tenantId, containerId, number }).from(tickets).where(eq(tickets.id, id));
  return row && { tenantId: row.tenantId, containerId: row.containerId, name: `#${row.number}` };
};

/** By the first part of an address. What is not here belongs to the provider, or to a person. */
export const looks: Readonly<Record<string, Look>> = {
  'access-consents': ofContainer(accessConsents),
  'backup-locations': ofAccount(backupLocations, backupLocations.name),
  backups: ofContainer(backups),
  brands: account,
  containers: container,
  exports: ofContainer(operations),
  handovers: ofContainer(handovers),
  'identity-providers': ofReseller(identityProviders),
  imports: ofAccount(imports),
  operations: ofContainer(operations),
  plans: ofReseller(plans),
  resellers: account,
  'restore-consents': ofContainer(restoreConsents),
  roles: ofAccount(roles, roles.title),
  snapshots: ofContainer(snapshots),
  tenants: account,
  tickets: ticket,
  'webhook-deliveries': ofAccount(webhookDeliveries),
  webhooks: ofAccount(webhooks),
};

/** Whose a thing is, by the first part of its address below /api/v1 and its id; undefined where there is none. */
export const find = async (tx: Tx, area: string, id: string): Promise<Target | undefined> =>
  Object.hasOwn(looks, area) ? await looks[area]?.(tx, id) : undefined;
