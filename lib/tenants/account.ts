import { v7 } from 'uuid';
import type { Actor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { issueLoginToken, passwordLink } from '../auth/links.ts';
import { mailBrandOf } from '../brands/mail.ts';
import { BerthError } from '../contract/errors.ts';
import type { Role } from '../contract/roles.ts';
import type { Tx } from '../db/client.ts';
import { isUniqueViolation } from '../db/errors.ts';
import { tenants } from '../db/schema/tenants.ts';
import { users } from '../db/schema/users.ts';
import { firstLoginMail } from '../mail/messages.ts';
import { queueMail } from '../mail/outbox.ts';

export type NewAccount = {
  kind: 'tenant' | 'reseller';
  resellerId: string | null;
  name: string;
  ownerEmail: string;
  ownerName: string;
  role: Role;
};

/**
 * Writes an account with its first owner, who gets a link by mail to choose a password. Tenant, owner, mail and audit are
 * written together, in the caller's transaction; that runs as the system, because nobody's scope holds what is not there yet.
 */
export async function insertAccount(tx: Tx, actor: Actor, account: NewAccount): Promise<typeof tenants.$inferSelect> {
  const { kind, name, resellerId, ownerEmail, ownerName, role } = account;
  const userId = v7();
  const [tenant] = await tx.insert(tenants).values({ kind, name, resellerId }).returning();
  if (tenant === undefined) throw new Error('an insert returned no row');
  await tx.insert(users).values({ id: userId, tenantId: tenant.id, email: ownerEmail, name: ownerName, role });
  const token = await issueLoginToken(tx, userId, 'first-login');
  const brand = await mailBrandOf(tx, tenant.id);
  await queueMail(tx, firstLoginMail(ownerEmail, ownerName, passwordLink(token, brand.baseUrl)), brand);
  await writeAudit(tx, actor, {
    verb: `${kind}.create`,
    tenantId: tenant.id,
    targetKind: kind,
    targetId: tenant.id,
    targetName: tenant.name,
    detail: { owner: ownerEmail },
  });
  return tenant;
}

/** The answer to an address that has an account. */
export function emailTaken(error: unknown): never {
  if (!isUniqueViolation(error, 'users_email')) throw error;
  throw new BerthError('conflict', 'This e-mail address already has an account.', {
    issues: [{ path: 'ownerEmail', message: 'already has an account' }],
    cause: error,
  });
}
