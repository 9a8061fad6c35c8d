import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { mailBrandOf } from '../brands/mail.ts';
import type { RedeemReset, RequestReset } from '../contract/account.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor } from '../db/client.ts';
import { users } from '../db/schema/users.ts';
import { mayComeByOwn } from '../identity/bounds.ts';
import { resetMail } from '../mail/messages.ts';
import { queueMail } from '../mail/outbox.ts';
import { noSooner } from './even.ts';
import {
  endPasswordLinks,
  isGoodToken,
  issueLoginToken,
  passwordLink,
  passwordPurposes,
  redeemLoginToken,
} from './links.ts';
import { hashPassword } from './passwords.ts';
import { revokeAll, type Visitor } from './sessions.ts';
import { countMailRequest } from './throttle.ts';

const auth = systemActor('auth');

/** To find an account, make its link and put the mail in line takes a tenth of this. */
const answerMs = 250;

/** Mails a reset link if there is such an account. The answer is the same if there is none, and comes after the same time. Throws `rate_limited`. */
export async function requestReset(input: z.infer<typeof RequestReset>, visitor: Visitor): Promise<void> {
  await countMailRequest(input.email, visitor.address);
  await noSooner(answerMs, () => mailLink(input.email, visitor));
}

async function mailLink(email: string, visitor: Visitor): Promise<void> {
  await asActor(auth, async (tx) => {
    const [user] = await tx
      .select()
      .from(users)
      .where(eq(sql`lower(${users.email})`, email));
    if (user === undefined || user.disabledAt !== null) return;
    if (!(await mayComeByOwn(tx, user.id, visitor.brand))) return;
    const brand = await mailBrandOf(tx, user.tenantId);
    const token = await issueLoginToken(tx, user.id, 'reset');
    await queueMail(tx, resetMail(user.email, user.name, passwordLink(token, brand.baseUrl)), brand);
  });
}

/** Sets a password with a link from a mail (or from set-up) and ends all sessions. A link works once. */
export async function redeemReset(input: z.infer<typeof RedeemReset>, visitor: Visitor): Promise<void> {
  const gone = new BerthError('not_found', 'This link was used before or is too old.', {
    remedy: 'Ask for a new one.',
  });
  // Hashing is made to cost: not for everybody who shows anything.
  if (!(await asActor(auth, (tx) => isGoodToken(tx, input.token, passwordPurposes)))) throw gone;
  const passwordHash = await hashPassword(input.password);
  await asActor(auth, async (tx) => {
    const redeemed = await redeemLoginToken(tx, input.token, passwordPurposes);
    if (redeemed === undefined) throw gone;
    const [user] = await tx.update(users).set({ passwordHash }).where(eq(users.id, redeemed.userId)).returning();
    await endPasswordLinks(tx, redeemed.userId);
    await revokeAll(tx, redeemed.userId, null);
    await writeAudit(
      tx,
      { kind: 'system', name: user?.name ?? 'unknown' },
      {
        verb: `password.${redeemed.purpose}`,
        tenantId: user?.tenantId ?? null,
        targetKind: 'user',
        targetId: redeemed.userId,
        targetName: user?.email ?? null,
        detail: { address: visitor.address },
      },
    );
  });
}
