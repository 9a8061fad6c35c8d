/** Setting identity providers up. */
import { asc, count, eq, isNull } from 'drizzle-orm';
import { v7 } from 'uuid';
import { systemActor, type UserActor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import { type AuditRecord, writeAudit } from '../audit/write.ts';
import { revokeWhere } from '../auth/sessions.ts';
import { BerthError } from '../contract/errors.ts';
import {
  type CreateIdentityProvider,
  type IdentityProvider,
  mostProviders,
  type SetIdentityProvider,
} from '../contract/identity.ts';
import { asActor, type Tx } from '../db/client.ts';
import { isCheckViolation } from '../db/errors.ts';
import { identities } from '../db/schema/identities.ts';
import { identityProviders } from '../db/schema/identity-providers.ts';
import { assignments } from '../db/schema/people.ts';
import { sessions } from '../db/schema/sessions.ts';
import { takeTurn } from '../db/turn.ts';
import { refuseStale } from '../http/edition.ts';
import { settleRoles } from '../people/settle-roles.ts';
import { tellOfPeople } from '../people/tell.ts';
import { resellerFor } from '../resellers/get-quota.ts';
import { sealLasting } from '../secrets/sealed-values.ts';
import { sealedFor } from './client.ts';
import { judgeMappings } from './roles.ts';
import { answerPath, originsOf, type ProviderRow } from './visits.ts';

const system = systemActor('identity');

/** How providers of one owner are shown: what is asked for that is asked once for all of them. */
async function presenter(resellerId: string | null): Promise<(row: ProviderRow) => IdentityProvider> {
  const counted = asActor(system, (tx) =>
    tx
      .select({ providerId: identities.providerId, n: count() })
      .from(identities)
      .innerJoin(identityProviders, eq(identityProviders.id, identities.providerId))
      .where(ofOwner(resellerId))
      .groupBy(identities.providerId),
  );
  const [origins, rows] = await Promise.all([originsOf(resellerId), counted]);
  const people = new Map(rows.map(({ providerId, n }) => [providerId, n]));
  return ({ sealedSecret: _, createdAt, ...shown }) => ({
    ...shown,
    people: people.get(shown.id) ?? 0,
    redirectUris: origins.map((origin) => `${origin}${answerPath}`),
    logoutUris: origins.map((origin) => `${origin}/api/v1/session/providers/${shown.id}/logout`),
    createdAt: createdAt.toISOString(),
  });
}

const present = async (row: ProviderRow) => (await presenter(row.resellerId))(row);

/** The installation's providers (null), or a reseller's, oldest first. There are never more than {@link mostProviders}. */
export async function listProviders(
  actor: UserActor,
  resellerId: string | null,
): Promise<{ items: IdentityProvider[]; nextCursor: null }> {
  authorize(actor, 'identity.manage', ofTenant(resellerId));
  const rows = await asActor(actor, async (tx) => {
    if (resellerId !== null) await resellerFor(tx, resellerId);
    return await tx
      .select()
      .from(identityProviders)
      .where(ofOwner(resellerId))
      .orderBy(asc(identityProviders.createdAt));
  });
  return { items: rows.map(await presenter(resellerId)), nextCursor: null };
}

const ofOwner = (resellerId: string | null) =>
  resellerId === null ? isNull(identityProviders.resellerId) : eq(identityProviders.resellerId, resellerId);

/** One of them. */
export async function getProvider(actor: UserActor, id: string): Promise<IdentityProvider> {
  return await present(await asActor(actor, (tx) => providerFor(tx, actor, id)));
}

/** Adds one. Throws `forbidden` for roles that the actor could not give by hand, `conflict` beyond {@link mostProviders}. */
export async function createProvider(actor: UserActor, input: CreateIdentityProvider): Promise<IdentityProvider> {
  const { clientSecret, resellerId, issuer, ...settings } = input;
  authorize(actor, 'identity.manage', ofTenant(resellerId));
  const id = v7();
  const made = await asActor(actor, async (tx) => {
    if (resellerId !== null) await resellerFor(tx, resellerId);
    refusePrivate(resellerId, settings);
    await judgeMappings(tx, actor, { resellerId }, settings.mappings);
    await takeTurn(tx, `identity providers ${resellerId}`);
    const [there] = await tx.select({ n: count() }).from(identityProviders).where(ofOwner(resellerId));
    if ((there?.n ?? 0) >= mostProviders)
      throw new BerthError('conflict', `There are at most ${mostProviders} of them.`);
    const sealedSecret = sealLasting(clientSecret, sealedFor(id));
    const [row] = await tx
      .insert(identityProviders)
      .values({ id, resellerId, issuer, sealedSecret, ...settings })
      .returning();
    if (row === undefined) throw new Error('an insert returned no row');
    await note(tx, actor, row, { after: { issuer, ...settings } });
    return row;
  });
  return await present(made);
}

/** What of it people set, but its secret. */
function settingsOf(row: ProviderRow): Omit<SetIdentityProvider, 'clientSecret'> {
  const { name, clientId, scopes, groupsClaim, mappings, unknownPeople } = row;
  const { linkByEmail, exclusive, trustedFactors, privateNetwork, enabled } = row;
  return {
    ...{ name, clientId, scopes, groupsClaim, mappings, unknownPeople },
    ...{ linkByEmail, exclusive, trustedFactors, privateNetwork, enabled },
  };
}

/** Sets one as a whole. What is no longer believed is not: sessions that came in by a second factor shown there ask for one here. */
export async function setProvider(actor: UserActor, id: string, input: SetIdentityProvider): Promise<IdentityProvider> {
  const { clientSecret, ...settings } = input;
  await asActor(actor, (tx) => providerFor(tx, actor, id));
  // Sessions are not the actor's to end: it is the portal that does all of it, or nothing.
  const after = await asActor(system, async (tx) => {
    const before = await providerFor(tx, actor, id, true);
    await refuseStale('identityProvider', async () => before);
    refusePrivate(before.resellerId, settings);
    await judgeMappings(tx, actor, before, settings.mappings);
    const secret = clientSecret === undefined ? {} : { sealedSecret: sealLasting(clientSecret, sealedFor(id)) };
    const [row] = await tx
      .update(identityProviders)
      .set({ ...settings, ...secret })
      .where(eq(identityProviders.id, id))
      .returning();
    if (row === undefined) throw new BerthError('not_found');
    // Both as the database has them, which orders what is in a mapping in its own way.
    const detail = { secretChanged: clientSecret !== undefined };
    await note(tx, actor, row, { before: settingsOf(before), after: settingsOf(row), detail });
    if (!row.enabled) await revokeWhere(tx, eq(sessions.providerId, id));
    if (before.trustedFactors.some((one) => !row.trustedFactors.includes(one)))
      await tx.update(sessions).set({ factorVouched: false }).where(eq(sessions.providerId, id));
    return row;
  });
  return await present(after);
}

/**
 * Removes one: sessions that it opened are over, and the roles that followed from its groups are gone. Accounts that were made for its people stay,
 * with what they have besides. Throws `conflict` when an account would be left without an owner.
 */
export async function removeProvider(actor: UserActor, id: string): Promise<null> {
  await asActor(actor, (tx) => providerFor(tx, actor, id));
  try {
    await asActor(system, async (tx) => {
      const row = await providerFor(tx, actor, id, true);
      await refuseStale('identityProvider', async () => row);
      await revokeWhere(tx, eq(sessions.providerId, id));
      const lost = await tx.delete(assignments).where(eq(assignments.providerId, id)).returning();
      await settleRoles(tx, actor, [...new Set(lost.map((one) => one.userId))]);
      for (const tenantId of new Set(lost.map((one) => one.tenantId))) await tellOfPeople(tx, tenantId);
      await tx.delete(identityProviders).where(eq(identityProviders.id, id));
      await note(tx, actor, row, { detail: { removed: true, issuer: row.issuer } });
    });
  } catch (error) {
    if (!isCheckViolation(error, 'assignments_last_owner')) throw error;
    throw new BerthError('conflict', 'It made somebody the last owner of an account.', {
      remedy: 'Make somebody an owner there by hand first.',
      cause: error,
    });
  }
  return null;
}

/** The provider, if the actor may set it up. */
export async function providerFor(tx: Tx, actor: UserActor, id: string, lock = false): Promise<ProviderRow> {
  authorize(actor, 'identity.manage');
  const found = tx.select().from(identityProviders).where(eq(identityProviders.id, id));
  // Who changes it at the same time comes after.
  const [row] = await (lock ? found.for('no key update') : found);
  if (row === undefined) throw new BerthError('not_found');
  authorize(actor, 'identity.manage', ofTenant(row.resellerId));
  return row;
}

function refusePrivate(resellerId: string | null, { privateNetwork }: { privateNetwork: boolean }): void {
  if (!privateNetwork || resellerId === null) return;
  const issues = [{ path: 'privateNetwork', message: 'is for the provider of the installation alone' }];
  throw new BerthError('invalid', undefined, { issues });
}

async function note(
  tx: Tx,
  actor: UserActor,
  row: Pick<ProviderRow, 'id' | 'resellerId' | 'name'>,
  rest: Pick<AuditRecord, 'before' | 'after' | 'detail'>,
): Promise<void> {
  await writeAudit(tx, actor, {
    ...{ verb: 'identity.manage', tenantId: row.resellerId, targetKind: 'identity-provider', targetId: row.id },
    ...{ targetName: row.name, ...rest },
  });
}
