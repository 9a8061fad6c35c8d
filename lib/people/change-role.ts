import { and, eq, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '../access/actor.ts';
import { authorize, hasPermission, ofTenant } from '../access/authorize.ts';
import { lacking } from '../access/grant.ts';
import { writeAudit } from '../audit/write.ts';
import type { Facts } from '../contract/audit-facts.ts';
import { BerthError } from '../contract/errors.ts';
import type { ChangeRole, RoleDetail, RoleInfo } from '../contract/roles.ts';
import { asActor, type Tx } from '../db/client.ts';
import { assignments, invitations, roles } from '../db/schema/people.ts';
import { users } from '../db/schema/users.ts';
import { refuseStale } from '../http/edition.ts';
import { endAccount, lockRolesOf } from './members.ts';
import { fewerThan, presentRole, refuseLacking, titleTaken, wholeOf } from './roles.ts';
import { settleRoles } from './settle-roles.ts';
import { tellOfPeople } from './tell.ts';

const people = systemActor('roles');
type Row = typeof roles.$inferSelect;

/** A custom role and who has it, for those who make roles there. */
export async function getRole(actor: UserActor, id: string): Promise<RoleDetail> {
  const role = await roleFor(actor, id);
  const named = hasPermission(actor, 'member.read', ofTenant(role.tenantId));
  return await asActor(people, async (tx) => {
    const held = await holdersOf(tx, id);
    const open = await tx.select({ id: invitations.id }).from(invitations).where(giving(id));
    const holders = held.map(({ userId, name, only }) => ({ id: userId, name: named ? name : 'Somebody', only }));
    return { ...presentRole(role), holders, invitations: open.length };
  });
}

/**
 * Changes a custom role. Nobody puts in what they lack, nor decides about a role that may do what they may not. It counts from the next
 * request of whoever has it; open streams of those who lose something end within 2 s.
 */
export async function changeRole(actor: UserActor, id: string, input: z.infer<typeof ChangeRole>): Promise<RoleInfo> {
  const before = await roleFor(actor, id);
  const permissions = input.permissions === undefined ? undefined : fewerThan(before.base, input.permissions);
  if (permissions !== undefined) refuseLacking(actor, permissions, wholeOf(before.base, before.tenantId));
  try {
    return await asActor(people, async (tx) => {
      const role = await lockRole(tx, actor, id);
      await refuseStale('role', async () => presentRole(role));
      const [row] = await tx
        .update(roles)
        .set({
          title: input.title ?? role.title,
          about: input.about ?? role.about,
          permissions: permissions ?? role.permissions,
        })
        .where(eq(roles.id, id))
        .returning();
      if (row === undefined) throw new BerthError('not_found');
      const held = await holdersOf(tx, id);
      await settleRoles(
        tx,
        actor,
        held.map((one) => one.userId),
      );
      const said = ({ title, about, permissions: rights }: Row) => ({ title, about, permissions: rights });
      const detail = { before: said(role), after: said(row) };
      await record(tx, actor, 'role.change', row, detail);
      await recordForTenants(tx, actor, 'role.change', row, await tenantsOf(tx, role), detail);
      return presentRole(row);
    });
  } catch (error) {
    throw titleTaken(error);
  }
}

/**
 * Deletes a custom role. Whoever has it loses it; who has no other role anywhere is out, as if removed from the account. Invitations
 * that would give it are taken back.
 */
export async function deleteRole(actor: UserActor, id: string): Promise<void> {
  await roleFor(actor, id);
  await asActor(people, async (tx) => {
    const role = await lockRole(tx, actor, id);
    await refuseStale('role', async () => presentRole(role));
    // In the order of their ids, so that two of these do not wait for each other.
    for (const { userId } of await holdersOf(tx, id)) await lockRolesOf(tx, userId);
    const held = await holdersOf(tx, id);
    const accounts = await tenantsOf(tx, role);
    await tx.delete(assignments).where(eq(assignments.customRoleId, id));
    for (const { userId, only } of held) if (only) await endAccount(tx, userId);
    await settleRoles(
      tx,
      actor,
      held.map((one) => one.userId),
    );
    const withdrawn = await tx
      .update(invitations)
      .set({ endedAt: sql`now()` })
      .where(giving(id))
      .returning({ email: invitations.email });
    await tx.delete(roles).where(eq(roles.id, id));
    await record(tx, actor, 'role.delete', role, {
      base: role.base,
      permissions: role.permissions,
      lostBy: held.map((one) => one.name),
      accountsEnded: held.filter((one) => one.only).map((one) => one.name),
      invitationsWithdrawn: withdrawn.map((one) => one.email),
    });
    await recordForTenants(tx, actor, 'role.delete', role, accounts, { base: role.base });
  });
}

/** The role, if the actor makes roles in its account. */
async function roleFor(actor: UserActor, id: string): Promise<Row> {
  authorize(actor, 'role.create');
  const [row] = await asActor(actor, (tx) => tx.select().from(roles).where(eq(roles.id, id)));
  if (row === undefined) throw new BerthError('not_found');
  authorize(actor, 'role.create', ofTenant(row.tenantId));
  return row;
}

/** The same as it is now, and nobody else's to change until the transaction ends. */
async function lockRole(tx: Tx, actor: UserActor, id: string): Promise<Row> {
  const [row] = await tx.select().from(roles).where(eq(roles.id, id)).for('update');
  if (row === undefined) throw new BerthError('not_found');
  if (lacking(actor, presentRole(row).permissions, wholeOf(row.base, row.tenantId)).length > 0) {
    throw new BerthError('forbidden', 'The role may do what you may not, so somebody else has to decide about it.');
  }
  return row;
}

async function holdersOf(tx: Tx, roleId: string) {
  const only = sql<boolean>`not exists (select from assignments o
    where o.user_id = users.id and o.custom_role_id is distinct from ${roleId})`;
  return await tx
    .select({ userId: users.id, name: users.name, only })
    .from(users)
    .where(
      and(
        isNull(users.disabledAt),
        sql`exists (select from assignments a where a.user_id = users.id and a.custom_role_id = ${roleId})`,
      ),
    )
    .orderBy(users.id);
}

/** Of a reseller's role: the tenants in which somebody has it. */
async function tenantsOf(tx: Tx, { id, tenantId }: Row): Promise<string[]> {
  const rows = await tx
    .selectDistinct({ tenantId: assignments.tenantId })
    .from(assignments)
    .where(and(eq(assignments.customRoleId, id), sql`${assignments.tenantId} is distinct from ${tenantId}::uuid`));
  return rows.flatMap((one) => one.tenantId ?? []);
}

/** What a reseller does to a role of theirs, its tenants find in their own record; of others' people nothing is said there. */
async function recordForTenants(
  tx: Tx,
  actor: UserActor,
  verb: string,
  role: Row,
  accounts: readonly string[],
  detail: Facts,
) {
  for (const tenantId of accounts) await record(tx, actor, verb, { ...role, tenantId }, detail);
}

/** Open invitations that would give the role. */
const giving = (roleId: string) =>
  and(isNull(invitations.endedAt), sql`${invitations.grants} @> ${JSON.stringify([{ customRoleId: roleId }])}::jsonb`);

async function record(tx: Tx, actor: UserActor, verb: string, role: Row, detail: Facts) {
  const { id, tenantId, title } = role;
  await tellOfPeople(tx, tenantId);
  await writeAudit(tx, actor, { verb, tenantId, targetKind: 'role', targetId: id, targetName: title, detail });
}
