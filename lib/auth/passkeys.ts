/**
 * Passkeys (WebAuthn): keys in a phone, a computer or a stick, unlocked there by finger, face or PIN, and bound to the panel's host name, so
 * that no other site can use them. One is possession and knowledge at once: it signs in by itself, and is the second factor of its person.
 */
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { mailBrandOf } from '../brands/mail.ts';
import type { SignInNames } from '../brands/names.ts';
import { BerthError } from '../contract/errors.ts';
import { type AddPasskey, maxPasskeys, type PasskeyAdded, type PasskeyOptions } from '../contract/factors.ts';
import { asActor, type Tx } from '../db/client.ts';
import { passkeyChallenges, passkeys } from '../db/schema/factors.ts';
import { users } from '../db/schema/users.ts';
import { mayComeByOwn } from '../identity/bounds.ts';
import { passkeyMail } from '../mail/messages.ts';
import { queueMail } from '../mail/outbox.ts';
import { tellOfPeople } from '../people/tell.ts';
import { confirmPerson } from './confirm-password.ts';
import { oneself } from './oneself.ts';
import { markProved, needsSession } from './proof.ts';
import { keyHash } from './random.ts';
import { countRecoveryCodes, issueRecoveryCodes } from './recovery-codes.ts';
import { factorOf, lockFactors, settleLast } from './second-factor.ts';
import { openSession, revokeAll, type Visitor } from './sessions.ts';
import { needPasskeys } from './sign-in-names.ts';
import { clearAttempts, countAttempt, countPasskeyTry } from './throttle.ts';

const auth = systemActor('auth');
const challengeMs = 5 * 60_000;
type Purpose = 'add' | 'sign-in';

