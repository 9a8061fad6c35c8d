import { and, eq, inArray } from 'drizzle-orm';
import { jwtVerify } from 'jose';
import { systemActor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { visitorOf } from '../auth/request.ts';
import { revokeWhere } from '../auth/sessions.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor } from '../db/client.ts';
import { identities } from '../db/schema/identities.ts';
import { sessions } from '../db/schema/sessions.ts';
import { users } from '../db/schema/users.ts';
import { readLimited } from '../http/body.ts';
import { signingKeysOf } from './client.ts';
import { offeredProvider } from './offered.ts';

const system = systemActor('identity');
const event = 'http://schemas.openid.net/event/backchannel-logout';
const mostBytes = 32 * 1024;
/** Signatures of keys that only the provider has: nothing that the client secret could make. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/**
 * OpenID Connect Back-Channel Logout 1.0: a provider says that somebody has signed out there, or out of one session. Sessions that it opened here end; the
 * same word again changes nothing. Throws `not_found`, and `invalid` for what the provider has not said, whatever is wrong with it.
 */
export async function logoutByProvider(request: Request, id: string): Promise<null> {
  const provider = await offeredProvider(request.headers, id);
  const body = await readLimited(request.body, mostBytes, 'A logout token is shorter.');
  const said = await read(new URLSearchParams(body.toString('utf8')).get('logout_token') ?? '').catch(
    (cause: unknown) => {
      throw new BerthError('invalid', 'This is no logout token of the provider.', { cause });
    },
  );

  async function read(token: string): Promise<{ subject: string | undefined; session: string | undefined }> {
    const { payload } = await jwtVerify(token, await signingKeysOf(provider), {
      ...{ issuer: provider.issuer, audience: provider.clientId, algorithms },
      ...{ maxTokenAge: '5m', clockTolerance: 30, requiredClaims: ['jti', 'iat'] },
    });
    const { events, nonce, sub: subject, sid } = payload;
    const names = typeof events === 'object' && events !== null && Object.hasOwn(events, event);
    const session = typeof sid === 'string' ? sid : undefined;
    if (!names || nonce !== undefined || (subject === undefined && session === undefined))
      throw new Error('not about a logout');
    return { subject, session };
  }

  return await asActor(system, async (tx) => {
    const theirs = tx
      .select({ id: identities.userId })
      .from(identities)
      .where(and(eq(identities.providerId, provider.id), eq(identities.subject, said.subject ?? '')));
    const ended = await revokeWhere(
      tx,
      eq(sessions.providerId, provider.id),
      said.subject === undefined ? undefined : inArray(sessions.userId, theirs),
      said.session === undefined ? undefined : eq(sessions.providerSession, said.session),
    );
    for (const userId of new Set(ended.map((one) => one.userId))) {
      const [user] = await tx.select().from(users).where(eq(users.id, userId));
      await writeAudit(
        tx,
        { kind: 'system', name: provider.name },
        {
          ...{ verb: 'session.revoke', tenantId: user?.tenantId ?? null, targetKind: 'user', targetId: userId },
          ...{ targetName: user?.email ?? null },
          detail: { by: 'provider', provider: provider.name, address: visitorOf(request.headers).address },
        },
      );
    }
    return null;
  });
}
