import { and, eq, isNull } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { asActor } from '../db/client.ts';
import { users } from '../db/schema/users.ts';
import { mayComeByOwn } from '../identity/bounds.ts';
import { redeemLoginToken } from './links.ts';
import { openSession, type Visitor } from './sessions.ts';

/**
 * Opens a session for whoever brings a link's key: the session's key, or undefined when it is unknown, used, too old, or its person disabled. The
 * use of it is recorded where the person's account reads it.
 */
export async function signInWithLink(link: string, visitor: Visitor): Promise<string | undefined> {
  return await asActor(systemActor('auth'), async (tx) => {
    const redeemed = await redeemLoginToken(tx, link, ['sign-in']);
    if (redeemed === undefined) return undefined;
    const [user] = await tx
      .select()
      .from(users)
      .where(and(eq(users.id, redeemed.userId), isNull(users.disabledAt)));
    if (user === undefined) return undefined;
    if (!(await mayComeByOwn(tx, user.id, visitor.brand))) return undefined;
    const who = { kind: 'system', name: user.name } as const;
    await writeAudit(tx, who, {
      ...{ verb: 'session.create', tenantId: user.tenantId, targetKind: 'user', targetId: user.id },
      ...{ targetName: user.email, detail: { address: visitor.address, by: 'a link from a billing program' } },
    });
    return await openSession(tx, user.id, visitor, 'link');
  });
}
