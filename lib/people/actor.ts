import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { UserActor } from '../access/actor.ts';
import { isLimited, narrow, type TokenLimits } from '../access/narrow.ts';
import { widest } from '../access/policy.ts';
import { consentsFor, type LiveConsent, liveConsentsOf } from '../consents/rights.ts';
import type { Language } from '../contract/language.ts';
import type { Tx } from '../db/client.ts';
import { users } from '../db/schema/users.ts';
import { type AssignmentRow, assignmentsOf, toAssignment } from './rights.ts';

/** What of a row of `users` makes an actor. */
export const person = {
  userId: users.id,
  tenantId: users.tenantId,
  name: users.name,
  email: users.email,
  language: users.language,
  assignments: assignmentsOf,
  consents: liveConsentsOf,
};
export type Person = {
  userId: string;
  tenantId: string | null;
  name: string;
  email: string;
  language?: Language | null;
  assignments: AssignmentRow[];
  consents: LiveConsent[];
  limits?: TokenLimits;
  /** Selected by those who let people in; see must-enrol.ts. */
  mustEnrol?: boolean;
};

/** The limits of a row of `api_tokens`, for a select list. */
export const limitsOf: SQL<TokenLimits> = sql`json_build_object('verbs', api_tokens.verbs, 'containers',
  case when api_tokens.container_ids is not null then coalesce((
    select json_agg(json_build_object('id', c.id, 'tenantId', c.tenant_id) order by c.id)
    from containers c where c.id = any(api_tokens.container_ids) or c.labels && api_tokens.labels), '[]'::json) end)`;

/** The actor a person is by this way in. */
export function toActor(
  { assignments: rows, consents, limits, mustEnrol = false, ...who }: Person,
  via: Pick<UserActor, 'sessionId' | 'tokenId' | 'address' | 'userAgent' | 'provedAt'>,
): UserActor {
  const { sessionId, tokenId, address, userAgent, provedAt } = via;
  const roles = mustEnrol ? [] : rows.map(toAssignment);
  const whole = [...roles, ...consentsFor(roles, consents)];
  const assignments = limits === undefined ? whole : narrow(whole, limits);
  const builtIn = roles.filter((one) => one.role === one.base).map((one) => one.base);
  return {
    kind: 'user',
    ...who,
    ...{ sessionId, tokenId, address, userAgent },
    ...(provedAt === undefined ? {} : { provedAt }),
    ...(mustEnrol ? { mustEnrol } : {}),
    limited: limits !== undefined && isLimited(limits),
    assignments,
    role: widest(builtIn),
  };
}

/** Somebody as they are now, for a word that was given before and counts while whoever gave it still may. Undefined: they have no account any more. */
export async function actorOf(
  tx: Tx,
  userId: string | null,
  visitor: Pick<UserActor, 'address' | 'userAgent'> = { address: '', userAgent: '' },
): Promise<UserActor | undefined> {
  if (userId === null) return undefined;
  const [who] = await tx
    .select(person)
    .from(users)
    .where(and(eq(users.id, userId), isNull(users.disabledAt)));
  return who === undefined ? undefined : toActor(who, { sessionId: null, tokenId: null, ...visitor });
}
