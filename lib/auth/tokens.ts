import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '../access/actor.ts';
import { canSee, hasPermission, ofContainer, ofTenant } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import { BerthError } from '../contract/errors.ts';
import { type CreateToken, maxTokens, type NewToken, type Token, type TokenQuery } from '../contract/tokens.ts';
import { asActor, type Tx } from '../db/client.ts';
import { refuseMoreThan } from '../db/most.ts';
import { containers } from '../db/schema/containers.ts';
import { apiTokens } from '../db/schema/sessions.ts';
import { users } from '../db/schema/users.ts';
import { person, toActor } from '../people/actor.ts';
import { hasAllOf, mayMakeTokens } from '../people/earned-tokens.ts';
import { lockRolesOf } from '../people/members.ts';
import { tellOfPeople } from '../people/tell.ts';
import { networksBeyond } from './networks.ts';
import { randomKey } from './random.ts';
import { tokenHash, tokenLives } from './sessions.ts';

export const tokenPrefix = 'berth_';
/** Tokens are nobody's to read through the panel but their holder's; who manages a service account is judged here. */
const auth = systemActor('tokens');

/**
 * A new bearer token of a person. It is shown once: only its hash is stored. `lifetimeMs` null: until it is revoked. `brandId`: the reseller under
 * whose name they let it in.
 */
export async function createApiToken(
  tx: Tx,
  userId: string,
  name: string,
  lifetimeMs: number | null = null,
  brandId: string | null = null,
): Promise<string> {
  const token = `${tokenPrefix}${randomKey()}`;
  await tx.insert(apiTokens).values({
    userId,
    name,
    brandId,
    tokenHash: tokenHash(token, brandId !== null),
    expiresAt: lifetimeMs === null ? null : new Date(Date.now() + lifetimeMs),
  });
  return token;
}

/** The live tokens of oneself, or of a service account that one manages. Newest first; there are never more than {@link maxTokens}. */
export async function listTokens(
  actor: UserActor,
  query: z.infer<typeof TokenQuery>,
): Promise<{ items: Token[]; nextCursor: null }> {
  const holder = await holderFor(actor, query.serviceAccountId);
  const rows = await asActor(auth, (tx) =>
    tx
      .select()
      .from(apiTokens)
      .where(and(eq(apiTokens.userId, holder.id), tokenLives))
      .orderBy(desc(apiTokens.createdAt), desc(apiTokens.id)),
  );
  return { items: rows.map((row) => shown(row, holder, actor)), nextCursor: null };
}

/**
 * Makes a token of oneself or of a service account that one manages. It can do what its holder can at the time it is used, and of that
 * what it was made for; made under a brand's name, what its holder can there; made with another token it goes with that, ends no
 * later, and is good from nowhere else. Throws `invalid` about a right or a container that its holder does not have now, and about addresses
 * beyond those of the token that makes it; `plan_limit` beyond {@link maxTokens}.
 */
export async function createToken(actor: UserActor, input: z.infer<typeof CreateToken>): Promise<NewToken> {
  const holder = await holderFor(actor, input.serviceAccountId);
  const holds = holder.id === actor.userId ? actor : await serviceAccount(holder.id, actor);
  refuseBeyond(holds, input);
  await refuseUnknownContainers(holds, input.containerIds);
  const token = `${tokenPrefix}${randomKey()}`;
  const brandId = actor.brand ?? null;
  const row = await asActor(auth, async (tx) => {
    await refuseMoreThan(tx, {
      turn: `tokens of ${holder.id}`,
      table: apiTokens,
      where: and(eq(apiTokens.userId, holder.id), tokenLives),
      most: maxTokens,
      detail: `There are ${maxTokens} tokens already.`,
      remedy: 'Revoke one first.',
    });
    if (holder.id !== actor.userId) {
      // Whoever takes the maker's roles at this moment ends the token, or has done so before it is there.
      await lockRolesOf(tx, actor.userId);
      if (!(await mayMakeTokens(tx, actor.userId, holder.id))) throw beyondMaker();
    }
    const [parent] =
      actor.tokenId === null
        ? []
        : await tx.select().from(apiTokens).where(eq(apiTokens.id, actor.tokenId)).for('share');
    if (actor.tokenId !== null && parent?.revokedAt !== null) throw new BerthError('unauthenticated');
    refuseElsewhere(input.addresses, parent?.addresses ?? null);
    const [made] = await tx
      .insert(apiTokens)
      .values({
        userId: holder.id,
        name: input.name,
        brandId,
        tokenHash: tokenHash(token, brandId !== null),
        expiresAt: earlier(input.expiresAt, parent?.expiresAt ?? null),
        verbs: input.verbs ?? null,
        containerIds: input.containerIds ?? (input.labels === undefined ? null : []),
        labels: input.labels ?? null,
        addresses: input.addresses ?? parent?.addresses ?? null,
        parentId: actor.tokenId,
        madeBy: actor.userId,
      })
      .returning();
    if (made === undefined) throw new Error('an insert returned no row');
    await tellOfPeople(tx, holder.tenantId, holder.id);
    const { verbs, containerIds, labels, addresses, expiresAt } = made;
    await writeAudit(tx, actor, {
      ...{
        verb: 'token.create',
        tenantId: holder.tenantId,
        targetKind: 'token',
        targetId: made.id,
        targetName: made.name,
      },
      detail: {
        holder: holder.name,
        verbs,
        containerIds,
        labels,
        addresses,
        brandId,
        expiresAt: expiresAt?.toISOString() ?? null,
      },
    });
    return made;
  });
  return { ...shown(row, holder, actor), token };
}

