const limit = 200;
/** 5,000 things: more than anybody finds their way in. */
const mostPages = 25;

type Page<T> = { items: readonly T[]; nextCursor: string | null };

/** All of a list to choose from, page after page. */
export async function everyPage<T>(get: (query: { limit: number; cursor?: string }) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages === 0 || (cursor !== null && pages < mostPages); pages += 1) {
    const page: Page<T> = await get({ limit, ...(cursor === null ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}
