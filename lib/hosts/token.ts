import { createHash, randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { enrollTokens, hosts } from '#lib/db/schema/hosts.ts';

const lifetimeMs = 3_600_000;

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * A token with which one agent may join, once and within the hour, under this name; only its hash is kept. `rejoin`: also as
 * the host that has the name already. The database refuses that to the web's role: it is for set-up on the portal's machine.
 */
export async function issueHostToken(
  tx: Tx,
  actor: Actor,
  input: { name: string; rejoin: boolean },
): Promise<{ token: string; expiresAt: string }> {
  const { name, rejoin } = input;
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + lifetimeMs);
  const [row] = await tx
    .insert(enrollTokens)
    .values({ name, rejoin, tokenHash: hashToken(token), expiresAt })
    .returning({ id: enrollTokens.id });
  await writeAudit(tx, actor, {
    verb: 'host.enroll',
    tenantId: null,
    targetKind: 'enroll-token',
    targetId: row?.id ?? null,
    targetName: name,
    detail: { rejoin },
  });
  return { token, expiresAt: expiresAt.toISOString() };
}

/** A token for a host that is new. Throws `conflict` for a name that a host has. */
export async function createHostToken(
  actor: Actor,
  input: { name: string },
): Promise<{ token: string; expiresAt: string }> {
  authorize(actor, 'host.enroll');
  return await asActor(actor, async (tx) => {
    const [known] = await tx.select({ id: hosts.id }).from(hosts).where(eq(hosts.name, input.name));
    if (known !== undefined) {
      throw new BerthError('conflict', 'There is a host of this name.', {
        issues: [{ path: 'name', message: 'is taken' }],
        remedy: 'To let that host join again, run "berth host token" on the machine of the panel.',
      });
    }
    return await issueHostToken(tx, actor, { name: input.name, rejoin: false });
  });
}