/** Ends a token, and those that were made with it. One that is over, or not for the actor to end, is `not_found`. */
export async function revokeToken(actor: UserActor, id: string): Promise<void> {
  const [found] = await asActor(auth, (tx) =>
    tx
      .select({ userId: apiTokens.userId })
      .from(apiTokens)
      .where(and(eq(apiTokens.id, id), tokenLives)),
  );
  if (found === undefined) throw new BerthError('not_found');
  const holder = await holderFor(actor, found.userId === actor.userId ? undefined : found.userId);
  await asActor(auth, async (tx) => {
    const [ended] = await tx
      .update(apiTokens)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(apiTokens.id, id), tokenLives))
      .returning();
    if (ended === undefined) throw new BerthError('not_found');
    await tellOfPeople(tx, holder.tenantId, holder.id);
    await writeAudit(tx, actor, {
      ...{ verb: 'token.revoke', tenantId: holder.tenantId, targetKind: 'token', targetId: id, targetName: ended.name },
      detail: { holder: holder.name },
    });
  });
}

type Holder = { id: string; name: string; tenantId: string | null };

/** Oneself, or the service account if the actor manages who belongs to its account; all else is `not_found`. */
async function holderFor(actor: UserActor, serviceAccountId: string | undefined): Promise<Holder> {
  if (serviceAccountId === undefined) return { id: actor.userId, name: actor.name, tenantId: actor.tenantId };
  const [row] = await asActor(actor, (tx) =>
    tx
      .select({ id: users.id, name: users.name, tenantId: users.tenantId })
      .from(users)
      .where(and(eq(users.id, serviceAccountId), eq(users.kind, 'service'), sql`${users.disabledAt} is null`)),
  );
  if (row === undefined || !canSee(actor, ofTenant(row.tenantId))) throw new BerthError('not_found');
  if (!hasPermission(actor, 'member.manage', ofTenant(row.tenantId))) throw new BerthError('not_found');
  return row;
}

const beyondMaker = () => new BerthError('forbidden', 'The service account may do what you may not.');

async function serviceAccount(userId: string, via: UserActor): Promise<UserActor> {
  const [row] = await asActor(auth, (tx) => tx.select(person).from(users).where(eq(users.id, userId)));
  if (row === undefined) throw new BerthError('not_found');
  const account = toActor(row, { ...via, sessionId: null, tokenId: null });
  if (!hasAllOf(via, account)) throw beyondMaker();
  return account;
}

function refuseBeyond(holder: UserActor, { verbs, expiresAt }: z.infer<typeof CreateToken>): void {
  const lacking = (verbs ?? []).filter((verb) => !hasPermission(holder, verb));
  if (lacking.length > 0) throw invalid('verbs', `goes beyond what the account may: ${lacking.join(', ')}`);
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now()) throw invalid('expiresAt', 'is over');
}

/** A token that is good from some addresses makes none that is good from others. */
function refuseElsewhere(asked: readonly string[] | undefined, own: readonly string[] | null): void {
  const beyond = own === null ? [] : networksBeyond(asked ?? [], own);
  if (beyond.length > 0) throw invalid('addresses', `go beyond those of the token that asks: ${beyond.join(', ')}`);
}

async function refuseUnknownContainers(holder: UserActor, ids: readonly string[] | undefined): Promise<void> {
  if (ids === undefined) return;
  const rows = await asActor(holder, (tx) =>
    tx
      .select({ id: containers.id, tenantId: containers.tenantId })
      .from(containers)
      .where(inArray(containers.id, [...ids])),
  );
  const known = new Set(rows.filter((row) => canSee(holder, ofContainer(row))).map((row) => row.id));
  if (ids.some((id) => !known.has(id))) throw invalid('containerIds', 'names a container that does not exist');
}

function invalid(path: string, message: string): BerthError {
  return new BerthError('invalid', undefined, { issues: [{ path, message }] });
}

function earlier(asked: string | undefined, parent: Date | null): Date | null {
  if (asked === undefined) return parent;
  const wanted = new Date(asked);
  return parent !== null && parent < wanted ? parent : wanted;
}

function shown(row: typeof apiTokens.$inferSelect, holder: Holder, actor: UserActor): Token {
  return {
    id: row.id,
    name: row.name,
    userId: row.userId,
    userName: holder.name,
    verbs: row.verbs,
    containerIds: row.containerIds,
    labels: row.labels,
    addresses: row.addresses,
    brandId: row.brandId,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    current: row.id === actor.tokenId,
  };
}
