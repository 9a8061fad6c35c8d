import { eq } from 'drizzle-orm';
import type { UserActor } from '../access/actor.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor } from '../db/client.ts';
import { users } from '../db/schema/users.ts';
import { verifyPassword } from './passwords.ts';
import { clearAttempts, countOwnAttempt } from './throttle.ts';

/**
 * Makes sure that it is still the same person: for what cannot be taken back, and for a change of the password itself. Throws
 * `invalid` about `field`, `rate_limited` after too many tries.
 */
export async function confirmPassword(actor: UserActor, password: string, field: string): Promise<void> {
  await compare(actor, await passwordHashOf(actor), password, field);
}

async function passwordHashOf(actor: UserActor): Promise<string | null | undefined> {
  const [user] = await asActor(actor, (tx) =>
    tx.select({ hash: users.passwordHash }).from(users).where(eq(users.id, actor.userId)),
  );
  return user?.hash;
}

async function compare(
  actor: UserActor,
  hash: string | null | undefined,
  password: string,
  field: string,
): Promise<void> {
  const counted = await countOwnAttempt(actor);
  if (!(await verifyPassword(hash, password))) {
    throw new BerthError('invalid', 'The present password is not right.', {
      issues: [{ path: field, message: 'is not right' }],
    });
  }
  await clearAttempts(counted);
}

/** For who has no password: how long ago they may have shown a provider who they are. */
const freshMs = 5 * 60_000;

/**
 * The same for anybody: who has no password, because a provider signs them in, has just shown that one who they are instead; otherwise
 * `step_up_required`, and whatever was typed counts for nothing.
 */
export async function confirmPerson(actor: UserActor, password: string, field: string): Promise<void> {
  const hash = await passwordHashOf(actor);
  if (hash !== null) return await compare(actor, hash, password, field);
  if (actor.provedAt !== undefined && Date.now() - actor.provedAt.getTime() < freshMs) return;
  throw new BerthError('step_up_required', 'You have no password: show again that it is you.', {
    remedy: 'Sign in again with your provider, and ask again.',
  });
}
