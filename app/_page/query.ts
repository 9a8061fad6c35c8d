import { z } from 'zod';
import { Id } from '#lib/contract/ids.ts';
import { pageSize } from '#lib/contract/lists.ts';

export type Search = Promise<Record<string, string | string[] | undefined>>;

/** One value of a page's address; the first if it is there twice, undefined if it is empty, unreasonably long, or no text at all. */
export async function param(search: Search, name: string): Promise<string | undefined> {
  const value = (await search)[name];
  const first = Array.isArray(value) ? value[0] : value;
  if (first === undefined || first === '' || first.length > 200) return undefined;
  return first.includes('\u0000') || !first.isWellFormed() ? undefined : first;
}

/** The page of a list that an address asks for. */
export async function pageQuery(search: Search): Promise<{ limit: number; cursor?: string }> {
  const cursor = await param(search, 'cursor');
  return { limit: pageSize, ...(cursor === undefined || !isCursor(cursor) ? {} : { cursor }) };
}

/** Whether it looks like one of ours: an address that somebody has cut or changed shows the first page. */
function isCursor(text: string): boolean {
  try {
    const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(place) && place.length === 2 && z.uuid().safeParse(place[1]).success;
  } catch {
    return false;
  }
}

/** An id in a page's address; undefined if it is none. */
export async function idParam(search: Search, name: string): Promise<string | undefined> {
  return Id.safeParse(await param(search, name)).data;
}
