import { Id } from '#lib/contract/ids.ts';
import { pageSize } from '#lib/contract/rest.ts';

export type Search = Promise<Record<string, string | string[] | undefined>>;

/** One value of a page's address; the first if it is there twice, undefined if it is empty or unreasonably long. */
export async function param(search: Search, name: string): Promise<string | undefined> {
  const value = (await search)[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined || first === '' || first.length > 200 ? undefined : first;
}

/** The page of a list that an address asks for. */
export async function pageQuery(search: Search): Promise<{ limit: number; cursor?: string }> {
  const cursor = await param(search, 'cursor');
  return { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) };
}

/** An id in a page's address; undefined if it is none. */
export async function idParam(search: Search, name: string): Promise<string | undefined> {
  return Id.safeParse(await param(search, name)).data;
}
