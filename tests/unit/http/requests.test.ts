import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '#lib/contract/errors.ts';
import { type Route, type RouteName, routes } from '#lib/contract/routes.ts';
import { readJson } from '#lib/http/body.ts';
import { unkeepable } from '#lib/http/clean.ts';
import { deprecationHeaders, insteadOf } from '#lib/http/deprecation.ts';
import { takesIfMatch, underCondition } from '#lib/http/edition.ts';
import { openapiDocument } from '#lib/http/openapi.ts';
import { checkSameOrigin } from '#lib/http/origin.ts';
import { misaddressed } from '#server/http/addresses.ts';
import { isConsole } from '#server/http/console.ts';
import { contentSecurityPolicy, isOurHost, prepareRequest, type Site } from '#server/http/headers.ts';

const base = 'https://panel.test';

describe('changes from other sites', () => {
  const refused = (headers: Record<string, string>, cookie = true) => {
    try {
      checkSameOrigin(new Headers(headers), base, cookie);
      return false;
    } catch {
      return true;
    }
  };
  it('are refused by either of the two headers', () => {
    expect(refused({ origin: 'https://evil.test' })).toBe(true);
    expect(refused({ origin: 'null' })).toBe(true);
    expect(refused({ origin: 'http://panel.test' })).toBe(true);
    expect(refused({ 'sec-fetch-site': 'cross-site' })).toBe(true);
    expect(refused({ 'sec-fetch-site': 'same-site' })).toBe(true);
    expect(refused({ origin: base, 'sec-fetch-site': 'cross-site' })).toBe(true);
    expect(refused({ origin: 'https://evil.test' }, false)).toBe(true);
  });
  it('are told from our own and from programs without a cookie', () => {
    expect(refused({ origin: base, 'sec-fetch-site': 'same-origin' })).toBe(false);
    expect(refused({ origin: base })).toBe(false);
    expect(refused({}, false)).toBe(false);
    expect(refused({}, true)).toBe(true);
  });
});

describe('bodies', () => {
  const post = (body: string, type = 'application/json') =>
    readJson(new Request(base, { method: 'POST', body, headers: { 'content-type': type } }));
  it('must be JSON that says so, of bounded size; none is an empty object', async () => {
    expect(await post('{"a":1}')).toEqual({ a: 1 });
    expect(await post('')).toEqual({});
    await expect(post('{"a":1}', 'text/plain')).rejects.toMatchObject({ code: 'invalid' });
    await expect(post('{')).rejects.toMatchObject({ code: 'invalid' });
    await expect(post(`"${'x'.repeat(1024 * 1024)}"`)).rejects.toMatchObject({ code: 'too_large' });
  });
});

describe('headers a client could pretend with', () => {
  const site: Site = { baseUrl: new URL(base), behindProxy: false, dev: false };
  const request = (headers: Record<string, string>, remoteAddress: string) =>
    ({ headers, socket: { remoteAddress } }) as unknown as IncomingMessage;

  it('are written anew', () => {
    const one = request(
      {
        'x-berth-address': '1.1.1.1',
        'x-berth-path': 'https://evil.test/',
        'x-forwarded-for': '2.2.2.2',
        'x-middleware-subrequest': 'x',
      },
      '::ffff:192.0.2.4',
    );
    one.url = '/containers/1/console?a=b&_rsc=x';
    const nonce = prepareRequest(one, site);
    expect(one.headers).toMatchObject({ 'x-berth-address': '192.0.2.4', 'x-forwarded-host': 'panel.test' });
    expect(one.headers['x-berth-path']).toBe('/containers/1/console?a=b');
    expect(one.headers['x-middleware-subrequest']).toBeUndefined();
    expect(one.headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
  });

  it('count only from our own proxy, and only its own word', () => {
    const proxied = { ...site, behindProxy: true };
    const headers = { 'x-forwarded-for': '6.6.6.6, 192.0.2.7' };
    const [near, far] = [request({ ...headers }, '127.0.0.1'), request({ ...headers }, '198.51.100.1')];
    prepareRequest(near, proxied);
    prepareRequest(far, proxied);
    expect(near.headers['x-berth-address']).toBe('192.0.2.7');
    expect(far.headers['x-berth-address']).toBe('198.51.100.1');
  });

  it('include the host name', () => {
    expect(isOurHost(request({ host: 'panel.test' }, '198.51.100.1'), site)).toBe(true);
    expect(isOurHost(request({ host: 'evil.test' }, '127.0.0.1'), site)).toBe(false);
    expect(isOurHost(request({ host: 'localhost:8080' }, '127.0.0.1'), site)).toBe(true);
    expect(isOurHost(request({ host: 'localhost:8080' }, '198.51.100.1'), site)).toBe(false);
  });

  it('allow no inline script', () => {
    const scripts = contentSecurityPolicy('abc', site)
      .split('; ')
      .find((part) => part.startsWith('script-src'));
    expect(scripts).toBe("script-src 'nonce-abc' 'strict-dynamic'");
  });
});

describe('the OpenAPI document', () => {
  it('has every route of the contract, with its parameters and its right', () => {
    const document = openapiDocument('1') as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; parameters: { name: string }[] }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    for (const [name, route] of Object.entries(routes)) {
      const operation = document.paths[route.path]?.[route.method.toLowerCase()];
      expect(operation?.operationId, name).toBe(name);
      const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(
        operation?.parameters.map((one) => one.name),
        name,
      ).toEqual(expect.arrayContaining(inPath));
    }
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(
      Object.values(routes)
        .map((route) => `${route.method} ${route.path}`)
        .sort(),
    );
    expect(() => JSON.stringify(document)).not.toThrow();
  });
});

