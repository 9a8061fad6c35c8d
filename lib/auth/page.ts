import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { UserActor } from '../access/actor.ts';
import { getActor } from './request.ts';

/** For pages: who is signed in, or undefined. */
export async function currentActor(): Promise<UserActor | undefined> {
  return getActor(await headers());
}

/** For pages behind the sign-in: who is signed in; sends everybody else to /sign-in. */
export async function requireActor(): Promise<UserActor> {
  const actor = await currentActor();
  if (actor === undefined) redirect('/sign-in');
  return actor;
}
