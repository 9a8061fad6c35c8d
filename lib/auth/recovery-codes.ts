import { randomBytes } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { recoveryCodeCount } from '../contract/factors.ts';
import type { Tx } from '../db/client.ts';
import { recoveryCodes } from '../db/schema/factors.ts';
import { keyHash } from './random.ts';

/** Without 0, 1, i and o: what is read off paper. 32 letters, so that a byte's lower half is as likely each. */
const letters = 'abcdefghjklmnpqrstuvwxyz23456789';
const lettersEach = 16;

/** New codes instead of all before. They are told once: only their hashes stay. */
export async function issueRecoveryCodes(tx: Tx, userId: string): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodeCount }, newCode);
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await tx.insert(recoveryCodes).values(codes.map((code) => ({ userId, codeHash: hashOf(code) })));
  return codes;
}

/** Uses a code up. False when it is unknown or was used. Of any number who try at once, one has it. */
export async function redeemRecoveryCode(tx: Tx, userId: string, code: string): Promise<boolean> {
  const used = await tx
    .update(recoveryCodes)
    .set({ usedAt: sql`now()` })
    .where(
      and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.codeHash, hashOf(code)), isNull(recoveryCodes.usedAt)),
    )
    .returning({ id: recoveryCodes.id });
  return used.length > 0;
}

/** None are left. */
export async function forgetRecoveryCodes(tx: Tx, userId: string): Promise<void> {
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
}

/** How many are left. */
export async function countRecoveryCodes(tx: Tx, userId: string): Promise<number> {
  return await tx.$count(recoveryCodes, and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)));
}

/** `abcd-efgh-jkmn-pqrs`: 80 random bits. */
function newCode(): string {
  const all = [...randomBytes(lettersEach)].map((byte) => letters[byte % letters.length]).join('');
  return (all.match(/.{4}/g) ?? []).join('-');
}

/** Case, spaces and dashes are the writer's business. */
function hashOf(code: string): string {
  return keyHash(code.toLowerCase().replace(/[^a-z0-9]/g, ''));
}
