import { v7 } from 'uuid';
import type { z } from 'zod';
import { type Actor, systemActor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import { writeAudit } from '../audit/write.ts';
import { issueLoginToken, passwordLink } from '../auth/links.ts';
import { BerthError } from '../contract/errors.ts';
import type { CreateTenant, Tenant } from '../contract/rest.ts';
import { asActor } from '../db/client.ts';
import { isUniqueViolation } from '../db/errors.ts';
import { tenants } from '../db/schema/tenants.ts';
import { users } from '../db/schema/users.ts';
import { firstLoginMail } from '../mail/messages.ts';
import { queueMail } from '../mail/outbox.ts';

/**
 * Makes a tenant with its first owner, who gets a link by mail to choose a password. A reseller's tenants are its own.
 * Throws `conflict` when the address already has an account. Tenant, owner, mail and audit are written together.
 */
export async function createTenant(actor: Actor, input: z.infer<typeof CreateTenant>): Promise<Tenant> {
  authorize(actor, 'tenant.create');
  const resellerId = resellerOf(actor);
  const userId = v7();
  try {
    // As the system: a reseller's scope does not hold the new tenant yet. What may be made was decided above.
    return await asActor(systemActor('tenant.create'), async (tx) => {
      const [tenant] = await tx.insert(tenants).values({ name: input.name, resellerId }).returning();
      if (tenant === undefined) throw new Error('an insert returned no row');
      await tx.insert(users).values({
        id: userId,
        tenantId: tenant.id,
        email: input.ownerEmail,
        name: input.ownerName,
        role: 'tenant-owner',
      });
      const token = await issueLoginToken(tx, userId, 'first-login');
      await queueMail(tx, firstLoginMail(input.ownerEmail, input.ownerName, passwordLink(token)));
      await writeAudit(tx, actor, {
        verb: 'tenant.create',
        tenantId: tenant.id,
        targetKind: 'tenant',
        targetId: tenant.id,
        targetName: tenant.name,
        detail: { owner: input.ownerEmail },
      });
      return {
        id: tenant.id,
        name: tenant.name,
        resellerId,
        containers: 0,
        users: 1,
        createdAt: tenant.createdAt.toISOString(),
      };
    });
  } catch (error) {
    if (!isUniqueViolation(error, 'users_email')) throw error;
    throw new BerthError('conflict', 'This e-mail address already has an account.', {
      issues: [{ path: 'ownerEmail', message: 'already has an account' }],
      cause: error,
    });
  }
}

/** Whose the actor's new tenants are: the provider's own, or the reseller's over whom they have the right. */
export function resellerOf(actor: Actor): string | null {
  if (actor.kind === 'system') return null;
  const able = actor.assignments.filter((one) => one.permissions.has('tenant.create'));
  if (able.some((one) => one.reach === 'all')) return null;
  const reseller = able.find((one) => one.scope === 'reseller')?.tenantId;
  if (reseller == null) throw new BerthError('forbidden');
  return reseller;
}
