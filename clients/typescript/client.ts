/**
 * A client of the panel for Node, Deno, Bun and browsers, without dependencies: this file, and api.ts, which is made from the OpenAPI
 * document. `new Berth({ url, token }).call('containers.list', { query: { state: 'running' } })`.
 */
import { type Address, type Api, addresses, type Problem } from './api.ts';

export type Name = keyof Api;
export type Input<N extends Name> = Api[N]['input'];
export type Output<N extends Name> = Api[N]['output'];
/** What a list lists. */
export type Item<N extends Name> = Output<N> extends { items: (infer I)[] } ? I : never;

export type Conditions = {
  /** The ETag it was read with: refused (`changed`) when somebody else has changed it since. */
  ifMatch?: string;
  /** What names this request: asked again it is not done again. Made anew for every POST that has none. */
  idempotencyKey?: string;
  signal?: AbortSignal;
};

/** The panel said no: `problem.code` is stable. */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'Refused';
    this.problem = problem;
  }
}
/** Nobody answered, or something that is no panel. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

export type Options = {
  url: string;
  token?: string;
  userAgent?: string;
  fetch?: typeof fetch;
  timeoutMs?: number;
  /** Told when something is used that is on its way out: what, and until when it works. */
  onDeprecated?: (about: { address: string; sunset: string }) => void;
};

const tries = 3;
const longestWaitMs = 60_000;
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
type Loose = { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown };

export class Berth {
  readonly #options: Options & { url: string };
  constructor(options: Options) {
    this.#options = { ...options, url: options.url.replace(/\/+$/, '') };
  }

  /** One address by its operationId. Throws {@link Refused}, {@link Unreachable}. */
  async call<N extends Name>(name: N, input: Input<N>, conditions: Conditions = {}): Promise<Output<N>> {
    return (await this.read(name, input, conditions)).value;
  }

  /** The same, with its ETag, to change it later under the condition that nobody else has. */
  async read<N extends Name>(
    name: N,
    input: Input<N>,
    conditions: Conditions = {},
  ): Promise<{ value: Output<N>; etag: string | null }> {
    const { method, path } = addresses[name];
    const { params, query, body } = input as Loose;
    const { json, headers } = await this.#ask(method, addressOf(path, params, query), body, conditions);
    return { value: json as Output<N>, etag: headers.get('etag') };
  }

  /** Every item of a list, page by page; `most` at most. */
  async all<N extends Name>(name: N, input: Input<N>, most = 10_000): Promise<Item<N>[]> {
    const { path, query: known }: Address = addresses[name];
    const { params, query } = input as Loose;
    const items: Item<N>[] = [];
    let cursor: string | null = null;
    do {
      const pages = known?.limit === undefined ? {} : { limit: Math.min(200, most - items.length), cursor };
      const { json } = await this.#ask('GET', addressOf(path, params, { ...pages, ...query }), undefined, {});
      const answer = json as { items: Item<N>[]; nextCursor: string | null };
      items.push(...answer.items);
      cursor = answer.nextCursor ?? null;
    } while (cursor !== null && items.length < most);
    return items.slice(0, most);
  }

  /** Any address below /api/v1, as it is. */
  async raw(method: string, path: string, body?: unknown): Promise<unknown> {
    return (await this.#ask(method, path, body, {})).json;
  }

  /** Addresses that take or give bytes. The answer is as it came; refusals are thrown as ever. Not tried again. */
  async bytes<N extends Name>(
    name: N,
    input: Pick<Loose, 'params' | 'query'>,
    more: { body?: BodyInit; headers?: Record<string, string>; signal?: AbortSignal } = {},
  ): Promise<Response> {
    const { method, path } = addresses[name];
    const { url, fetch: send = fetch } = this.#options;
    const headers = this.#headers({ 'content-type': 'application/octet-stream', ...more.headers });
    let response: Response;
    try {
      response = await send(`${url}/api/v1${addressOf(path, input.params, input.query)}`, {
        ...{ method, headers, redirect: 'error' as const },
        ...(more.body === undefined ? {} : { body: more.body, duplex: 'half' }),
        ...(more.signal === undefined ? {} : { signal: more.signal }),
      } as RequestInit);
    } catch (cause) {
      throw unreachable(url, cause);
    }
    if (!response.ok) throw refusal(url, response.status, parse(await response.text()));
    return response;
  }

  #headers(more: Record<string, string>): Record<string, string> {
    const { token, userAgent = 'berth-typescript' } = this.#options;
    return {
      ...{ accept: 'application/json', 'user-agent': userAgent },
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...more,
    };
  }

  /**
   * Asks, and again after a broken connection whatever can be repeated: reading, PUT, and POST, which carries a key. Waits where the panel
   * says that there were too many requests.
   */
  async #ask(method: string, path: string, body: unknown, { ifMatch, idempotencyKey, signal }: Conditions) {
    const { url, token, fetch: send = fetch, timeoutMs = 60_000, onDeprecated } = this.#options;
    const key = method === 'POST' && token !== undefined ? (idempotencyKey ?? crypto.randomUUID()) : undefined;
    const repeatable = method === 'GET' || method === 'PUT' || key !== undefined;
    const headers = this.#headers({
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    });
    for (let attempt = 1; ; attempt += 1) {
      let response: Response;
      let text: string;
      try {
        response = await send(`${url}/api/v1${path}`, {
          ...{ method, headers, redirect: 'error' as const },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
        });
        text = await response.text();
      } catch (cause) {
        if (signal?.aborted === true) throw cause;
        if (!repeatable || attempt >= tries) throw unreachable(url, cause);
        await pause(250 * 2 ** attempt);
        continue;
      }
      const json = parse(text);
      if (response.ok) {
        const sunset = response.headers.get('sunset');
        if (sunset !== null) onDeprecated?.({ address: `${method} ${path}`, sunset });
        return { json, headers: response.headers };
      }
      const error = refusal(url, response.status, json);
      if (!(error instanceof Refused) || attempt >= tries + 5) throw error;
      // Our own earlier attempt is still under way there.
      if (error.problem.code === 'in_progress' && attempt > 1) await pause(1000);
      else if (error.problem.code === 'rate_limited' && attempt < tries) {
        const seconds = Number(response.headers.get('retry-after') ?? 1);
        if (!(seconds * 1000 <= longestWaitMs)) throw error;
        await pause(seconds * 1000);
      } else throw error;
    }
  }
}

function unreachable(url: string, cause: unknown): Unreachable {
  const inside = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const why = inside instanceof Error ? inside.message : String(inside);
  return new Unreachable(`The panel at ${url} cannot be reached: ${why}`, { cause });
}

function refusal(url: string, status: number, json: unknown): Error {
  if (json !== null && typeof json === 'object' && 'code' in json && 'title' in json)
    return new Refused(json as Problem);
  return new Unreachable(`${url} answered with status ${status}. Is it a panel?`);
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An address with its parameters in it. */
export function addressOf(
  path: string,
  params: Record<string, string> = {},
  query: Record<string, unknown> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  return search.size === 0 ? filled : `${filled}?${search}`;
}
