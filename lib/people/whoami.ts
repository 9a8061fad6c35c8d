import { eq } from 'drizzle-orm';
import type { UserActor } from '../access/actor.ts';
import { Permission } from '../contract/permissions.ts';
import type { WhoAmI } from '../contract/roles.ts';
import { asActor } from '../db/client.ts';
import { apiTokens } from '../db/schema/sessions.ts';
import { tenants } from '../db/schema/tenants.ts';
import { users } from '../db/schema/users.ts';
import { presentAssignments } from './present.ts';

/** Who asks, which rights they have over what, and by which way they came in. */
export async function whoAmI(actor: UserActor): Promise<WhoAmI> {
  return await asActor(actor, async (tx) => {
    const [user] = await tx.select({ kind: users.kind }).from(users).where(eq(users.id, actor.userId));
    const [tenant] =
      actor.tenantId === null ? [] : await tx.select().from(tenants).where(eq(tenants.id, actor.tenantId));
    const [token] =
      actor.tokenId === null ? [] : await tx.select().from(apiTokens).where(eq(apiTokens.id, actor.tokenId));
    return {
      id: actor.userId,
      kind: user?.kind ?? 'person',
      name: actor.name,
      email: actor.email,
      role: actor.role,
      tenantId: actor.tenantId,
      tenantName: tenant?.name ?? null,
      assignments: await presentAssignments(tx, actor.assignments),
      permissions: Permission.options.filter((one) =>
        actor.assignments.some(({ permissions }) => permissions.has(one)),
      ),
      via: actor.tokenId === null ? 'session' : 'token',
      token:
        token === undefined
          ? null
          : {
              id: token.id,
              name: token.name,
              verbs: token.verbs,
              containerIds: token.containerIds,
              labels: token.labels,
              addresses: token.addresses,
              brandId: token.brandId,
              expiresAt: token.expiresAt?.toISOString() ?? null,
            },
    };
  });
}
