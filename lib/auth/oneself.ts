import type { UserActor } from '../access/actor.ts';

/** For the record of what somebody does to their own account. */
export function oneself(actor: UserActor, verb: string) {
  return { verb, tenantId: actor.tenantId, targetKind: 'user', targetId: actor.userId, targetName: actor.email };
}
