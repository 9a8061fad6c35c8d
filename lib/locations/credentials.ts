import { and, eq, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import { systemActor } from '#lib/access/actor.ts';
import { type Db, type Tx, withActor } from '#lib/db/client.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { seal, unseal } from '#lib/secrets/seal.ts';
import { deleteSealed, putSealed, readSealed } from '#lib/secrets/sealed-values.ts';
import type { LocationRow } from './present.ts';

const Credentials = z.object({ user: z.string(), password: z.string() });
export type Credentials = z.infer<typeof Credentials>;
/** On their way they say for which location they are: no other row's reference leads to them. */
const OnTheirWay = Credentials.extend({ locationId: z.string() });

/** Puts credentials where the worker will find them, and nobody else; returns the reference for the location's row. */
export async function putCredentials(tx: Tx, locationId: string, { user, password }: Credentials): Promise<string> {
  return await putSealed(tx, null, JSON.stringify({ locationId, user, password } satisfies z.infer<typeof OnTheirWay>));
}

function comeFor(id: string, text: string): Credentials | undefined {
  try {
    const { locationId, ...credentials } = OnTheirWay.parse(JSON.parse(text));
    return locationId === id ? credentials : undefined;
  } catch {
    return undefined; // of something else
  }
}

const context = (id: string) => `backup-location:${id}:credentials`;

/**
 * What one signs in with at a location; undefined when nothing was given. What has come since the last look is put under the
 * key-encryption key, which the web process does not have. Worker only; keep it out of rows, logs and step results.
 */
export async function credentialsOf(tx: Tx, row: LocationRow, kek: Buffer): Promise<Credentials | undefined> {
  const came = row.credentialsRef === null ? undefined : await takeIn(tx, row.id, row.credentialsRef, kek);
  const sealed = came ?? row.sealedCredentials;
  return sealed === null ? undefined : Credentials.parse(JSON.parse(unseal(kek, sealed, context(row.id))));
}

async function takeIn(tx: Tx, id: string, reference: string, kek: Buffer): Promise<string | undefined> {
  const text = await readSealed(tx, reference);
  const credentials = text === undefined ? undefined : comeFor(id, text);
  const sealed = credentials === undefined ? undefined : seal(kek, JSON.stringify(credentials), context(id));
  await tx
    .update(backupLocations)
    .set({ credentialsRef: null, ...(sealed === undefined ? {} : { sealedCredentials: sealed }) })
    .where(and(eq(backupLocations.id, id), eq(backupLocations.credentialsRef, reference)));
  if (sealed !== undefined) await deleteSealed(tx, reference);
  return sealed;
}

/** Takes in what has come, before it expires on its way, and forgets what removed ones had. For the worker's sweep. */
export async function takeInCredentials(db: Db, kek: Buffer): Promise<void> {
  await withActor(db, systemActor('locations'), async (tx) => {
    const rows = await tx
      .select()
      .from(backupLocations)
      .where(isNotNull(backupLocations.credentialsRef))
      .for('update', { skipLocked: true });
    for (const row of rows) if (row.credentialsRef !== null) await takeIn(tx, row.id, row.credentialsRef, kek);
    await tx
      .update(backupLocations)
      .set({ sealedCredentials: null })
      .where(and(isNotNull(backupLocations.removedAt), isNotNull(backupLocations.sealedCredentials)));
  });
}
