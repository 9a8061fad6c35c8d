import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { mailBrandFor } from '../brands/mail.ts';
import type { ChangePassword, Me } from '../contract/account.ts';
import { BerthError } from '../contract/errors.ts';
import type { Language } from '../contract/language.ts';
import { asActor } from '../db/client.ts';
import { tenants } from '../db/schema/tenants.ts';
import { users } from '../db/schema/users.ts';
import { passwordChangedMail } from '../mail/messages.ts';
import { queueMail } from '../mail/outbox.ts';
import { confirmPerson } from './confirm-password.ts';
import { oneself } from './oneself.ts';
import { hashPassword } from './passwords.ts';
import { liveSessions, revokeAll, revokeOne } from './sessions.ts';

/** Who is signed in, and where else. */
export async function getMe(actor: UserActor): Promise<Me> {
  return asActor(actor, async (tx) => {
    const [tenant] =
      actor.tenantId === null ? [] : await tx.select().from(tenants).where(eq(tenants.id, actor.tenantId));
    const sessions = await liveSessions(tx, actor.userId);
    return {
      id: actor.userId,
      email: actor.email,
      name: actor.name,
      role: actor.role,
      tenantId: actor.tenantId,
      tenantName: tenant?.name ?? null,
      language: actor.language ?? null,
      sessions: sessions.map((session) => ({
        id: session.id,
        current: session.id === actor.sessionId,
        createdAt: session.createdAt.toISOString(),
        lastSeenAt: session.lastSeenAt.toISOString(),
        userAgent: session.userAgent,
        address: session.address,
      })),
    };
  });
}

/** Chooses what somebody reads the panel and its mails in; null: as the brand says, or else the browser. */
export async function setLanguage(actor: UserActor, language: Language | null): Promise<void> {
  await asActor(actor, async (tx) => {
    await tx.update(users).set({ language }).where(eq(users.id, actor.userId));
    await writeAudit(tx, actor, { ...oneself(actor, 'language.choose'), after: { language } });
  });
}

/** Sets a new password for who knows the present one, ends all other sessions and tells the owner by mail. */
export async function changePassword(actor: UserActor, input: z.infer<typeof ChangePassword>): Promise<void> {
  await confirmPerson(actor, input.current, 'current');
  const passwordHash = await hashPassword(input.next);
  const brand = await mailBrandFor(actor.tenantId);
  await asActor(actor, async (tx) => {
    await tx.update(users).set({ passwordHash }).where(eq(users.id, actor.userId));
    await revokeAll(tx, actor.userId, actor.sessionId);
    await queueMail(tx, passwordChangedMail(actor.email, actor.name), brand);
    await writeAudit(tx, actor, oneself(actor, 'password.change'));
  });
}

/** Ends one of the own sessions. Another person's, or one that is over, is `not_found`. */
export async function revokeSession(actor: UserActor, sessionId: string): Promise<void> {
  await asActor(actor, async (tx) => {
    if (!(await revokeOne(tx, actor.userId, sessionId))) throw new BerthError('not_found');
    await writeAudit(tx, actor, oneself(actor, 'session.revoke'));
  });
}

/** Signs out everywhere, here too. */
export async function revokeAllSessions(actor: UserActor): Promise<void> {
  await asActor(actor, async (tx) => {
    await revokeAll(tx, actor.userId, null);
    await writeAudit(tx, actor, oneself(actor, 'session.revoke-all'));
  });
}

/** Signs out here. Without a session (nobody, or a bearer token) nothing happens. */
export async function endOwnSession(actor: UserActor | undefined): Promise<void> {
  const sessionId = actor?.sessionId;
  if (actor === undefined || sessionId == null) return;
  await asActor(systemActor('auth'), (tx) => revokeOne(tx, actor.userId, sessionId));
}
