import { v7 } from 'uuid';
import type { Assignment, UserActor } from '#lib/access/actor.ts';
import { policy, scopesOf } from '#lib/access/policy.ts';
import { type Role, roleWords } from '#lib/contract/roles.ts';

/** A built-in role over the whole of what it is for; a reseller reaches `below` besides its own tenant. */
export function wholeRole(role: Role, tenantId: string | null, below: readonly string[] = []): Assignment {
  const [scope] = tenantId === null ? (['installation'] as const) : scopesOf[role];
  return {
    id: v7(),
    ...{ role, base: role, title: roleWords[role].title, permissions: policy[role], scope, tenantId },
    ...{ labels: [], containerId: null },
    held: null,
    reach: tenantId === null ? 'all' : { tenantIds: [tenantId, ...below], containerIds: [] },
  };
}

/** Somebody with one role, signed in. */
export function personWith(role: Role, tenantId: string | null, below: readonly string[] = []): UserActor {
  return {
    ...{ kind: 'user', userId: v7(), sessionId: v7(), tokenId: null, limited: false, role, tenantId, name: role },
    ...{ email: `${role}@example.test`, address: '127.0.0.1', userAgent: 'test' },
    assignments: [wholeRole(role, tenantId, below)],
  };
}
