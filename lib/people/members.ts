import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import { revokeAll } from '../auth/sessions.ts';
import { productName } from '../contract/brands.ts';
import { BerthError } from '../contract/errors.ts';
import type { ChangeMember, Member } from '../contract/members.ts';
import { asActor, type Tx } from '../db/client.ts';
import { isCheckViolation, isForeignKeyViolation } from '../db/errors.ts';
import { assignments, invitations, roles, type StoredGrant } from '../db/schema/people.ts';
import { apiTokens, sessions } from '../db/schema/sessions.ts';
import { tenants } from '../db/schema/tenants.ts';
import { users } from '../db/schema/users.ts';
import { takeTurn } from '../db/turn.ts';
import { refuseStale } from '../http/edition.ts';
import { refuseBeyondProvider } from '../identity/bounds.ts';
import { judgeGrants, refuseStronger } from './grants.ts';
import { hasFactor } from './must-enrol.ts';
import { presentAssignments } from './present.ts';
import { type AssignmentRow, assignmentsOf, toAssignment } from './rights.ts';
import { settleRoles } from './settle-roles.ts';
import { isOfTeam } from './team.ts';
import { tellOfPeople } from './tell.ts';

const people = systemActor('members');
/** An account and what it is called. Null stands for the installation everywhere here: its members are the provider's staff. */
export type Account =
  | { id: string; kind: 'tenant' | 'reseller'; name: string; resellerId: string | null }
  | { id: null; kind: 'provider'; name: string };
export const provider: Account = { id: null, kind: 'provider', name: productName };
/** The right over an account's people, and the one over the provider's own. */
const ofStaff = { 'member.read': 'staff.read', 'member.manage': 'staff.manage' } as const;

/** The account, if the actor has this right over all of it. */
export async function accountFor(
  actor: UserActor,
  tenantId: string | null,
  permission: keyof typeof ofStaff,
): Promise<Account> {
  if (tenantId === null) {
    authorize(actor, ofStaff[permission]);
    return provider;
  }
  authorize(actor, permission);
  const [account] = await asActor(actor, (tx) =>
    tx
      .select({ id: tenants.id, kind: tenants.kind, name: tenants.name, resellerId: tenants.resellerId })
      .from(tenants)
      .where(eq(tenants.id, tenantId)),
  );
  if (account === undefined) throw new BerthError('not_found');
  authorize(actor, permission, ofTenant(tenantId));
  return account;
}

/** Whoever has a role in the account, and who is invited. There are never more than `maxMembers`. */
export async function listMembers(
  actor: UserActor,
  tenantId: string | null,
): Promise<{ items: Member[]; nextCursor: null }> {
  await accountFor(actor, tenantId, 'member.read');
  return await asActor(people, async (tx) => {
    const open = await tx.select().from(invitations).where(openIn(tenantId)).orderBy(asc(invitations.createdAt));
    const members = await presentMembers(tx, await selectMembers(tx, tenantId));
    return { items: [...members, ...(await presentInvitations(tx, open))], nextCursor: null };
  });
}

const openIn = (tenantId: string | null) =>
  and(invitedTo(tenantId), isNull(invitations.endedAt), sql`${invitations.expiresAt} > now()`);

/** Open invitations as the members they would be. */
export async function presentInvitations(tx: Tx, rows: (typeof invitations.$inferSelect)[]): Promise<Member[]> {
  const custom = rows.flatMap((row) => row.grants.flatMap((grant) => grant.customRoleId ?? []));
  const named =
    custom.length === 0
      ? []
      : await tx.select({ id: roles.id, title: roles.title }).from(roles).where(inArray(roles.id, custom));
  const titles = new Map(named.map(({ id, title }) => [id, title]));
  const held = rows.flatMap((row) =>
    row.grants.map((grant) => {
      const title = titles.get(grant.customRoleId ?? '') ?? null;
      return toAssignment({ ...emptyRow, ...grant, title, id: row.id, tenantId: grant.tenantId ?? row.tenantId });
    }),
  );
  const shown = await presentAssignments(tx, held);
  return rows.map((row) => ({
    ...{ id: row.id, kind: 'person', state: 'invited', name: '', email: row.email },
    assignments: shown.filter((one) => one.id === row.id),
    since: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    lastSeenAt: null,
    factor: false,
    lastOwner: false,
  }));
}

const emptyRow = { permissions: null, tenantIds: null, containerIds: null, held: null };

/** One of them. */
export async function getMember(actor: UserActor, tenantId: string | null, id: string): Promise<Member> {
  await accountFor(actor, tenantId, 'member.read');
  return await asActor(people, (tx) => shownMember(tx, tenantId, id));
}

