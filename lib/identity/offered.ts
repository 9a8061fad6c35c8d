/** Which providers there are under the name of a request. */
import { and, asc, eq, isNull } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import { brandOf } from '../auth/config.ts';
import { BerthError } from '../contract/errors.ts';
import type { OfferedProvider } from '../contract/identity.ts';
import { asActor } from '../db/client.ts';
import { identityProviders } from '../db/schema/identity-providers.ts';
import type { ProviderRow } from './visits.ts';

const system = systemActor('identity');

/** By whom one can sign in under the name of this request. */
export async function offeredProviders(headers: Headers): Promise<OfferedProvider[]> {
  const brand = brandOf(headers);
  return await asActor(system, (tx) =>
    tx
      .select({ id: identityProviders.id, name: identityProviders.name })
      .from(identityProviders)
      .where(
        and(
          eq(identityProviders.enabled, true),
          brand === null ? isNull(identityProviders.resellerId) : eq(identityProviders.resellerId, brand),
        ),
      )
      .orderBy(asc(identityProviders.createdAt)),
  );
}

/** The provider, if it is offered under the name of this request. Throws `not_found`. */
export async function offeredProvider(headers: Headers, id: string): Promise<ProviderRow> {
  const row = await providerOf(id);
  if (row === undefined || !isOffered(headers, row)) throw new BerthError('not_found');
  return row;
}

/** The provider, offered or not; undefined when there is none. */
export async function providerOf(id: string): Promise<ProviderRow | undefined> {
  const [row] = await asActor(system, (tx) => tx.select().from(identityProviders).where(eq(identityProviders.id, id)));
  return row;
}

/** Whether one can sign in by it under the name of this request. */
export function isOffered(headers: Headers, { enabled, resellerId }: ProviderRow): boolean {
  return enabled && resellerId === brandOf(headers);
}
