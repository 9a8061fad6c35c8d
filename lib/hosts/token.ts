import { createHash, randomBytes } from 'node:crypto';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { asActor } from '#lib/db/client.ts';
import { enrollTokens } from '#lib/db/schema/hosts.ts';

const lifetimeMs = 3_600_000;

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * A token with which one agent may join, once and within the hour, under this name. A name that a host already has lets
 * that host join again, with a new certificate and perhaps at another address. Only its hash is kept.
 */
export async function createHostToken(
  actor: Actor,
  input: { name: string },
): Promise<{ token: string; expiresAt: string }> {
  authorize(actor, 'host.enroll');
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + lifetimeMs);
  await asActor(actor, async (tx) => {
    const [row] = await tx
      .insert(enrollTokens)
      .values({ name: input.name, tokenHash: hashToken(token), expiresAt })
      .returning({ id: enrollTokens.id });
    await writeAudit(tx, actor, {
      verb: 'host.enroll',
      tenantId: null,
      targetKind: 'enroll-token',
      targetId: row?.id ?? null,
      targetName: input.name,
    });
  });
  return { token, expiresAt: expiresAt.toISOString() };
}
