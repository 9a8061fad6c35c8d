import { eq, sql } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { BerthError } from '../contract/errors.ts';
import { Email } from '../contract/fields.ts';
import { asActor } from '../db/client.ts';
import { users } from '../db/schema/users.ts';
import { mayComeByOwn } from '../identity/bounds.ts';
import { verifyPassword } from './passwords.ts';
import { factorOf, takeCode, wrongCode } from './second-factor.ts';
import { openSession, type Visitor } from './sessions.ts';
import { clearAttempts, countAttempt } from './throttle.ts';

const auth = systemActor('auth');

/**
 * Opens a session for whoever knows the password: its key, or undefined when address and password do not fit together (for
 * whatever reason: the answer does not tell). Where a second factor is set up the password alone opens nothing: without `code`
 * `second_factor_required`, with a wrong or used one `invalid`. No half session lies in between. Throws `rate_limited`; guesses at codes
 * count as guesses at passwords do. Audited.
 */
export async function signInWithPassword(
  email: string,
  password: string,
  visitor: Visitor,
  code?: string,
): Promise<string | undefined> {
  const parsed = Email.safeParse(email.trim());
  const account = parsed.success ? parsed.data : email.trim().toLowerCase().slice(0, 200);
  const counted = await countAttempt(account, visitor.address);
  const [user] = await asActor(auth, (tx) =>
    tx
      .select()
      .from(users)
      .where(eq(sql`lower(${users.email})`, account)),
  );
  const knows = (await verifyPassword(user?.passwordHash, password)) && user?.disabledAt === null;
  const opened = await asActor(auth, async (tx): Promise<{ key: string } | 'wants code' | 'wrong code' | undefined> => {
    const about = {
      tenantId: user?.tenantId ?? null,
      targetKind: 'user',
      targetId: user?.id ?? null,
      targetName: account,
    };
    const record = (verb: string, outcome: 'allowed' | 'denied', by: string) =>
      writeAudit(
        tx,
        { kind: 'system', name: user?.name ?? 'unknown' },
        { ...about, verb, outcome, detail: { address: visitor.address, by } },
      );
    // Under a brand's name others, and those who may come in by their provider alone, are told the same as those who do not know their password.
    if (!knows || user === undefined || !(await mayComeByOwn(tx, user.id, visitor.brand))) {
      await record('session.create', 'denied', 'password');
      return undefined;
    }
    if ((await factorOf(tx, user.id)) === undefined) {
      await record('session.create', 'allowed', 'password');
      return { key: await openSession(tx, user.id, visitor) };
    }
    if (code === undefined) {
      await record('session.password', 'allowed', 'password');
      return 'wants code';
    }
    const by = await takeCode(tx, user, code);
    await record('session.create', by === undefined ? 'denied' : 'allowed', by ?? 'code');
    return by === undefined ? 'wrong code' : { key: await openSession(tx, user.id, visitor, 'factor') };
  });
  // Thrown here, so that the record of it stays.
  if (opened === 'wants code')
    throw new BerthError('second_factor_required', 'Now the code of your authenticator app.');
  if (opened === 'wrong code') throw wrongCode();
  if (opened === undefined) return undefined;
  await clearAttempts(counted);
  return opened.key;
}
