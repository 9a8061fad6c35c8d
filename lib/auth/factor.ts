/** The own second factor: seeing it, setting it up, replacing it, new recovery codes, turning it off. */
import { eq, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { mailBrandOf } from '../brands/mail.ts';
import type { SignInNames } from '../brands/names.ts';
import { BerthError } from '../contract/errors.ts';
import type { ConfirmFactor, Factor, FactorStarted, RecoveryCodes, StartFactor } from '../contract/factors.ts';
import { asActor, type Tx } from '../db/client.ts';
import { authenticators, passkeys } from '../db/schema/factors.ts';
import { factorOffMail, factorOnMail } from '../mail/messages.ts';
import { queueMail } from '../mail/outbox.ts';
import { tellOfPeople } from '../people/tell.ts';
import { openLasting, sealLasting } from '../secrets/sealed-values.ts';
import { newSecret, stepOf } from './authenticator.ts';
import { confirmPerson } from './confirm-password.ts';
import { whyRequired } from './factor-policy.ts';
import { oneself } from './oneself.ts';
import { passkeysOf } from './passkeys.ts';
import { markProved, needsSession, showCode } from './proof.ts';
import { countRecoveryCodes, forgetRecoveryCodes, issueRecoveryCodes } from './recovery-codes.ts';
import { factorOf, lockFactors, refuseAsked, sealedFor, settleLast, wrongCode } from './second-factor.ts';
import { revokeAll } from './sessions.ts';
import { passkeysPossible } from './sign-in-names.ts';
import { clearAttempts, countOwnAttempt } from './throttle.ts';

const auth = systemActor('auth');
const pendingMs = 15 * 60_000;

/** What the person has, and who asks it of them. */
export async function getFactor(actor: UserActor, names: SignInNames): Promise<Factor> {
  return await asActor(auth, async (tx) => {
    const factor = await factorOf(tx, actor.userId);
    const app = factor?.authenticator;
    return {
      authenticator: app === undefined ? null : { since: app.since.toISOString() },
      passkeys: (await passkeysOf(tx, actor.userId)).map(({ id, name, createdAt, lastUsedAt }) => ({
        id,
        name,
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt?.toISOString() ?? null,
      })),
      passkeysPossible: passkeysPossible(names),
      recoveryCodesLeft: factor === undefined ? 0 : await countRecoveryCodes(tx, actor.userId),
      required: await whyRequired(tx, actor.userId),
    };
  });
}

/**
 * A new secret, which counts once {@link confirmFactor} has seen a code of it; until then the present one stays. Who has one shows a
 * code of it. Throws `rate_limited`, `invalid` about `code`.
 */
export async function startFactor(
  actor: UserActor,
  input: z.infer<typeof StartFactor>,
  names: SignInNames,
): Promise<FactorStarted> {
  needsSession(actor);
  const had = (await asActor(auth, (tx) => factorOf(tx, actor.userId)))?.authenticator !== undefined;
  if (had) {
    if (input.code === undefined) throw wrongCode('is asked for: you have a second factor already');
    await showCode(actor, input.code);
  }
  const { secret, uri } = newSecret(actor.email, names.issuer);
  const pendingUntil = new Date(Date.now() + pendingMs);
  const pendingSecret = sealLasting(secret, sealedFor(actor.userId, 'pending'));
  const [begun] = await asActor(auth, (tx) =>
    tx
      .insert(authenticators)
      .values({ userId: actor.userId, pendingSecret, pendingUntil })
      .onConflictDoUpdate({
        target: authenticators.userId,
        set: { pendingSecret, pendingUntil },
        // One that was confirmed in this moment is not replaced without a code of it.
        ...(had ? {} : { setWhere: isNull(authenticators.confirmedAt) }),
      })
      .returning({ userId: authenticators.userId }),
  );
  if (begun === undefined) throw wrongCode();
  return { secret, uri, expiresAt: pendingUntil.toISOString() };
}

/** From now on sign-ins ask for a code. All other sessions end: they were opened without one. Answers with the recovery codes. */
export async function confirmFactor(
  actor: UserActor,
  input: z.infer<typeof ConfirmFactor>,
): Promise<z.infer<typeof RecoveryCodes>> {
  needsSession(actor);
  const counted = await countOwnAttempt(actor);
  const codes = await asActor(auth, async (tx) => {
    const [row] = await tx.select().from(authenticators).where(eq(authenticators.userId, actor.userId)).for('update');
    if (row?.pendingSecret == null || (row.pendingUntil?.getTime() ?? 0) < Date.now()) {
      throw new BerthError('state', 'Nothing waits to be confirmed, or it has waited too long.', {
        remedy: 'Begin again.',
      });
    }
    const secret = openLasting(row.pendingSecret, sealedFor(actor.userId, 'pending'));
    const step = stepOf(secret, input.code);
    if (step === undefined) throw wrongCode();
    await tx
      .update(authenticators)
      .set({
        sealedSecret: sealLasting(secret, sealedFor(actor.userId, 'secret')),
        confirmedAt: sql`now()`,
        lastStep: step,
        pendingSecret: null,
        pendingUntil: null,
      })
      .where(eq(authenticators.userId, actor.userId));
    const made = await issueRecoveryCodes(tx, actor.userId);
    await revokeAll(tx, actor.userId, actor.sessionId);
    await markProved(tx, actor);
    await queueMail(tx, factorOnMail(actor.email, actor.name), await mailBrandOf(tx, actor.tenantId));
    await writeAudit(tx, actor, oneself(actor, row.sealedSecret === null ? 'factor.on' : 'factor.replace'));
    await tellOfPeople(tx, actor.tenantId, actor.userId);
    return made;
  });
  await clearAttempts(counted);
  return { recoveryCodes: codes };
}

/** Ten new recovery codes; those before are worth nothing. */
export async function renewRecoveryCodes(actor: UserActor, code: string): Promise<z.infer<typeof RecoveryCodes>> {
  needsSession(actor);
  await refuseWithout(actor);
  await showCode(actor, code);
  return await asActor(auth, async (tx) => {
    const codes = await issueRecoveryCodes(tx, actor.userId);
    await writeAudit(tx, actor, oneself(actor, 'factor.renew-codes'));
    await tellOfPeople(tx, actor.tenantId, actor.userId);
    return { recoveryCodes: codes };
  });
}

/** Signs in without codes again; passkeys stay. Throws `state` where the person must have a second factor and has no other. */
export async function turnOffFactor(actor: UserActor, input: { password: string; code: string }): Promise<void> {
  needsSession(actor);
  const has = await asActor(auth, (tx) => factorOf(tx, actor.userId));
  if (has?.authenticator === undefined) throw new BerthError('state', 'You have no authenticator app.');
  if (has.passkeys === 0) await asActor(auth, (tx) => refuseAsked(tx, actor.userId));
  await confirmPerson(actor, input.password, 'password');
  await showCode(actor, input.code);
  await asActor(auth, async (tx) => {
    await lockFactors(tx, actor.userId);
    await tx.delete(authenticators).where(eq(authenticators.userId, actor.userId));
    await settleLast(tx, actor.userId);
    await queueMail(tx, factorOffMail(actor.email, actor.name, 'themselves'), await mailBrandOf(tx, actor.tenantId));
    await writeAudit(tx, actor, oneself(actor, 'factor.off'));
    await tellOfPeople(tx, actor.tenantId, actor.userId);
  });
}

/** Leaves nothing of any second factor. False when there was none. */
export async function forgetFactors(tx: Tx, userId: string): Promise<boolean> {
  await lockFactors(tx, userId);
  const had = (await factorOf(tx, userId)) !== undefined;
  await tx.delete(authenticators).where(eq(authenticators.userId, userId));
  await tx.delete(passkeys).where(eq(passkeys.userId, userId));
  await forgetRecoveryCodes(tx, userId);
  return had;
}

async function refuseWithout(actor: UserActor): Promise<void> {
  const has = await asActor(auth, (tx) => factorOf(tx, actor.userId));
  if (has === undefined) throw new BerthError('state', 'You have no second factor.');
}
