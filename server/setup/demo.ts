/** The demo's small world: two resellers with two tenants each, and somebody of most kinds. */
import { randomBytes } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import { v7 } from 'uuid';
import { hashPassword } from '#lib/auth/passwords.ts';
import type { Role } from '#lib/contract/roles.ts';
import type { Tx } from '#lib/db/client.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';

type Account = { email: string; password: string; userId: string };
export type MoreDemo = {
  containersMade: boolean;
  accounts: Record<string, { tenantId: string }>;
  people: Record<string, Account>;
};

/** Tenants by name, and whose they are. The tenant `a1` is there already. */
const accounts: Record<string, { name: string; reseller: string | null }> = {
  a: { name: 'Reseller A', reseller: null },
  b: { name: 'Reseller B', reseller: null },
  a2: { name: 'Tenant A2', reseller: 'a' },
  b1: { name: 'Tenant B1', reseller: 'b' },
  b2: { name: 'Tenant B2', reseller: 'b' },
};
const people: Record<string, { name: string; role: Role; of: string | null }> = {
  support: { name: 'Demo support', role: 'support', of: null },
  'reseller-a': { name: 'Demo reseller A', role: 'reseller-owner', of: 'a' },
  'reseller-b': { name: 'Demo reseller B', role: 'reseller-owner', of: 'b' },
  'tenant-a2': { name: 'Demo tenant A2', role: 'tenant-owner', of: 'a2' },
  'tenant-b1': { name: 'Demo tenant B1', role: 'tenant-owner', of: 'b1' },
  'tenant-b2': { name: 'Demo tenant B2', role: 'tenant-owner', of: 'b2' },
  'viewer-a1': { name: 'Demo viewer A1', role: 'tenant-viewer', of: 'a1' },
};
/** The tenants that get a small container besides the first one's. */
export const demoContainers: Record<string, string> = { a2: 'web-a2', b1: 'web-b1', b2: 'web-b2' };
export const demoPlan = 'Demo';

export function moreDemo(make: (email: string) => Account): MoreDemo {
  return {
    containersMade: false,
    accounts: Object.fromEntries(Object.keys(accounts).map((key) => [key, { tenantId: v7() }])),
    people: Object.fromEntries(Object.keys(people).map((key) => [key, make(`${key}@berth.localhost`)])),
  };
}

/** Writes what is missing of it; `firstTenantId` becomes the first reseller's unless it is somebody's. Idempotent. */
export async function ensureMoreDemo(tx: Tx, firstTenantId: string, more: MoreDemo): Promise<void> {
  const idOf = (key: string | null) =>
    (key === null ? null : key === 'a1' ? firstTenantId : more.accounts[key]?.tenantId) ?? null;
  for (const [key, { name, reseller }] of Object.entries(accounts)) {
    const id = idOf(key);
    if (id === null) continue;
    const kind = reseller === null ? ('reseller' as const) : ('tenant' as const);
    await tx
      .insert(tenants)
      .values({ id, name, kind, resellerId: idOf(reseller) })
      .onConflictDoNothing();
  }
  await tx
    .update(tenants)
    .set({ resellerId: idOf('a') })
    .where(and(eq(tenants.id, firstTenantId), isNull(tenants.resellerId)));
  for (const [key, { name, role, of }] of Object.entries(people)) {
    const account = more.people[key];
    if (account !== undefined) await ensureDemoUser(tx, account, { name, role, tenantId: idOf(of) });
  }
  const resources = {
    cpuCores: 0.25,
    cpuShares: 512,
    memoryBytes: 96 * 2 ** 20,
    pids: 128,
    diskBytes: 2 ** 28,
    inodes: 16_384,
  };
  await tx
    .insert(plans)
    .values({ name: demoPlan, resources, maxBackups: 3, maxForwards: 3, retentionHours: 24 })
    .onConflictDoNothing();
}

/** A demo account that is not there is made; one that was disabled is let in again. */
export async function ensureDemoUser(
  tx: Tx,
  account: Account,
  person: { name: string; role: Role; tenantId: string | null },
): Promise<void> {
  const [present] = await tx
    .select({ id: users.id, disabledAt: users.disabledAt })
    .from(users)
    .where(eq(users.id, account.userId));
  if (present === undefined) {
    const passwordHash = await hashPassword(account.password);
    await tx.insert(users).values({ id: account.userId, email: account.email, passwordHash, ...person });
  } else if (present.disabledAt !== null) {
    await tx.update(users).set({ disabledAt: null }).where(eq(users.id, account.userId));
  }
}

export function newAccount(email: string): Account {
  return { email, password: randomBytes(12).toString('base64url'), userId: v7() };
}
