import { eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '../access/actor.ts';
import { authorize, ofContainer } from '../access/authorize.ts';
import { sessionLives } from '../auth/sessions.ts';
import { BerthError } from '../contract/errors.ts';
import type { AccessQuery, WhoCan } from '../contract/roles.ts';
import { asActor } from '../db/client.ts';
import { containers } from '../db/schema/containers.ts';
import { sessions } from '../db/schema/sessions.ts';
import { users } from '../db/schema/users.ts';
import { person, toActor } from './actor.ts';
import { mustEnrol } from './must-enrol.ts';
import { presentAssignments } from './present.ts';
import { givingOf, peopleNear } from './who-has.ts';

const people = systemActor('who-can');

/**
 * "Who can do this to that?" Of the people the actor may know of: a reseller is not told who the provider's are. As it is at this moment:
 * with the tenant's consent that lasts, and without those who have no rights until they have set up a second factor.
 */
export async function whoCan(actor: UserActor, { verb, container: id }: z.infer<typeof AccessQuery>): Promise<WhoCan> {
  authorize(actor, 'access.who');
  return await asActor(actor, async (tx) => {
    const [container] = await tx
      .select({ id: containers.id, tenantId: containers.tenantId })
      .from(containers)
      .where(eq(containers.id, id));
    if (container === undefined) throw new BerthError('not_found');
    const about = ofContainer(container);
    authorize(actor, 'access.who', about);
    const near = await peopleNear(tx, about);
    const now = await asTheyAre(near.map((one) => one.id));
    const able = [];
    for (const { id: userId, name, email, kind } of near) {
      const giving = givingOf(now.get(userId) ?? [], verb, about);
      if (giving.length > 0)
        able.push({ userId, name, email, kind, assignments: await presentAssignments(tx, giving) });
    }
    return { verb, containerId: id, people: able };
  });
}

/** What each of them may now. Whether somebody has a second factor is the portal's own to read, whoever asks. */
async function asTheyAre(ids: readonly string[]) {
  const rows = await asActor(people, (tx) =>
    tx
      .select({ ...person, mustEnrol: sql<boolean>`(${mustEnrol} and not ${vouchedNow})` })
      .from(users)
      .where(inArray(users.id, [...ids])),
  );
  const via = { sessionId: null, tokenId: null, address: '', userAgent: '' };
  return new Map(rows.map((row) => [row.userId, toActor(row, via).assignments]));
}

/** By a session whose provider is believed to have asked for one. */
const vouchedNow: SQL = sql`exists (select from ${sessions} where ${sessions.userId} = users.id and ${sessions.factorVouched} and ${sessionLives})`;
