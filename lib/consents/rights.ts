import { type SQL, sql } from 'drizzle-orm';
import type { Assignment } from '../access/actor.ts';
import { covers } from '../access/authorize.ts';
import type { ConsentScope } from '../contract/tickets.ts';
import { consentRights } from './policy.ts';

/** As {@link liveConsentsOf} selects them. */
export type LiveConsent = {
  id: string;
  tenantId: string;
  containerId: string;
  scopes: ConsentScope[];
  byId: string;
  byName: string;
};

/** The consents that a row of `users` may use at this moment, for a select list. */
export const liveConsentsOf: SQL<LiveConsent[]> = sql`(
  select coalesce(json_agg(json_build_object(
    'id', k.id, 'tenantId', k.tenant_id, 'containerId', k.container_id, 'scopes', k.scopes,
    'byId', k.granted_by_id, 'byName', k.granted_by_name
  ) order by k.id), '[]'::json)
  from access_consents k where k.staff_id = users.id and k.granted_at is not null
  and k.ended_at is null and k.expires_at > now())`;

/**
 * Live consents as more of what their user may do: each over its container, what was chosen, while it lasts. This is the one place
 * where consents become rights; whoever asks `authorize` sees them there, and a stream opened by one ends with it.
 */
export function consentsFor(roles: readonly Assignment[], consents: readonly LiveConsent[]): Assignment[] {
  return consents.filter((one) => roles.some((role) => mayAsk(role, one))).map(toAssignment);
}

/** Whoever is not staff there any more, has nothing of it. */
function mayAsk(role: Assignment, { tenantId, containerId }: LiveConsent): boolean {
  return role.permissions.has('access.request') && covers(role, { tenantId, containerId });
}

function toAssignment(one: LiveConsent): Assignment {
  return {
    id: one.id,
    role: 'consent',
    base: 'support',
    title: `With the consent of ${one.byName}`,
    permissions: new Set(one.scopes.flatMap((scope) => consentRights[scope])),
    scope: 'container',
    tenantId: one.tenantId,
    labels: [],
    containerId: one.containerId,
    reach: { tenantIds: [], containerIds: [one.containerId] },
    held: null,
    consent: { id: one.id, by: { id: one.byId, name: one.byName } },
  };
}
