import { eq, lt } from 'drizzle-orm';
import { v7 } from 'uuid';
import type { Tx } from '../db/client.ts';
import { sealedValues } from '../db/schema/operations.ts';
import { processSlot } from '../process-slot.ts';
import { seal, unseal } from './seal.ts';

const sealKey = processSlot<Buffer>('seal-key');

/** Names the 32-byte key that web and worker share for secrets in transit. Called once by a composition root. */
export function setSealKey(key: Buffer): void {
  if (key.length !== 32) throw new Error('the seal key must have 32 bytes');
  sealKey.set(key);
}

const lifetimeMs = 24 * 60 * 60 * 1000;

/** Puts a secret where a workflow will find it and returns its reference. The web can put but not take. */
export async function putSealed(tx: Tx, operationId: string | null, secret: string): Promise<string> {
  const id = v7();
  await tx.insert(sealedValues).values({
    id,
    operationId,
    ciphertext: seal(sealKey.get(), secret, id),
    expiresAt: new Date(Date.now() + lifetimeMs),
  });
  return id;
}

/** The secret, or undefined when it was deleted or has expired. Leaves it in place: a repeated step needs it again. */
export async function readSealed(tx: Tx, id: string): Promise<string | undefined> {
  const [row] = await tx.select().from(sealedValues).where(eq(sealedValues.id, id));
  if (row === undefined || row.expiresAt.getTime() < Date.now()) return undefined;
  return unseal(sealKey.get(), row.ciphertext, row.id);
}

/** Forgets a secret after its use. Forgetting twice is fine. */
export async function deleteSealed(tx: Tx, id: string): Promise<void> {
  await tx.delete(sealedValues).where(eq(sealedValues.id, id));
}

/** Forgets what nobody fetched in time. For the worker's sweep. */
export async function sweepSealed(tx: Tx): Promise<void> {
  await tx.delete(sealedValues).where(lt(sealedValues.expiresAt, new Date()));
}

/** Seals what stays in a row of its own for as long as that lives; `id` is the row's. Who may read that column can open it. */
export function sealLasting(secret: string, id: string): string {
  return seal(sealKey.get(), secret, id);
}

/** What {@link sealLasting} sealed. Throws when the value was put into another row, or changed. */
export function openLasting(sealed: string, id: string): string {
  return unseal(sealKey.get(), sealed, id);
}