async function shownMember(tx: Tx, tenantId: string | null, id: string): Promise<Member> {
  const [member] = await presentMembers(tx, await selectMembers(tx, tenantId, id));
  if (member !== undefined) return member;
  const open = await tx
    .select()
    .from(invitations)
    .where(and(openIn(tenantId), eq(invitations.id, id)));
  const [invited] = await presentInvitations(tx, open);
  if (invited === undefined) throw new BerthError('not_found');
  return invited;
}

/**
 * Gives a member other roles instead of those they have in the account; tokens that now nobody could have made are over
 * (earned-tokens.ts). The last owner stays one.
 */
export async function changeMember(
  actor: UserActor,
  tenantId: string | null,
  userId: string,
  input: z.infer<typeof ChangeMember>,
): Promise<Member> {
  const account = await accountFor(actor, tenantId, 'member.manage');
  const grants = await asActor(actor, (tx) => judgeGrants(tx, actor, account, input.roles));
  return await keepingAnOwner(tenantId, () =>
    asActor(people, async (tx) => {
      const row = await memberFor(tx, actor, tenantId, userId);
      await refuseStale('member', () => shownMember(tx, tenantId, userId));
      const before = inTeam(row);
      // The new ones first: whoever stays an owner is one at every moment.
      await giveRoles(tx, actor, tenantId, userId, grants);
      await tx.delete(assignments).where(
        inArray(
          assignments.id,
          before.map((one) => one.id),
        ),
      );
      await settleRoles(tx, actor, [userId]);
      await tellOfPeople(tx, tenantId, userId);
      const words = (rows: readonly { role: string }[]) => rows.map((one) => one.role);
      await writeAudit(tx, actor, {
        ...{ verb: 'member.manage', tenantId, targetKind: 'user', targetId: userId, targetName: row.email },
        detail: { before: words(before), after: words(grants) },
      });
      const [after] = await presentMembers(tx, await selectMembers(tx, tenantId, userId));
      if (after === undefined) throw new BerthError('not_found');
      return after;
    }),
  );
}

/**
 * Takes somebody's roles in the account, or an invitation back. Who has no other ends with it: sessions and tokens are over at once, open
 * streams and consoles within 2 s. So are, in either case, tokens of service accounts that they made and could not any more. The last owner stays (`conflict`), whoever asks at the same time.
 */
export async function removeMember(actor: UserActor, tenantId: string | null, id: string): Promise<void> {
  await accountFor(actor, tenantId, 'member.manage');
  await keepingAnOwner(tenantId, () =>
    asActor(people, async (tx) => {
      await lockRolesOf(tx, id);
      await refuseStale('member', () => shownMember(tx, tenantId, id));
      const about = { verb: 'member.remove', tenantId, targetKind: 'user', targetId: id };
      await tellOfPeople(tx, tenantId, id);
      const [withdrawn] = await tx
        .update(invitations)
        .set({ endedAt: sql`now()` })
        .where(and(eq(invitations.id, id), invitedTo(tenantId), isNull(invitations.endedAt)))
        .returning();
      if (withdrawn !== undefined) {
        await writeAudit(tx, actor, { ...about, targetKind: 'invitation', targetName: withdrawn.email });
        return;
      }
      const row = await memberFor(tx, actor, tenantId, id);
      const [gone, left] = [inTeam(row), row.assignments.filter((one) => !row.here.includes(one.id))];
      await tx.delete(assignments).where(
        inArray(
          assignments.id,
          gone.map((one) => one.id),
        ),
      );
      if (left.length === 0) await endAccount(tx, id);
      await settleRoles(tx, actor, [id]);
      await writeAudit(tx, actor, { ...about, targetName: row.email, detail: { accountEnded: left.length === 0 } });
    }),
  );
}

/** Who has no role anywhere any more is nobody: sessions and tokens are over at once. An invitation makes them somebody again. */
export async function endAccount(tx: Tx, userId: string): Promise<void> {
  await revokeAll(tx, userId, null);
  await tx
    .update(apiTokens)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiTokens.userId, userId), isNull(apiTokens.revokedAt)));
  await tx.update(users).set({ disabledAt: sql`now()` }).where(eq(users.id, userId));
}

export const invitedTo = (tenantId: string | null) =>
  tenantId === null ? isNull(invitations.tenantId) : eq(invitations.tenantId, tenantId);

const hereOf = (tenantId: string | null) => sql<string[]>`(
  select coalesce(json_agg(a.id), '[]'::json) from assignments a where a.user_id = users.id and ${isOfTeam(tenantId)})`;
