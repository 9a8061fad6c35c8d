import { systemActor, type UserActor } from '../access/actor.ts';
import { underBrand } from '../access/narrow.ts';
import { placeInBrand } from '../brands/people.ts';
import { asActor } from '../db/client.ts';
import { brandOf } from './config.ts';
import { sessionKeyOf } from './cookie.ts';
import { resolveSession, resolveToken, type Visitor } from './sessions.ts';

const auth = systemActor('auth');

/** Set by server/web.ts on every request, whatever a client sent under this name. */
export const addressHeader = 'x-berth-address';

export function visitorOf(headers: Headers): Visitor {
  return {
    address: headers.get(addressHeader) ?? 'unknown',
    userAgent: headers.get('user-agent') ?? '',
    brand: brandOf(headers),
  };
}

/** The bearer token of a request, or undefined when it does not use one. */
export function bearerOf(headers: Headers): string | undefined {
  const match = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '');
  return match?.[1];
}

/**
 * Who sends this request: by bearer token if there is one (a bad one is nobody, the cookie is then not looked at), else by
 * the session cookie. Asks the database every time, so a revoked session is dead at its next request. Under a brand's name only its own
 * people are anybody, and no more than they are to it.
 */
export async function getActor(headers: Headers): Promise<UserActor | undefined> {
  const actor = await whoAsks(headers);
  const brand = brandOf(headers);
  if (actor === undefined || brand === null) return actor;
  const place = await asActor(auth, (tx) => placeInBrand(tx, actor.userId, brand));
  return place === undefined ? undefined : { ...underBrand(actor, place), brand };
}

async function whoAsks(headers: Headers): Promise<UserActor | undefined> {
  const visitor = visitorOf(headers);
  if (headers.has('authorization')) {
    const token = bearerOf(headers);
    return token === undefined ? undefined : resolveToken(token, visitor);
  }
  const key = await sessionKeyOf(headers);
  return key === undefined ? undefined : resolveSession(key, visitor);
}
