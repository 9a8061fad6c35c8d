import { expect, it } from 'vitest';
import { everyPage } from '#app/_ui/every-page.ts';

/** A list of so many numbers, in pages as the API gives them. */
function listOf(many: number) {
  const asked: (string | undefined)[] = [];
  const get = async ({ limit, cursor }: { limit: number; cursor?: string }) => {
    asked.push(cursor);
    const from = Number(cursor ?? 0);
    const items = Array.from({ length: Math.min(limit, many - from) }, (_, n) => from + n);
    return { items, nextCursor: from + limit < many ? String(from + limit) : null };
  };
  return { asked, get };
}

it('offers what lies on later pages too, each once', async () => {
  const { asked, get } = listOf(450);
  expect(await everyPage(get)).toEqual(Array.from({ length: 450 }, (_, n) => n));
  expect(asked).toEqual([undefined, '200', '400']);
  expect(await everyPage(listOf(0).get)).toEqual([]);
});

it('gives up on a list without end', async () => {
  expect(await everyPage(listOf(1_000_000).get)).toHaveLength(5_000);
});
