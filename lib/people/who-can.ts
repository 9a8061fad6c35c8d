import { eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { UserActor } from '../access/actor.ts';
import { authorize, covers, ofContainer } from '../access/authorize.ts';
import { wholeInstallation } from '../access/policy.ts';
import { BerthError } from '../contract/errors.ts';
import type { AccessQuery, WhoCan } from '../contract/roles.ts';
import { asActor } from '../db/client.ts';
import { containers } from '../db/schema/containers.ts';
import { assignments } from '../db/schema/people.ts';
import { tenants } from '../db/schema/tenants.ts';
import { users } from '../db/schema/users.ts';
import { presentAssignments } from './present.ts';
import { assignmentsOf, toAssignment } from './rights.ts';

/** "Who can do this to that?" Of the people the actor may know of: a reseller is not told who the provider's are. */
export async function whoCan(actor: UserActor, { verb, container: id }: z.infer<typeof AccessQuery>): Promise<WhoCan> {
  authorize(actor, 'access.who');
  return await asActor(actor, async (tx) => {
    const [container] = await tx
      .select({ id: containers.id, tenantId: containers.tenantId, resellerId: tenants.resellerId })
      .from(containers)
      .innerJoin(tenants, eq(tenants.id, containers.tenantId))
      .where(eq(containers.id, id));
    if (container === undefined) throw new BerthError('not_found');
    const about = ofContainer(container);
    authorize(actor, 'access.who', about);
    const accounts = [container.tenantId, ...(container.resellerId === null ? [] : [container.resellerId])];
    const near = tx
      .select({ one: sql`1` })
      .from(assignments)
      .where(
        sql`${assignments.userId} = ${users.id} and ${or(isNull(assignments.tenantId), inArray(assignments.tenantId, accounts))}`,
      );
    const rows = await tx
      .select({ id: users.id, name: users.name, email: users.email, kind: users.kind, assignments: assignmentsOf })
      .from(users)
      .where(sql`${users.disabledAt} is null and exists ${near}`)
      .orderBy(users.name, users.id);
    const people = [];
    for (const row of rows) {
      const giving = row.assignments
        .map(toAssignment)
        .filter((one) => one.permissions.has(verb) && covers(one, about))
        .filter((one) => one.reach === 'all' || !wholeInstallation.has(verb));
      if (giving.length === 0) continue;
      const { id: userId, name, email, kind } = row;
      people.push({ userId, name, email, kind, assignments: await presentAssignments(tx, giving) });
    }
    return { verb, containerId: id, people };
  });
}
