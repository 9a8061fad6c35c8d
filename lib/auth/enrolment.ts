import type { UserActor } from '../access/actor.ts';
import { BerthError } from '../contract/errors.ts';
import { type Route, type RouteName, routes } from '../contract/routes.ts';

/** What is left to somebody who must set up a second factor first: doing that, and leaving. */
const open: ReadonlySet<RouteName> = new Set<RouteName>([
  'me.get',
  'me.factor.get',
  'me.factor.start',
  'me.factor.confirm',
  'me.passkeys.options',
  'me.passkeys.add',
  'me.prove',
  'me.proveBy',
  'me.identities.list',
  'me.sessions.revokeAll',
]);

/** Refuses all else with `enrolment_required`. Rights they have none meanwhile (toActor): this says why, and keeps the account itself. */
export function refuseUnenrolled(actor: UserActor, name: RouteName): void {
  const route: Route = routes[name];
  if (actor.mustEnrol !== true || open.has(name) || route.permission === 'public') return;
  throw new BerthError('enrolment_required', 'A second factor is asked of you, and you have none yet.', {
    remedy: 'Sign in with a browser and set it up.',
  });
}
