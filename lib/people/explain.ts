import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '../access/actor.ts';
import { canSee, hasPermission, ofContainer } from '../access/authorize.ts';
import { policy, reads, wholeInstallation } from '../access/policy.ts';
import { type ContainerFacts, containerFacts } from '../containers/facts.ts';
import { verbPermission } from '../containers/verb-permission.ts';
import { BerthError } from '../contract/errors.ts';
import { type Permission, permissions } from '../contract/permissions.ts';
import { type AccessQuery, type Explanation, Role } from '../contract/roles.ts';
import { ContainerVerb, permits, permitted } from '../contract/states.ts';
import { asActor, type Tx } from '../db/client.ts';
import { users } from '../db/schema/users.ts';
import { person, toActor } from './actor.ts';
import { overWhat, presentAssignments } from './present.ts';

type Reason = Explanation['reasons'][number];

/** "Why can't I?" For those who may know of the container; to all others it does not exist. */
export async function explainAccess(
  actor: UserActor,
  { verb, container: id }: z.infer<typeof AccessQuery>,
): Promise<Explanation> {
  return await asActor(actor, async (tx) => {
    const facts = await containerFacts(tx, id, { lock: false });
    if (facts === undefined || !canSee(actor, ofContainer(facts.container))) throw new BerthError('not_found');
    const reasons = [await byRights(tx, actor, verb, facts), ...byState(actor, verb, facts)];
    return {
      verb,
      about: permissions[verb],
      containerId: id,
      containerName: facts.container.name,
      allowed: reasons.every((one) => one.allows),
      reasons: reasons.map(({ by, text }) => ({ by, text })),
      roles: Role.options.filter((role) => policy[role].has(verb)),
    };
  });
}

async function byRights(
  tx: Tx,
  actor: UserActor,
  verb: Permission,
  { container }: ContainerFacts,
): Promise<Reason & { allows: boolean }> {
  const about = ofContainer(container);
  const shown = await presentAssignments(tx, actor.assignments);
  // Holds have their own line.
  const giving = actor.assignments.findIndex((one) =>
    hasPermission({ ...actor, assignments: [{ ...one, held: null }] }, verb, about),
  );
  const given = shown[giving];
  if (given !== undefined) {
    return { by: 'role', allows: true, text: `The role ${given.title} over ${overWhat(given)} allows it.` };
  }
  if (actor.limited) {
    const whole = await asActor(systemActor('explain'), async (own) => {
      const [row] = await own.select(person).from(users).where(eq(users.id, actor.userId));
      return row === undefined ? undefined : toActor(row, actor);
    });
    if (whole !== undefined && hasPermission(whole, verb, about)) {
      const text =
        actor.partial === undefined
          ? 'The account may, but this token was made for less.'
          : 'The account may, but not under this name.';
      return { by: 'token', allows: false, text };
    }
  }
  if (wholeInstallation.has(verb)) {
    return { by: 'role', allows: false, text: 'This is about the installation: a role over all of it is needed.' };
  }
  const had = shown.map((one) => `${one.title} over ${overWhat(one)}`).join('; ') || 'no role at all';
  return { by: 'role', allows: false, text: `No role allows it here. There is: ${had}.` };
}

/** What holds and the container's state say, where the right belongs to something that is done to containers. */
function byState(actor: UserActor, verb: Permission, facts: ContainerFacts): (Reason & { allows: boolean })[] {
  const deed = ContainerVerb.options.find((one) => verbPermission[one] === verb);
  if (facts.container.deletedAt !== null) return [{ by: 'state', allows: false, text: 'The container is deleted.' }];
  const held = facts.holds.map((one) => one.reason).join(', ');
  if (held !== '' && !reads(verb) && actor.assignments.some((one) => one.held !== null)) {
    return [
      {
        by: 'hold',
        allows: false,
        text: `There is a hold (${held}): until it is lifted, things can only be looked at.`,
      },
    ];
  }
  if (deed === undefined) return [];
  const verdict = permitted(deed, facts);
  if (verdict.allowed) return [];
  const barred = held !== '' && !permits[deed].whileHeld;
  return [{ by: barred ? 'hold' : 'state', allows: false, text: verdict.reason }];
}
