/** Roles that follow from groups. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { UserActor } from '../access/actor.ts';
import { lacking } from '../access/grant.ts';
import { audienceOf, policy, scopesOf } from '../access/policy.ts';
import { writeAudit } from '../audit/write.ts';
import { BerthError } from '../contract/errors.ts';
import type { GroupMapping } from '../contract/identity.ts';
import { permissions } from '../contract/permissions.ts';
import { roleWords } from '../contract/roles.ts';
import type { Tx } from '../db/client.ts';
import { isCheckViolation } from '../db/errors.ts';
import { assignments } from '../db/schema/people.ts';
import { tenants } from '../db/schema/tenants.ts';
import type { users } from '../db/schema/users.ts';
import { lockRolesOf } from '../people/members.ts';
import { settleRoles } from '../people/settle-roles.ts';
import { tellOfPeople } from '../people/tell.ts';
import { refuseBeyondProvider } from './bounds.ts';
import { keyOf, type MappedRole, rolesFor } from './claims.ts';
import type { ProviderRow } from './visits.ts';

type Owner = Pick<ProviderRow, 'resellerId'>;

/** Over the whole of what it is given over: groups say nothing of labels and containers. */
const scopeOf = ({ role }: MappedRole) => scopesOf[role][0];

/** The accounts a provider may give roles in, of those named: a reseller's own and its tenants, or any. */
async function accountsOf(tx: Tx, { resellerId }: Owner, ids: readonly string[]) {
  const rows =
    ids.length === 0
      ? []
      : await tx
          .select()
          .from(tenants)
          .where(inArray(tenants.id, [...new Set(ids)]));
  const own = rows.filter((one) => resellerId === null || one.id === resellerId || one.resellerId === resellerId);
  return new Map(own.map((one) => [one.id, one]));
}

function fits(account: { kind: string } | undefined, owner: Owner, { role, tenantId }: MappedRole): boolean {
  if (tenantId === null) return owner.resellerId === null && scopesOf[role][0] === 'installation';
  return account !== undefined && audienceOf(role) === account.kind;
}

/**
 * Judges mappings that somebody wants to write down. Throws `invalid` for what leads nowhere, and `forbidden` for roles that they could not
 * give by hand: a group is not a way around that.
 */
export async function judgeMappings(
  tx: Tx,
  actor: UserActor,
  owner: Owner,
  mappings: readonly GroupMapping[],
): Promise<void> {
  const accounts = await accountsOf(
    tx,
    owner,
    mappings.flatMap((one) => one.tenantId ?? []),
  );
  for (const [n, one] of mappings.entries()) {
    if (one.tenantId !== null && !accounts.has(one.tenantId)) throw invalid(n, 'tenantId', 'is no account of yours');
    if (!fits(accounts.get(one.tenantId ?? ''), owner, one)) {
      throw invalid(
        n,
        'role',
        `${roleWords[one.role].title} cannot be given ${one.tenantId === null ? 'there' : 'in that account'}`,
      );
    }
    const over = { scope: scopeOf(one), tenantId: one.tenantId, labels: [], containerId: null };
    const missing = lacking(actor, policy[one.role], over).map((right) => permissions[right].toLowerCase());
    if (missing.length === 0) continue;
    throw new BerthError('forbidden', `Nobody can give what they do not have: ${missing.join('; ')}.`);
  }
}

function invalid(n: number, field: string, message: string): BerthError {
  return new BerthError('invalid', undefined, { issues: [{ path: `mappings.${n}.${field}`, message }] });
}

/** The roles that follow from these groups and can still be given: an account may be gone, or another reseller's. */
export async function possibleRoles(tx: Tx, provider: ProviderRow, groups: readonly string[]): Promise<MappedRole[]> {
  const wanted = rolesFor(provider.mappings, groups);
  const accounts = await accountsOf(
    tx,
    provider,
    wanted.flatMap((one) => one.tenantId ?? []),
  );
  return wanted.filter((one) => fits(accounts.get(one.tenantId ?? ''), provider, one));
}

/**
 * Makes the roles that this provider gave somebody equal to those that follow now. Those given by hand, or by another provider, stay as they are; the
 * last owner of an account stays one.
 */
export async function followGroups(
  tx: Tx,
  provider: ProviderRow,
  user: Pick<typeof users.$inferSelect, 'id' | 'name' | 'email' | 'tenantId'>,
  wanted: readonly MappedRole[],
): Promise<void> {
  await lockRolesOf(tx, user.id);
  const had = await tx
    .select()
    .from(assignments)
    .where(and(eq(assignments.userId, user.id), eq(assignments.providerId, provider.id)));
  const come = wanted.filter((one) => !had.some((row) => keyOf(row) === keyOf(one)));
  const gone = had.filter((row) => !wanted.some((one) => keyOf(one) === keyOf(row)));
  const given: string[] = [];
  for (const one of come) {
    if (one.tenantId !== null) await refuseBeyondProvider(tx, user.id, one.tenantId);
    const { role, tenantId } = one;
    await tx
      .insert(assignments)
      .values({ userId: user.id, role, tenantId, scope: scopeOf(one), providerId: provider.id });
    given.push(role);
  }
  const taken: string[] = [];
  const kept: string[] = [];
  for (const row of gone) ((await takeUnlessLast(tx, row.id)) ? taken : kept).push(row.role);
  if (given.length + taken.length + kept.length === 0) return;
  for (const tenantId of new Set([...come, ...gone].map((one) => one.tenantId)))
    await tellOfPeople(tx, tenantId, user.id);
  const by = { kind: 'system', name: provider.name } as const;
  await settleRoles(tx, by, [user.id]);
  await writeAudit(tx, by, {
    ...{
      verb: 'identity.roles',
      tenantId: user.tenantId,
      targetKind: 'user',
      targetId: user.id,
      targetName: user.email,
    },
    detail: { given, taken, ...(kept.length === 0 ? {} : { keptAsLastOwner: kept }) },
  });
}

async function takeUnlessLast(tx: Tx, id: string): Promise<boolean> {
  await tx.execute(sql`savepoint take_role`);
  try {
    await tx.delete(assignments).where(eq(assignments.id, id));
    await tx.execute(sql`release savepoint take_role`);
    return true;
  } catch (error) {
    await tx.execute(sql`rollback to savepoint take_role`);
    if (!isCheckViolation(error, 'assignments_last_owner')) throw error;
    return false;
  }
}
