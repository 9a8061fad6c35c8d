/**
 * Which addresses ask a person again who they are, when their session's last proof (a sign-in, a password, a code) is older than the
 * installation says: what destroys for good, and what hands out power. Beside the rights of permissions.ts: those say who may, this says how
 * sure the panel must be that it is them. A bearer token is never asked: it was made by somebody who was.
 */
import type { RouteName } from './routes.ts';

export const stepUp: ReadonlySet<RouteName> = new Set<RouteName>([
  'containers.delete',
  'handovers.offer',
  'handovers.agree',
  'handovers.accept',
  'members.add',
  'members.change',
  'members.remove',
  'members.resend',
  'staff.add',
  'staff.change',
  'staff.remove',
  'staff.resend',
  'roles.create',
  'roles.change',
  'roles.delete',
  'tokens.create',
  'device.decide',
  'holds.place',
  'holds.lift',
  'tenantHolds.place',
  'tenantHolds.lift',
  'resellers.create',
  'resellers.setQuota',
  'brands.dropHost',
  'hosts.token',
  'hosts.lose',
  'locations.remove',
  'backups.consent',
  'consents.grant',
  'consents.approve',
  'me.factor.start',
  'me.passkeys.options',
  'people.resetFactor',
  'tenants.setSecurity',
  'security.set',
  'identityProviders.create',
  'identityProviders.set',
  'identityProviders.remove',
  'me.identities.begin',
  'me.identities.remove',
]);

/** These carry the password in their body and ask for it however fresh the session is. */
export const asksItself: ReadonlySet<RouteName> = new Set<RouteName>([
  'me.password',
  'me.factor.turnOff',
  'me.passkeys.remove',
  'backups.purge',
]);