describe('docs/api.md', () => {
  it('names every error code with its status and meaning', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/api.md'), 'utf8');
    for (const [code, { status, title }] of Object.entries(errorCodes)) {
      expect(text).toContain(`| \`${code}\` | ${status} | ${title} |`);
    }
  });
});

describe('addresses of the interface', () => {
  it('are those of the contract, with those methods', () => {
    for (const route of Object.values(routes)) {
      const path = `/api/v1${route.path.replace(/\{\w+\}/g, '0190a0a0-0000-7000-8000-000000000001')}`;
      expect(misaddressed(route.method, path), path).toBeUndefined();
      expect(misaddressed('TRACE', path)?.error.code, path).toBe('method_not_allowed');
    }
    for (const path of ['/api/v1', '/api/auth/session', '/api/v1/containers/', '/api/v1/openapiXjson', '/api/v2/me']) {
      expect(misaddressed('GET', path)?.error.code, path).toBe('not_found');
    }
    expect(misaddressed('GET', '/containers')).toBeUndefined();
    expect(misaddressed('HEAD', '/api/v1/me')).toBeUndefined();
  });
});

describe('what is on its way out', () => {
  const all = Object.entries(routes as Record<string, Route>).flatMap(([name, { deprecated = [] }]) =>
    deprecated.map((one) => ({ name, ...one })),
  );

  it('works on for a year at least, is marked in the description, and is named in docs/api.md', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/api.md'), 'utf8');
    const document = JSON.stringify(openapiDocument('1'));
    expect(all.length).toBeGreaterThan(0);
    for (const one of all) {
      expect(Date.parse(one.until) - Date.parse(one.since), one.name).toBeGreaterThanOrEqual(365 * 86_400_000);
      expect(document, one.name).toContain(insteadOf(one));
      expect(text, one.name).toContain(`| \`${one.field ?? routes[one.name as RouteName].path}\` |`);
    }
  });

  it('is told to whoever uses it, and to nobody else', () => {
    const { deprecated } = routes['containers.reinstall'];
    expect(deprecationHeaders(deprecated, ['resetUsers'])).toEqual({});
    expect(deprecationHeaders(deprecated, ['reset'])).toEqual({
      deprecation: `@${Date.UTC(2026, 11, 1) / 1000}`,
      sunset: 'Sat, 01 Jan 2028 00:00:00 GMT',
      link: '</reference>; rel="deprecation"; type="text/html"',
    });
    const address = [{ since: '2027-01-01', until: '2028-06-01', instead: 'GET /other' }];
    expect(deprecationHeaders(address, [])).toMatchObject({ sunset: 'Thu, 01 Jun 2028 00:00:00 GMT' });
  });
});

describe('a change of what two may edit', () => {
  /** Changes that are no edit of something one has read before: why two cannot write over each other there. */
  const excused: Partial<Record<RouteName, string>> = {
    'containers.location': 'one value, chosen; nothing of the other’s is lost',
    'me.setLanguage': 'one value, chosen',
    'templates.offer': 'one value, chosen',
    'files.write': 'has unchangedSince',
    'imports.write': 'pieces go on at an offset',
    'brands.setAsset': 'a picture as a whole',
  };
  it('can be made on what was read alone', () => {
    for (const [name, route] of Object.entries(routes as Record<string, Route>)) {
      if (route.method !== 'PUT' && route.method !== 'PATCH') continue;
      expect(takesIfMatch(name as RouteName), name).toBe(!(name in excused));
    }
  });

  it('goes for whatever else changes it at the same address', () => {
    const all = Object.entries(routes as Record<string, Route>);
    const shown = new Map(all.flatMap(([, { method, path, thing }]) => (method === 'GET' ? [[path, thing]] : [])));
    for (const [name, { method, path, thing }] of all) {
      if (method !== 'GET' && shown.get(path) !== undefined) expect(thing, name).toBe(shown.get(path));
    }
  });

  it('is no condition of reading', async () => {
    const read = underCondition('plans.get', new Headers({ 'if-match': '*' }), async () => 'done');
    await expect(read).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('what no text has', () => {
  it('is found wherever it stands, in names too, and nesting has an end', () => {
    const paths = (sent: unknown) => unkeepable(sent).map(({ path }) => path);
    expect(paths({ a: 'x', list: ['y', { b: 'z\u0000' }] })).toEqual(['list.1.b']);
    expect(paths({ a: '\ud800', b: '\udc00\ud800', c: '👩‍👩‍👧' })).toEqual(['b', 'a']);
    expect(paths(JSON.parse('{"a\\u0000b": 1}'))).toEqual(['']);
    expect(paths(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toHaveLength(1);
    expect(paths({ name: 'Åsa', n: 1, none: null, yes: true, deep: [[[['x']]]] })).toEqual([]);
  });
});

describe('an upgrade', () => {
  it('of an address that is none is no console, and ends nothing', () => {
    for (const url of ['//', '///', 'http://[', '/\\\\', '*', '', undefined]) {
      expect(isConsole({ url } as IncomingMessage), String(url)).toBe(false);
    }
    const url = '/api/v1/containers/0190a0a0-0000-7000-8000-00000000000c/console?session=x';
    expect(isConsole({ url } as IncomingMessage)).toBe(true);
  });
});
