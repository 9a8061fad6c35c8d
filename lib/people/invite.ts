import { and, eq, isNull, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import type { z } from 'zod';
import { systemActor, type UserActor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { authConfig } from '../auth/config.ts';
import { hashPassword } from '../auth/passwords.ts';
import { keyHash, randomKey } from '../auth/random.ts';
import type { Visitor } from '../auth/sessions.ts';
import { mailBrandOf } from '../brands/mail.ts';
import { isOfBrand } from '../brands/people.ts';
import { productName } from '../contract/brands.ts';
import { BerthError } from '../contract/errors.ts';
import {
  type AcceptInvitation,
  type AddMember,
  type Grant,
  invitationDays,
  type Member,
  maxMembers,
} from '../contract/members.ts';
import { asActor, type Tx } from '../db/client.ts';
import { isUniqueViolation } from '../db/errors.ts';
import { invitations, type StoredGrant } from '../db/schema/people.ts';
import { tenants } from '../db/schema/tenants.ts';
import { users } from '../db/schema/users.ts';
import { takeTurn } from '../db/turn.ts';
import { invitationMail } from '../mail/messages.ts';
import { queueMail } from '../mail/outbox.ts';
import { actorOf } from './actor.ts';
import { judgeGrants } from './grants.ts';
import {
  type Account,
  accountFor,
  giveRoles,
  invitedTo,
  presentInvitations,
  presentMembers,
  provider,
  selectMembers,
} from './members.ts';
import { isOfTeam } from './team.ts';
import { tellOfPeople } from './tell.ts';

const people = systemActor('members');
type Wish = z.infer<typeof AddMember>;

/**
 * Invites a person by mail, or makes a service account. An open invitation of the same address is replaced. Throws `forbidden`
 * for roles that the actor could not have themselves, `conflict` for who is a member, `plan_limit` beyond {@link maxMembers}.
 */
export async function addMember(actor: UserActor, tenantId: string | null, input: Wish): Promise<Member> {
  const account = await accountFor(actor, tenantId, 'member.manage');
  const grants = await asActor(actor, (tx) => judgeGrants(tx, actor, account, input.roles));
  return await asActor(people, async (tx) => {
    // Those who count at the same time count one after the other.
    await takeTurn(tx, `members of ${tenantId ?? 'the installation'}`);
    if (input.kind === 'person') await endInvitations(tx, tenantId, input.email);
    await refuseTooMany(tx, tenantId);
    await tellOfPeople(tx, tenantId);
    if (input.kind === 'person') {
      const id = await invite(tx, actor, account, input.email, grants);
      const rows = await tx.select().from(invitations).where(eq(invitations.id, id));
      return the(await presentInvitations(tx, rows));
    }
    const id = await makeService(tx, actor, tenantId, input.name, grants);
    return the(await presentMembers(tx, await selectMembers(tx, tenantId, id)));
  });
}

/**
 * Sends an open invitation again, by whoever may give what it gives: a new link and seven days from now; the link before works no more.
 * One that was used or taken back is `not_found`; one whose time is over counts again.
 */
export async function resendInvitation(actor: UserActor, tenantId: string | null, id: string): Promise<Member> {
  const account = await accountFor(actor, tenantId, 'member.manage');
  return await asActor(people, async (tx) => {
    await takeTurn(tx, `members of ${tenantId ?? 'the installation'}`);
    const [open] = await tx
      .select()
      .from(invitations)
      .where(and(eq(invitations.id, id), invitedTo(tenantId), isNull(invitations.endedAt)))
      .for('update');
    if (open === undefined) throw new BerthError('not_found');
    await judgeGrants(tx, actor, account, open.grants.map(wishOf));
    if (open.expiresAt <= new Date()) await refuseTooMany(tx, tenantId);
    const token = randomKey();
    const rows = await tx
      .update(invitations)
      .set({ tokenHash: keyHash(token), expiresAt: inDays(invitationDays), invitedBy: actor.userId })
      .where(eq(invitations.id, id))
      .returning();
    await mailInvitation(tx, actor, account, open.email, token);
    await tellOfPeople(tx, tenantId);
    await writeAudit(tx, actor, {
      ...{ verb: 'member.invite', tenantId, targetKind: 'invitation', targetId: id, targetName: open.email },
      detail: { roles: open.grants.map((one) => one.role), again: true },
    });
    return the(await presentInvitations(tx, rows));
  });
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

/** A kept role as it was asked for, to be judged again. */
function wishOf({ role, customRoleId, containerId, ...rest }: StoredGrant): Grant {
  return { ...rest, role: customRoleId ?? role, ...(containerId === null ? {} : { containerId }) };
}

async function mailInvitation(tx: Tx, actor: UserActor, account: Account, email: string, token: string): Promise<void> {
  const brand = await mailBrandOf(tx, account.id);
  const link = `${brand.baseUrl}/invitation?token=${token}`;
  const facts = { by: actor.name, account: account.name, staff: account.id === null, days: invitationDays, link };
  await queueMail(tx, invitationMail(email, facts), brand);
}

function the([one]: Member[]): Member {
  if (one === undefined) throw new Error('an insert left no row');
  return one;
}

async function refuseTooMany(tx: Tx, tenantId: string | null): Promise<void> {
  const { rows } = await tx.execute<{ n: number }>(sql`
    select (select count(distinct a.user_id)::int from assignments a where ${isOfTeam(tenantId)})
      + (select count(*)::int from invitations where tenant_id is not distinct from ${tenantId}::uuid and ended_at is null and expires_at > now()) as n`);
  if ((rows[0]?.n ?? 0) >= maxMembers)
    throw new BerthError('plan_limit', `An account has ${maxMembers} members at most.`);
}

async function endInvitations(tx: Tx, tenantId: string | null, email: string): Promise<void> {
  await tx
    .update(invitations)
    .set({ endedAt: sql`now()` })
    .where(and(invitedTo(tenantId), eq(invitations.email, email), isNull(invitations.endedAt)));
}

async function invite(
  tx: Tx,
  actor: UserActor,
  account: Account,
  email: string,
  grants: StoredGrant[],
): Promise<string> {
  const [present] = await tx
    .select({
      id: users.id,
      isMember: sql<boolean>`${users.disabledAt} is null and exists (
        select from assignments a where a.user_id = users.id and ${isOfTeam(account.id)})`,
    })
    .from(users)
    .where(sql`lower(${users.email}) = ${email}`);
  if (account.id === null && present !== undefined) await refuseCustomer(tx, present.id);
  if (present?.isMember === true)
    throw new BerthError('conflict', 'They belong to the account already. Change their roles instead.');
  const [id, token] = [v7(), randomKey()];
  await tx.insert(invitations).values({
    ...{ id, tenantId: account.id, email, grants, tokenHash: keyHash(token), invitedBy: actor.userId },
    expiresAt: inDays(invitationDays),
  });
  await mailInvitation(tx, actor, account, email, token);
  await writeAudit(tx, actor, {
    ...{ verb: 'member.invite', tenantId: account.id, targetKind: 'invitation', targetId: id, targetName: email },
    detail: { roles: grants.map((one) => one.role) },
  });
  return id;
}

/**
 * Staff of the provider are nobody's customers: a reseller sends the mails by which its people come in again, and whoever reads those would
 * be an administrator.
 */
async function refuseCustomer(tx: Tx, userId: string): Promise<void> {
  const { rows } = await tx.execute(sql`
    select from users u where u.id = ${userId} and (u.tenant_id is not null or exists (
      select from assignments a where a.user_id = u.id and (a.role like 'tenant-%' or a.role like 'reseller-%')))`);
  if (rows.length === 0) return;
  throw new BerthError('conflict', 'They belong to a customer’s account.', {
    remedy: 'Staff of the provider need an address of their own.',
  });
}

async function makeService(
  tx: Tx,
  actor: UserActor,
  tenantId: string | null,
  name: string,
  grants: StoredGrant[],
): Promise<string> {
  const id = v7();
  // Nobody can sign in as it: no password, and an address that no mail reaches (RFC 2606).
  await tx.insert(users).values({ id, tenantId, kind: 'service', name, email: `${id}@service.invalid`, role: null });
  await giveRoles(tx, actor, tenantId, id, grants);
  await writeAudit(tx, actor, {
    ...{ verb: 'member.service', tenantId, targetKind: 'user', targetId: id, targetName: name },
    detail: { roles: grants.map((one) => one.role) },
  });
  return id;
}

/**
 * What an invitation says before it is accepted; undefined when it was used, taken back, or is too old. `brand`: under whose name it is read.
 * `signIn`: where its person signs in first, as they have an account: `here`, or the address of the panel; null: they have none.
 */
export async function readInvitation(
  token: string,
  brand: string | null = null,
): Promise<{ account: string; email: string; signIn: string | null } | undefined> {
  return await asActor(people, async (tx) => {
    const [row] = await tx
      .select({
        account: tenants.name,
        kind: tenants.kind,
        resellerId: tenants.resellerId,
        id: tenants.id,
        email: invitations.email,
      })
      .from(invitations)
      .leftJoin(tenants, eq(tenants.id, invitations.tenantId))
      .where(
        and(
          eq(invitations.tokenHash, keyHash(token)),
          isNull(invitations.endedAt),
          sql`${invitations.expiresAt} > now()`,
        ),
      );
    if (row === undefined) return undefined;
    const { account, email, ...of } = row;
    const [user] = await userBy(tx, email);
    const has = user !== undefined && user.disabledAt === null;
    return { account: account ?? productName, email, signIn: has ? await signInFor(tx, user.id, of, brand) : null };
  });
}

/**
 * Where somebody signs in to take up an invitation into this account: `here`, or the panel's own address. Under a brand's name they
 * are only what they are to it: there they join what is its own, if they are anybody there.
 */
async function signInFor(
  tx: Tx,
  userId: string,
  { id, kind, resellerId = null }: { id: string | null; kind: string | null; resellerId?: string | null },
  brand: string | null,
): Promise<string> {
  const ofBrand = brand === null || (kind === 'reseller' ? id : resellerId) === brand;
  return ofBrand && (await isOfBrand(tx, userId, brand)) ? 'here' : authConfig().baseUrl;
}

const userBy = (tx: Tx, email: string) =>
  tx
    .select()
    .from(users)
    .where(eq(sql`lower(${users.email})`, email));

/**
 * Takes an invitation up: who has none gets an account by name and password; who has one gets the roles, signed in as it by a session (`who`), for the
 * mailbox proves nobody who has an account: whoever invites may send the mail by a server of their own, and an account that one belongs to may ask
 * for a second factor. Works once; two at the same time: one wins. What the inviter may no longer give is not given: the link is then as
 * good as none. Throws `unauthenticated` for who is not signed in, `conflict` for who is somebody else.
 */
export async function acceptInvitation(
  input: z.infer<typeof AcceptInvitation>,
  visitor: Visitor,
  who?: UserActor,
): Promise<void> {
  const gone = new BerthError('not_found', 'This invitation was used, taken back, or is too old.', {
    remedy: 'Ask for a new one.',
  });
  // Hashing is made to cost: not for everybody who shows anything.
  if ((await readInvitation(input.token)) === undefined) throw gone;
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password);
  await asActor(people, async (tx) => {
    const [taken] = await tx
      .update(invitations)
      .set({ endedAt: sql`now()` })
      .where(
        and(
          eq(invitations.tokenHash, keyHash(input.token)),
          isNull(invitations.endedAt),
          sql`${invitations.expiresAt} > now()`,
        ),
      )
      .returning();
    if (taken === undefined) throw gone;
    const account = await accountOfInvitation(tx, taken.tenantId);
    const by = await actorOf(tx, taken.invitedBy, visitor);
    if (account === undefined || by === undefined) throw gone;
    const grants = await judgeGrants(tx, by, account, taken.grants.map(wishOf)).catch(() => {
      throw gone;
    });
    const [present] = await userBy(tx, taken.email);
    const lives = present !== undefined && present.disabledAt === null;
    if (lives) refuseOthers(present, who, await signInFor(tx, present.id, account, visitor.brand ?? null));
    const userId = lives ? present.id : await makeAccount(tx, taken, present, input.name, passwordHash);
    if (account.id === null) await refuseCustomer(tx, userId);
    await giveRoles(tx, by, account.id, userId, grants);
    await tellOfPeople(tx, account.id, userId);
    await writeAudit(tx, lives && who !== undefined ? who : { kind: 'system', name: input.name ?? taken.email }, {
      ...{
        verb: 'member.accept',
        tenantId: account.id,
        targetKind: 'user',
        targetId: userId,
        targetName: taken.email,
      },
      detail: { roles: grants.map((one) => one.role), address: visitor.address },
    });
  }).catch((error: unknown) => {
    // Two invitations of one address, taken up at the same moment.
    if (!isUniqueViolation(error, 'users_email')) throw error;
    throw new BerthError('conflict', 'This address has just got an account.', { remedy: 'Try again.', cause: error });
  });
}

async function accountOfInvitation(tx: Tx, tenantId: string | null): Promise<Account | undefined> {
  if (tenantId === null) return provider;
  const [account] = await tx.select().from(tenants).where(eq(tenants.id, tenantId));
  return account;
}

/** Nobody but whose account it is joins with it, where they are signed in as it. */
function refuseOthers(account: { id: string }, who: UserActor | undefined, signIn: string): void {
  if (signIn !== 'here') {
    throw new BerthError('conflict', 'This invitation is not taken up under this name.', {
      remedy: `Sign in at ${signIn} and open it there.`,
    });
  }
  if (who === undefined || who.sessionId === null) {
    throw new BerthError('unauthenticated', 'There is an account with this address.', {
      remedy: 'Sign in as it, then open the invitation again.',
    });
  }
  if (who.userId === account.id) return;
  throw new BerthError('conflict', 'The invitation is for somebody else than you are signed in as.', {
    remedy: 'Sign out, and open it again.',
  });
}

/** The person's account, made or let in again. The mailbox is theirs: they have the link. */
async function makeAccount(
  tx: Tx,
  invitation: { tenantId: string | null; email: string },
  present: typeof users.$inferSelect | undefined,
  name: string | undefined,
  passwordHash: string | null,
): Promise<string> {
  if (name === undefined || passwordHash === null) {
    throw new BerthError('invalid', undefined, {
      issues: [
        ...(name === undefined ? [{ path: 'name', message: 'is needed' }] : []),
        ...(passwordHash === null ? [{ path: 'password', message: 'is needed' }] : []),
      ],
    });
  }
  if (present === undefined) {
    const id = v7();
    const { tenantId, email } = invitation;
    await tx.insert(users).values({ id, tenantId, email, name, passwordHash, role: null });
    return id;
  }
  // One that somebody else's account ended is not this account's to bring back.
  if (present.tenantId !== invitation.tenantId) throw new BerthError('conflict', 'This address cannot be used here.');
  await tx.update(users).set({ name, passwordHash, disabledAt: null }).where(eq(users.id, present.id));
  return present.id;
}
