/** The command line's way to a panel: the REST interface, typed by the contract's list of routes. */
import { randomUUID } from 'node:crypto';
import { Problem } from '#lib/contract/errors.ts';
import { type Input, type Output, type Route, type RouteName, routes } from '#lib/contract/routes.ts';
import { CliError, exitOf, exits } from './exits.ts';

/** What a list route lists. */
export type Item<N extends RouteName> = Output<N> extends { items: (infer I)[] } ? I : never;
type Loose = { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown };

const timeoutMs = 60_000;
const tries = 3;

export type Client = {
  call<N extends RouteName>(name: N, input: Input<N>): Promise<Output<N>>;
  /** Every item of a list, page by page; `most` at most. */
  all<N extends RouteName>(name: N, input: Input<N>, most?: number): Promise<Item<N>[]>;
  /** Any address, as it is. */
  raw(method: string, path: string, body?: unknown): Promise<unknown>;
};

/**
 * A client of the panel at `url`. What is asked for with POST carries a key (docs/api.md), so that asking again after a broken
 * connection cannot do it twice; whatever else may be repeated is. Throws {@link CliError}.
 */
export function client({ url, token }: { url: string; token?: string }, send: typeof fetch = fetch): Client {
  async function once(method: string, path: string, body: unknown, key: string | undefined): Promise<Response> {
    return await send(`${url}/api/v1${path}`, {
      method,
      redirect: 'error',
      headers: {
        accept: 'application/json',
        'user-agent': 'berth-cli',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  }

  async function raw(method: string, path: string, body?: unknown): Promise<unknown> {
    const key = method === 'POST' && token !== undefined ? randomUUID() : undefined;
    const repeatable = method === 'GET' || method === 'PUT' || key !== undefined;
    for (let attempt = 1; ; attempt += 1) {
      let response: Response;
      let text: string;
      try {
        response = await once(method, path, body, key);
        text = await response.text();
      } catch (cause) {
        if (repeatable && attempt < tries) {
          await new Promise((done) => setTimeout(done, 250 * 2 ** attempt));
          continue;
        }
        const inside = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
        const why = inside instanceof Error ? inside.message : String(inside);
        throw new CliError(exits.unreachable, `The panel at ${url} cannot be reached: ${why}`);
      }
      const json = parse(text);
      if (response.ok) return json;
      const problem = Problem.safeParse(json);
      if (!problem.success)
        throw new CliError(exits.failed, `${url} answered with status ${response.status}. Is it a panel?`);
      // Our own earlier attempt is still under way there.
      if (problem.data.code === 'in_progress' && attempt > 1 && attempt < tries + 5) {
        await new Promise((done) => setTimeout(done, 1000));
        continue;
      }
      const { title, detail, remedy } = problem.data;
      throw new CliError(exitOf(problem.data), sentence(problem.data, detail ?? title), remedy, problem.data);
    }
  }

  return {
    raw,
    async call(name, input) {
      const route: Route = routes[name];
      const { params, query, body } = input as Loose;
      return (await raw(route.method, addressOf(route.path, params, query), body)) as Output<typeof name>;
    },
    async all(name, input, most = 10_000) {
      const route: Route = routes[name];
      const { params, query } = input as Loose;
      const items: Item<typeof name>[] = [];
      let cursor: string | null = null;
      do {
        const answer = (await raw('GET', addressOf(route.path, params, { limit: 200, ...query, cursor }))) as {
          items: Item<typeof name>[];
          nextCursor: string | null;
        };
        items.push(...answer.items);
        cursor = answer.nextCursor;
      } while (cursor !== null && items.length < most);
      return items.slice(0, most);
    },
  };
}

function sentence(problem: Problem, text: string): string {
  const issues = problem.issues?.map(({ path, message }) => `${path}: ${message}`) ?? [];
  return [text, ...issues].join('\n  ');
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function addressOf(path: string, params: Record<string, string> = {}, query: Record<string, unknown> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  return search.size === 0 ? filled : `${filled}?${search}`;
}
