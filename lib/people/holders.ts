import { and, eq, isNull } from 'drizzle-orm';
import type { Role } from '../contract/roles.ts';
import type { Tx } from '../db/client.ts';
import { assignments } from '../db/schema/people.ts';
import { users } from '../db/schema/users.ts';

/** The people who have a built-in role over the whole of a tenant, a reseller, or (null) the installation. */
export async function holdersOf(
  tx: Tx,
  role: Role,
  tenantId: string | null,
): Promise<{ id: string; name: string; email: string }[]> {
  const scope = tenantId === null ? 'installation' : role.startsWith('reseller-') ? 'reseller' : 'tenant';
  return await tx
    .selectDistinct({ id: users.id, name: users.name, email: users.email })
    .from(assignments)
    .innerJoin(users, eq(users.id, assignments.userId))
    .where(
      and(
        eq(assignments.role, role),
        isNull(assignments.customRoleId),
        eq(assignments.scope, scope),
        tenantId === null ? undefined : eq(assignments.tenantId, tenantId),
        eq(users.kind, 'person'),
        isNull(users.disabledAt),
      ),
    );
}
