/** People of a test as they come, each with a token of their own, and what they ask for. */
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { getActor } from '#lib/auth/request.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { AddMember, type Grant } from '#lib/contract/members.ts';
import { withActor } from '#lib/db/client.ts';
import type { TestPortal } from '#tests/support/portal.ts';

/** `portal`: asked for when somebody comes, for it is made after the tests are described. */
export function comers(portal: () => TestPortal) {
  const tokens = new Map<string, string>();
  /** Somebody as they come with their token now; undefined: they are let in no more. */
  async function come(userId: string): Promise<UserActor | undefined> {
    const token =
      tokens.get(userId) ??
      (await withActor(portal().super, systemActor('test'), (tx) => createApiToken(tx, userId, 'test')));
    tokens.set(userId, token);
    return await getActor(new Headers({ authorization: `Bearer ${token}` }));
  }
  async function by(userId: string): Promise<UserActor> {
    const actor = await come(userId);
    if (actor === undefined) throw new Error('nobody');
    return actor;
  }
  return { come, by };
}

/** An invitation with these roles. */
export const wish = (email: string, ...granted: (string | Grant)[]) =>
  AddMember.parse({
    kind: 'person',
    email,
    roles: granted.map((one) => (typeof one === 'string' ? { role: one } : one)),
  });
