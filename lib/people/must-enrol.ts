import { type SQL, sql } from 'drizzle-orm';
import { teamOf } from './team.ts';

/** Whether the row of `users` has a second factor; for a select list. */
export const hasFactor: SQL<boolean> = sql<boolean>`(
  exists (select from authenticators f where f.user_id = users.id and f.confirmed_at is not null)
  or exists (select from passkeys k where k.user_id = users.id))`;

/**
 * Whether somebody must have a second factor (an account in whose team they are asks for one, or a role of theirs does) and has none; for a
 * select list. What an account asks for holds for its own people: also for a reseller's staff who have one of its tenants alone, and not
 * for those who look after it from outside. Programs never must: nobody signs in as them.
 */
export const mustEnrol: SQL<boolean> = sql<boolean>`(users.kind = 'person' and not ${hasFactor} and exists (
  select from assignments a left join tenants house on house.id = ${teamOf}
  where a.user_id = users.id and (house.require_factor
    or exists (select from security_policy p where a.role = any(p.factor_roles)))))`;

/** The same of a session, joined: a provider that is believed may have asked for one when it was opened. */
export const mustEnrolHere: SQL<boolean> = sql<boolean>`(not sessions.factor_vouched and ${mustEnrol})`;
