import { eq, sql } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { isOfBrand } from '../brands/people.ts';
import { Email } from '../contract/fields.ts';
import { asActor } from '../db/client.ts';
import { users } from '../db/schema/users.ts';
import { verifyPassword } from './passwords.ts';
import { openSession, type Visitor } from './sessions.ts';
import { clearAttempts, countAttempt } from './throttle.ts';

const auth = systemActor('auth');

/**
 * Opens a session for whoever knows the password: its key, or undefined when address and password do not fit together (for
 * whatever reason: the answer does not tell). Throws `rate_limited`. Both outcomes are audited.
 */
export async function signInWithPassword(
  email: string,
  password: string,
  visitor: Visitor,
): Promise<string | undefined> {
  const parsed = Email.safeParse(email.trim());
  const account = parsed.success ? parsed.data : email.trim().toLowerCase().slice(0, 200);
  await countAttempt(account, visitor.address);
  const [user] = await asActor(auth, (tx) =>
    tx
      .select()
      .from(users)
      .where(eq(sql`lower(${users.email})`, account)),
  );
  const knows = (await verifyPassword(user?.passwordHash, password)) && user?.disabledAt === null;
  // Under a brand's name others are told the same as those who do not know their password.
  const fits =
    knows &&
    (visitor.brand == null ||
      (user !== undefined && (await isOfBrand({ userId: user.id, tenantId: user.tenantId }, visitor.brand))));
  if (fits) await clearAttempts(account, visitor.address);
  return asActor(auth, async (tx) => {
    await writeAudit(
      tx,
      { kind: 'system', name: user?.name ?? 'unknown' },
      {
        verb: 'session.create',
        outcome: fits ? 'allowed' : 'denied',
        tenantId: user?.tenantId ?? null,
        targetKind: 'user',
        targetId: user?.id ?? null,
        targetName: account,
        detail: { address: visitor.address },
      },
    );
    return fits && user !== undefined ? openSession(tx, user.id, visitor) : undefined;
  });
}
