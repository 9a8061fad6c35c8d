import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clientFile, clientText } from '#clients/generate.ts';
import { addresses } from '#clients/typescript/api.ts';
import { addressOf, Berth, Refused, Unreachable } from '#clients/typescript/client.ts';
import { type Route, routes } from '#lib/contract/routes.ts';

it('api.ts is what the OpenAPI document says now; if not: npm run client', () => {
  expect(readFileSync(clientFile, 'utf8') === clientText(), 'clients/typescript/api.ts is out of date').toBe(true);
});

it('has every address of the contract, and no other', () => {
  const known = Object.entries(routes as Record<string, Route>).map(([name, { method, path }]) => [name, method, path]);
  const made = Object.entries(addresses).map(([name, { method, path }]) => [name, method, path]);
  expect(made.sort()).toEqual(known.sort());
});

describe('the client', () => {
  type Sent = { method: string; url: string; headers: Headers; body: string | null };
  /** A panel that gives these answers one after the other; an error breaks the connection. */
  function panel(...answers: (Response | Error)[]) {
    const sent: Sent[] = [];
    const send = (async (url: string, init: RequestInit) => {
      const { method = 'GET', headers, body } = init;
      sent.push({ method, url, headers: new Headers(headers), body: (body as string | undefined) ?? null });
      const answer = answers.shift();
      if (answer === undefined || answer instanceof Error) throw answer ?? new TypeError('no more answers');
      return answer;
    }) as typeof fetch;
    return { sent, berth: new Berth({ url: 'https://p.test/', token: 't', fetch: send }) };
  }
  const problem = (code: string, status: number, headers = {}) =>
    new Response(JSON.stringify({ type: 'x', title: code, status, code }), { status, headers });

  it('fills addresses in, and reads lists page by page to the number that is wanted', async () => {
    expect(addressOf('/a/{id}', { id: 'x/y' }, { q: 'a b', none: undefined })).toBe('/a/x%2Fy?q=a+b');
    const { sent, berth } = panel(
      Response.json({ items: [{ id: '1' }, { id: '2' }], nextCursor: 'c' }),
      Response.json({ items: [{ id: '3' }, { id: '4' }], nextCursor: 'd' }),
    );
    const items = await berth.all('plans.list', { query: { q: 'small' } }, 3);
    expect(items.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(sent.map(({ url }) => url)).toEqual([
      'https://p.test/api/v1/plans?limit=3&q=small',
      'https://p.test/api/v1/plans?limit=1&cursor=c&q=small',
    ]);
  });

  it('asks again after a broken connection with the same key, and never a PATCH', async () => {
    const broken = () => new TypeError('fetch failed');
    const { sent, berth } = panel(broken(), Response.json({ id: 'o' }), broken());
    await berth.call('containers.start', { params: { id: 'c' }, body: {} });
    expect(sent).toHaveLength(2);
    expect(sent[0]?.headers.get('idempotency-key')).toMatch(/^[\w-]{36}$/);
    expect(sent[1]?.headers.get('idempotency-key')).toBe(sent[0]?.headers.get('idempotency-key'));
    await expect(berth.call('plans.edit', { params: { id: 'p' }, body: { price: '1' } })).rejects.toThrow(Unreachable);
    expect(sent).toHaveLength(3);
  });

  it('waits when told to, gives refusals with their code, and sends the ETag it read', async () => {
    const etag = '"a.b"';
    const { sent, berth } = panel(
      problem('rate_limited', 429, { 'retry-after': '0' }),
      new Response('{"price":"1"}', { headers: { etag } }),
      problem('changed', 412),
      new Response('<html>', { status: 502 }),
    );
    expect(await berth.read('plans.get', { params: { id: 'p' } })).toEqual({ value: { price: '1' }, etag });
    const edit = () => berth.call('plans.edit', { params: { id: 'p' }, body: { price: '2' } }, { ifMatch: etag });
    const refused = await edit().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refused);
    expect((refused as Refused).problem.code).toBe('changed');
    expect(sent[2]?.headers.get('if-match')).toBe(etag);
    await expect(edit()).rejects.toThrow(/Is it a panel/);
  });
});