/** What the browser needs to make a passkey. Throws `state` where the panel has no host name that passkeys could be bound to. */
export async function passkeyOptions(actor: UserActor, names: SignInNames): Promise<z.infer<typeof PasskeyOptions>> {
  needsSession(actor);
  needPasskeys(names);
  const known = await asActor(auth, (tx) => tx.select().from(passkeys).where(eq(passkeys.userId, actor.userId)));
  if (known.length >= maxPasskeys) throw tooMany();
  const options = await generateRegistrationOptions({
    rpName: names.issuer,
    rpID: names.rpId,
    userName: actor.email,
    userDisplayName: actor.name,
    userID: new Uint8Array(Buffer.from(actor.userId)),
    excludeCredentials: known.map((one) => ({ id: one.credentialId, transports: one.transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await keepChallenge(options.challenge, 'add', actor.userId);
  return { options: { ...options } };
}

const tooMany = () => new BerthError('plan_limit', `There are ${maxPasskeys} passkeys already.`);

/** Keeps a passkey that the browser made. With the first factor of a person come recovery codes, and all other sessions end. */
export async function addPasskey(
  actor: UserActor,
  input: z.infer<typeof AddPasskey>,
  { rpId, origin }: SignInNames,
): Promise<z.infer<typeof PasskeyAdded>> {
  needsSession(actor);
  const response = input.response as unknown as RegistrationResponseJSON;
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: (challenge) => takeChallenge(challenge, 'add', actor.userId),
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw refused(cause);
  });
  if (!verified.verified) throw refused();
  const { credential } = verified.registrationInfo;
  return await asActor(auth, async (tx) => {
    await lockFactors(tx, actor.userId);
    if ((await tx.$count(passkeys, eq(passkeys.userId, actor.userId))) >= maxPasskeys) throw tooMany();
    const first = (await factorOf(tx, actor.userId)) === undefined;
    const [made] = await tx
      .insert(passkeys)
      .values({
        userId: actor.userId,
        name: input.name,
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: credential.transports ?? [],
        rpId,
      })
      .onConflictDoNothing()
      .returning();
    if (made === undefined) throw new BerthError('conflict', 'This passkey is known already.');
    const recoveryCodes =
      first || (await countRecoveryCodes(tx, actor.userId)) === 0 ? await issueRecoveryCodes(tx, actor.userId) : [];
    if (first) await revokeAll(tx, actor.userId, actor.sessionId);
    await markProved(tx, actor);
    await queueMail(
      tx,
      passkeyMail(actor.email, actor.name, made.name, 'added'),
      await mailBrandOf(tx, actor.tenantId),
    );
    await writeAudit(tx, actor, { ...oneself(actor, 'passkey.add'), detail: { name: made.name, host: rpId } });
    await tellOfPeople(tx, actor.tenantId, actor.userId);
    return { id: made.id, recoveryCodes };
  });
}

/** Forgets a passkey, by the password. The last factor stays where one is asked of the person (`state`). */
export async function removePasskey(actor: UserActor, id: string, password: string): Promise<void> {
  needsSession(actor);
  const mine = and(eq(passkeys.id, id), eq(passkeys.userId, actor.userId));
  const [found] = await asActor(auth, (tx) => tx.select().from(passkeys).where(mine));
  if (found === undefined) throw new BerthError('not_found');
  await confirmPerson(actor, password, 'password');
  await asActor(auth, async (tx) => {
    await lockFactors(tx, actor.userId);
    const [gone] = await tx.delete(passkeys).where(mine).returning();
    if (gone === undefined) throw new BerthError('not_found');
    await settleLast(tx, actor.userId);
    await queueMail(
      tx,
      passkeyMail(actor.email, actor.name, gone.name, 'removed'),
      await mailBrandOf(tx, actor.tenantId),
    );
    await writeAudit(tx, actor, { ...oneself(actor, 'passkey.remove'), detail: { name: gone.name } });
    await tellOfPeople(tx, actor.tenantId, actor.userId);
  });
}

/** The passkeys of a person, oldest first. */
export async function passkeysOf(tx: Tx, userId: string) {
  return await tx.select().from(passkeys).where(eq(passkeys.userId, userId)).orderBy(asc(passkeys.createdAt));
}

/** What the browser needs to sign in with whichever passkey it has for this panel. */
export async function signInOptions(visitor: Visitor, names: SignInNames): Promise<z.infer<typeof PasskeyOptions>> {
  needPasskeys(names);
  await countPasskeyTry(visitor.address);
  const options = await generateAuthenticationOptions({ rpID: names.rpId, userVerification: 'required' });
  await keepChallenge(options.challenge, 'sign-in', null);
  return { options: { ...options } };
}

/** Opens a session for whoever has the passkey: its key. Throws `unauthenticated` for all that does not fit, `rate_limited`. */
export async function signInWithPasskey(
  input: Record<string, unknown>,
  visitor: Visitor,
  { rpId, origin }: SignInNames,
): Promise<string> {
  const response = input as unknown as AuthenticationResponseJSON;
  const credentialId = String(response.id ?? '').slice(0, 2000);
  const key = `passkey:${keyHash(credentialId)}`;
  const counted = await countAttempt(key, visitor.address);
  const { passkey, user } = await asActor(auth, async (tx) => {
    const [row] = await tx
      .select({ passkey: passkeys, user: users })
      .from(passkeys)
      .innerJoin(users, eq(users.id, passkeys.userId))
      .where(and(eq(passkeys.credentialId, credentialId), eq(passkeys.rpId, rpId), isNull(users.disabledAt)));
    if (row === undefined || !(await mayComeByOwn(tx, row.user.id, visitor.brand))) throw unknown();
    return row;
  });
  const fits = await verifyAuthenticationResponse({
    response,
    expectedChallenge: (challenge) => takeChallenge(challenge, 'sign-in', null),
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    credential: {
      id: passkey.credentialId,
      publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
      counter: passkey.counter,
    },
  }).catch(() => undefined);
  const opened = await asActor(auth, async (tx) => {
    const verified = fits?.verified === true;
    await writeAudit(
      tx,
      { kind: 'system', name: user.name },
      {
        verb: 'session.create',
        outcome: verified ? 'allowed' : 'denied',
        tenantId: user.tenantId,
        targetKind: 'user',
        targetId: user.id,
        targetName: user.email,
        detail: { address: visitor.address, by: 'passkey', name: passkey.name },
      },
    );
    if (!verified) return undefined;
    await tx
      .update(passkeys)
      .set({ counter: fits.authenticationInfo.newCounter, lastUsedAt: sql`now()` })
      .where(eq(passkeys.id, passkey.id));
    return await openSession(tx, user.id, visitor, 'factor');
  });
  if (opened === undefined) throw unknown();
  await clearAttempts(counted);
  return opened;
}

async function keepChallenge(challenge: string, purpose: Purpose, userId: string | null): Promise<void> {
  await asActor(auth, async (tx) => {
    await tx.delete(passkeyChallenges).where(lt(passkeyChallenges.expiresAt, new Date()));
    await tx.insert(passkeyChallenges).values({
      challengeHash: keyHash(challenge),
      purpose,
      userId,
      expiresAt: new Date(Date.now() + challengeMs),
    });
  });
}

/** A challenge is answered once, for what and by whom it was made. */
async function takeChallenge(challenge: string, purpose: Purpose, userId: string | null): Promise<boolean> {
  const taken = await asActor(auth, (tx) =>
    tx
      .delete(passkeyChallenges)
      .where(
        and(
          eq(passkeyChallenges.challengeHash, keyHash(challenge)),
          eq(passkeyChallenges.purpose, purpose),
          sql`${passkeyChallenges.userId} is not distinct from ${userId}::uuid`,
          sql`${passkeyChallenges.expiresAt} > now()`,
        ),
      )
      .returning({ purpose: passkeyChallenges.purpose }),
  );
  return taken.length > 0;
}

function refused(cause?: unknown): BerthError {
  return new BerthError('invalid', 'The browser’s answer does not fit, or came too late.', {
    remedy: 'Try again from the beginning.',
    cause,
  });
}

function unknown(): BerthError {
  return new BerthError('unauthenticated', 'This passkey is not known here, or its answer came too late.');
}
