import { eq } from 'drizzle-orm';
import type { UserActor } from '../access/actor.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor } from '../db/client.ts';
import { users } from '../db/schema/users.ts';
import { verifyPassword } from './passwords.ts';
import { clearAttempts, countAttempt } from './throttle.ts';

/**
 * Makes sure that it is still the same person: for what cannot be taken back, and for a change of the password itself. Throws
 * `invalid` about `field`, `rate_limited` after too many tries.
 */
export async function confirmPassword(actor: UserActor, password: string, field: string): Promise<void> {
  const [user] = await asActor(actor, (tx) => tx.select().from(users).where(eq(users.id, actor.userId)));
  await countAttempt(actor.email, actor.address);
  if (!(await verifyPassword(user?.passwordHash, password))) {
    throw new BerthError('invalid', 'The present password is not right.', {
      issues: [{ path: field, message: 'is not right' }],
    });
  }
  await clearAttempts(actor.email, actor.address);
}
