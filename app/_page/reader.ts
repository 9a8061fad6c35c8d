import { cookies, headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import type { UserActor } from '#lib/access/actor.ts';
import { hasPermission } from '#lib/access/authorize.ts';
import { audienceOf } from '#lib/access/policy.ts';
import { getMe } from '#lib/auth/me.ts';
import { getContainer } from '#lib/containers/get.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { areasFor } from '../_ui/areas.ts';
import type { Reader } from '../_ui/me.tsx';
import { actorNow } from './language.ts';

/**
 * For a page or layout: who asks. Everybody else goes to the sign-in and comes back from there to what they asked for,
 * or to `path` where nobody says what that was; so does who must set up a second factor first.
 */
export async function actorFor(path: string): Promise<UserActor> {
  const actor = await actorNow();
  if (actor === undefined) {
    const asked = (await headers()).get('x-berth-path') ?? path;
    redirect(`/sign-in?next=${encodeURIComponent(asked)}`);
  }
  if (actor.mustEnrol === true) {
    const asked = (await headers()).get('x-berth-path') ?? path;
    redirect(`/second-factor?next=${encodeURIComponent(asked)}`);
  }
  return actor;
}

export function isStaff(actor: UserActor): boolean {
  return actor.assignments.some(({ base }) => audienceOf(base) !== 'tenant');
}

/** What the frame of every page shows of its reader: name and the entries of the menu. */
export async function readerOf(actor: UserActor): Promise<Reader> {
  const { id, name, email, role, tenantId, tenantName } = await meOnce(actor);
  const areas = areasFor(isStaff(actor), (permission) => hasPermission(actor, permission));
  return { id, name, email, role, tenantId, tenantName, areas };
}

const meOnce = cache(getMe);

export { actorNow, meOnce as meOf };

/** One container for layout and page of it alike. What one may not know of is not found. */
export const containerFor = cache(async (actor: UserActor, id: string) => found(getContainer(actor, id)));

/** Turns the verbs' `not_found` into the page for that; all else goes to the error page. */
export async function found<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BerthError && (error.code === 'not_found' || error.code === 'forbidden')) notFound();
    throw error;
  }
}

export async function themeNow(): Promise<'light' | 'dark' | 'system'> {
  const value = (await cookies()).get('berth-theme')?.value;
  return value === 'light' || value === 'dark' ? value : 'system';
}