const inTeam = ({ assignments: all, here }: Pick<MemberRow, 'assignments' | 'here'>) =>
  all.filter((one) => here.includes(one.id));

/** Those who decide about the same person do so one after the other. */
export async function lockRolesOf(tx: Tx, userId: string): Promise<void> {
  await takeTurn(tx, `roles of ${userId}`);
}

export async function giveRoles(
  tx: Tx,
  actor: { userId: string },
  tenantId: string | null,
  userId: string,
  grants: readonly StoredGrant[],
): Promise<void> {
  await refuseBeyondProvider(tx, userId, tenantId);
  const by = { userId, grantedBy: actor.userId };
  try {
    await tx.insert(assignments).values(grants.map((grant) => ({ tenantId, ...grant, ...by })));
  } catch (error) {
    if (!isForeignKeyViolation(error, 'assignments_custom_role_id_roles_id_fk')) throw error;
    throw new BerthError('conflict', 'One of these roles has just been deleted.', { cause: error });
  }
}

async function memberFor(tx: Tx, actor: UserActor, tenantId: string | null, userId: string) {
  await lockRolesOf(tx, userId);
  const [row] = await selectMembers(tx, tenantId, userId);
  if (row === undefined) throw new BerthError('not_found');
  refuseStronger(actor, inTeam(row));
  return row;
}

type MemberRow = {
  id: string;
  kind: 'person' | 'service';
  name: string;
  email: string;
  createdAt: Date;
  lastSeenAt: string | null;
  assignments: AssignmentRow[];
  /** Ids of those that belong to the team. */
  here: string[];
  factor: boolean;
  lastOwner: boolean;
};

export async function selectMembers(tx: Tx, tenantId: string | null, userId?: string): Promise<MemberRow[]> {
  const lastSeenAt = sql<string | null>`to_json(greatest(
    (select max(last_seen_at) from ${sessions} s where s.user_id = users.id),
    (select max(last_used_at) from ${apiTokens} k where k.user_id = users.id)))`;
  return await tx
    .select({
      ...{ id: users.id, kind: users.kind, name: users.name, email: users.email, createdAt: users.createdAt },
      ...{
        lastSeenAt,
        assignments: assignmentsOf,
        here: hereOf(tenantId),
        factor: hasFactor,
        lastOwner: lastOwnerOf(tenantId),
      },
    })
    .from(users)
    .where(
      and(
        sql`exists (select from assignments a where a.user_id = users.id and ${isOfTeam(tenantId)})`,
        isNull(users.disabledAt),
        userId === undefined ? undefined : eq(users.id, userId),
      ),
    )
    .orderBy(asc(users.createdAt), asc(users.id));
}

/** The same that the trigger keep_an_owner asks, so that it can be said before it refuses. */
const lastOwnerOf = (tenantId: string | null) => sql<boolean>`exists (
  select from assignments a where a.user_id = users.id and a.tenant_id is not distinct from ${tenantId}::uuid and a.custom_role_id is null
  and (a.role, a.scope) in (('tenant-owner', 'tenant'), ('reseller-owner', 'reseller'), ('provider-admin', 'installation')) and not exists (
    select from assignments o join users u on u.id = o.user_id
    where o.user_id <> a.user_id and o.role = a.role and o.scope = a.scope and o.custom_role_id is null
    and o.tenant_id is not distinct from a.tenant_id and u.kind = 'person' and u.disabled_at is null))`;

export async function presentMembers(tx: Tx, rows: readonly MemberRow[]): Promise<Member[]> {
  const shown = await presentAssignments(
    tx,
    rows.flatMap((row) => inTeam(row).map(toAssignment)),
  );
  return rows.map((row) => {
    return {
      ...{ id: row.id, kind: row.kind, state: 'member', name: row.name },
      email: row.kind === 'service' ? null : row.email,
      assignments: shown.filter((one) => row.here.includes(one.id)),
      since: row.createdAt.toISOString(),
      factor: row.factor,
      lastOwner: row.lastOwner,
      expiresAt: null,
      lastSeenAt: row.lastSeenAt === null ? null : new Date(row.lastSeenAt).toISOString(),
    };
  });
}

/** The database refuses to take the last one who can let others in; that becomes words. */
async function keepingAnOwner<T>(tenantId: string | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isCheckViolation(error, 'assignments_last_owner')) throw error;
    if (tenantId === null) {
      throw new BerthError('conflict', 'This is the last administrator.', {
        ...{ remedy: 'Make somebody else one first.', cause: error },
      });
    }
    throw new BerthError('conflict', 'This is the last owner of the account.', {
      ...{ remedy: 'Make somebody else an owner first.', cause: error },
    });
  }
}
