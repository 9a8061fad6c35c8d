import type { Language } from '../contract/language.ts';
import type { Permission } from '../contract/permissions.ts';
import type { Role, ScopeKind } from '../contract/roles.ts';

/**
 * A role of a person and what it reaches now: a reseller's tenants and the containers behind a label are looked up whenever the actor
 * is made, so that nothing here is older than the request.
 */
export type Assignment = {
  id: string;
  /** The name of a built-in role, or the id of a custom one. */
  role: string;
  /** The built-in role it is or was cloned from. */
  base: Role;
  title: string;
  permissions: ReadonlySet<Permission>;
  scope: ScopeKind;
  /** The reseller or tenant it was given over, or whose labels or container it is; null: the installation. */
  tenantId: string | null;
  labels: readonly string[];
  containerId: string | null;
  reach: Reach;
  /** What of it a hold leaves to look at only: all, or single containers. Null: a hold does not bind who has the role. */
  held: { whole: boolean; containerIds: readonly string[] } | null;
  /** Not a role, but a tenant's consent (or an emergency's): whose. It gives rights to use, never to hand on. */
  consent?: { id: string; by: { id: string; name: string } };
};

/** All there is; or whole tenants, and single containers besides. */
export type Reach = 'all' | { tenantIds: readonly string[]; containerIds: readonly string[] };

/** A person or a service account, as resolved from a live session or a live token at this request. Never stored, never taken from a client. */
export type UserActor = {
  kind: 'user';
  userId: string;
  /** Exactly one of the two is set: how they came in. */
  sessionId: string | null;
  tokenId: string | null;
  /** The token may do less than its maker: then it changes nothing of the account either, and makes no other tokens. */
  limited: boolean;
  /** They came under a brand's name, and what they may elsewhere is left out: `limited` as well, but their token is not made for less. */
  partial?: true;
  /** The reseller under whose name they came, or their token was made: a token that they make counts under that name alone. */
  brand?: string;
  assignments: readonly Assignment[];
  /** The widest role they have, for words and menus; what they may is in `assignments`. Null: none that is built in. */
  role: Role | null;
  /** The account they belong to. Null for the provider's staff. */
  tenantId: string | null;
  name: string;
  email: string;
  /** What they chose to read; null or absent: nothing. */
  language?: Language | null;
  address: string;
  userAgent: string;
  /** When the session's holder last showed who they are. A token never has. */
  provedAt?: Date;
  /** A second factor is asked of them and they have none: they have no rights until they do, whatever their roles. */
  mustEnrol?: true;
};

/** The portal itself: workflows, sweeps, sign-in before anybody is known. Never made from a request's content. */
export type SystemActor = {
  kind: 'system';
  name: string /** The container whose schedule it is. */;
  schedule?: string;
};

export type Actor = UserActor | SystemActor;

export function systemActor(name: string): SystemActor {
  return { kind: 'system', name };
}
