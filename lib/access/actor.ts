import type { Role } from '../contract/rest.ts';

/** A person, as resolved from a live session or a live token at this request. Never stored, never taken from a client. */
export type UserActor = {
  kind: 'user';
  userId: string;
  /** Exactly one of the two is set: how they came in. */
  sessionId: string | null;
  tokenId: string | null;
  role: Role;
  /** Null for the provider's staff. */
  tenantId: string | null;
  /** Every tenant this person's role reaches; for staff of the provider, who reach all, it is empty. */
  tenantIds: readonly string[];
  name: string;
  email: string;
  address: string;
  userAgent: string;
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
