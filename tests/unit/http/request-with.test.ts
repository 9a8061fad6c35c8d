import { expect, it } from 'vitest';
import { requestWith } from '#lib/http/request-with.ts';

/** As Next hands a request to a handler: what stands in for it answers for its properties, and is none itself. */
const standIn = (request: Request): Request =>
  new Proxy(request, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

it('is made of what only stands in for a request, too: with its method, address, headers and body', async () => {
  const made = { method: 'PUT', headers: { 'x-one': '1' }, body: 'content' };
  const gone = new AbortController();
  const request = requestWith(standIn(new Request('http://panel.test/a?b=c', made)), { signal: gone.signal });
  expect([request.method, request.url, request.headers.get('x-one')]).toEqual(['PUT', 'http://panel.test/a?b=c', '1']);
  expect(await request.text()).toBe('content');
  gone.abort();
  expect(request.signal.aborted).toBe(true);
});

it('takes another body, and none where there is none', async () => {
  const request = standIn(new Request('http://panel.test/', { method: 'POST', body: 'before' }));
  expect(await requestWith(request, { body: new Uint8Array([111, 107]) }).text()).toBe('ok');
  expect(requestWith(standIn(new Request('http://panel.test/')), {}).body).toBeNull();
});
