import type { UserActor } from '#lib/access/actor.ts';
import { hasPermission, type Resource } from '#lib/access/authorize.ts';
import { HoldReason } from '#lib/contract/holds.ts';

/** The reasons for which somebody puts and lifts holds there. */
export function holdReasonsOf(actor: UserActor, about: Resource): HoldReason[] {
  return HoldReason.options.filter((reason) => hasPermission(actor, `hold.${reason}`, about));
}
