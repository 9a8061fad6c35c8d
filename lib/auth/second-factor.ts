import { and, eq, isNotNull, lt } from 'drizzle-orm';
import { mailBrandOf } from '../brands/mail.ts';
import { BerthError } from '../contract/errors.ts';
import type { Tx } from '../db/client.ts';
import { authenticators, passkeys } from '../db/schema/factors.ts';
import type { users } from '../db/schema/users.ts';
import { takeTurn } from '../db/turn.ts';
import { recoveryCodeUsedMail } from '../mail/messages.ts';
import { queueMail } from '../mail/outbox.ts';
import { openLasting } from '../secrets/sealed-values.ts';
import { stepOf } from './authenticator.ts';
import { whyRequired } from './factor-policy.ts';
import { countRecoveryCodes, forgetRecoveryCodes, redeemRecoveryCode } from './recovery-codes.ts';

/** Of which row a sealed secret is: opened under another, it is none. */
export const sealedFor = (userId: string, what: 'secret' | 'pending') => `authenticator:${userId}:${what}`;

type Factor = { authenticator: { since: Date; sealedSecret: string } | undefined; passkeys: number };

/** What sign-ins of this person ask for besides the password: an app, passkeys, or both; undefined: nothing. */
export async function factorOf(tx: Tx, userId: string): Promise<Factor | undefined> {
  const [row] = await tx.select().from(authenticators).where(eq(authenticators.userId, userId));
  const keys = await tx.$count(passkeys, eq(passkeys.userId, userId));
  const authenticator =
    row?.sealedSecret == null || row.confirmedAt === null
      ? undefined
      : { since: row.confirmedAt, sealedSecret: row.sealedSecret };
  return authenticator === undefined && keys === 0 ? undefined : { authenticator, passkeys: keys };
}

type Who = Pick<typeof users.$inferSelect, 'id' | 'email' | 'name' | 'tenantId'>;
/** What a code was. */
export type CodeKind = 'authenticator' | 'recovery code';

/**
 * Takes a code of the authenticator, or a recovery code: each is taken once, however many try it at the same time. Says which it was;
 * undefined when it is neither. The caller counts the attempt before.
 */
export async function takeCode(tx: Tx, who: Who, code: string): Promise<CodeKind | undefined> {
  const factor = await factorOf(tx, who.id);
  if (factor === undefined) return undefined;
  const digits = code.replace(/[\s-]/g, '');
  if (/^\d{6}$/.test(digits)) {
    if (factor.authenticator === undefined) return undefined;
    const step = stepOf(openLasting(factor.authenticator.sealedSecret, sealedFor(who.id, 'secret')), digits);
    return step !== undefined && (await takeStep(tx, who.id, step)) ? 'authenticator' : undefined;
  }
  if (!(await redeemRecoveryCode(tx, who.id, code))) return undefined;
  const left = await countRecoveryCodes(tx, who.id);
  await queueMail(tx, recoveryCodeUsedMail(who.email, who.name, left), await mailBrandOf(tx, who.tenantId));
  return 'recovery code';
}

/** A code is good once: not again within its window, and none of before. */
async function takeStep(tx: Tx, userId: string, step: number): Promise<boolean> {
  const taken = await tx
    .update(authenticators)
    .set({ lastStep: step })
    .where(
      and(eq(authenticators.userId, userId), lt(authenticators.lastStep, step), isNotNull(authenticators.confirmedAt)),
    )
    .returning({ userId: authenticators.userId });
  return taken.length > 0;
}

export function wrongCode(message = 'is not right, or was used before'): BerthError {
  return new BerthError('invalid', 'The code is not right, or was used before.', {
    issues: [{ path: 'code', message }],
    remedy: 'Wait for the next code, and see that the clock of your phone is right.',
  });
}

/** Two who take away the last two factors of a person look one after the other. */
export async function lockFactors(tx: Tx, userId: string): Promise<void> {
  await takeTurn(tx, `factors of ${userId}`);
}

/** After one was taken away: with the last one go the recovery codes, unless it is asked of the person and stays (`state`). */
export async function settleLast(tx: Tx, userId: string): Promise<void> {
  if ((await factorOf(tx, userId)) !== undefined) return;
  await refuseAsked(tx, userId);
  await forgetRecoveryCodes(tx, userId);
}

/** Throws `state` where a second factor is asked of the person. */
export async function refuseAsked(tx: Tx, userId: string): Promise<void> {
  const [reason] = await whyRequired(tx, userId);
  if (reason === undefined) return;
  throw new BerthError('state', `A second factor is asked of you: ${reason.name}.`, {
    remedy: 'Set another one up first.',
  });
}
