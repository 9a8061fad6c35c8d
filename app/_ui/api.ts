/** The browser's only way to the portal: the REST API, typed by the contract's list of routes. */
import { errorCodes, Problem } from '#lib/contract/errors.ts';
import type { Input, Output, RouteName } from '#lib/contract/routes.ts';
import { spoken } from '#lib/language/spoken.ts';
import { t } from '#lib/language/text.ts';
import { address } from './address.ts';

const timeoutMs = 20_000;

/** A refused or failed request. `problem.remedy` says what to do next; `problem.reference` finds it in the logs. */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

function unreachable(kind: 'offline' | 'slow'): Problem {
  const code = kind === 'slow' ? 'timeout' : 'internal';
  return {
    type: `urn:berth:error:${code}`,
    title: kind === 'slow' ? t('The panel has not answered for 20 seconds') : t('The panel cannot be reached'),
    status: errorCodes[code].status,
    code,
    remedy:
      kind === 'slow'
        ? t('Look at Activity before trying again: it may still have been accepted.')
        : t('Check your connection and try again. Your containers go on without the panel.'),
  };
}

/** Sends one request. Answers with the body, null for an empty one; throws {@link ApiError} for everything else. */
async function request(method: string, path: string, body?: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        'accept-language': spoken(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (cause) {
    const slow = cause instanceof DOMException && cause.name === 'TimeoutError';
    throw new ApiError(unreachable(slow ? 'slow' : 'offline'));
  }
  const text = await response.text();
  const json: unknown = text === '' ? null : safeJson(text);
  if (response.ok) return json;
  const problem = Problem.safeParse(json);
  if (problem.success) throw new ApiError(problem.data);
  throw new ApiError({
    ...unreachable('offline'),
    title: t('The panel answered with {status}', { status: response.status }),
  });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

type Loose = { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown };

let askWho: (() => Promise<boolean>) | null = null;
/** Names what asks who is there when a request wants to be sure (step-up.tsx). Returns what takes it back. */
export function onStepUp(ask: () => Promise<boolean>): () => void {
  askWho = ask;
  return () => {
    if (askWho === ask) askWho = null;
  };
}

/**
 * Calls one route of the contract by its name. The contract is loaded on first use, not with the page. Where it must be sure who asks, the
 * person is asked, and the same request sent again.
 */
export async function call<N extends RouteName>(name: N, input: Input<N>): Promise<Output<N>> {
  const { routes } = await import('#lib/contract/routes.ts');
  const route = routes[name];
  const { params, query, body } = input as Loose;
  const send = () => request(route.method, address(route.path, params, query), body);
  try {
    return (await send()) as Output<N>;
  } catch (error) {
    const unsure = error instanceof ApiError && error.problem.code === 'step_up_required';
    if (!unsure || askWho === null || !(await askWho())) throw error;
    return (await send()) as Output<N>;
  }
}

/** The problem behind anything thrown, for showing. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return {
    ...unreachable('offline'),
    title: t('Something went wrong in this page'),
    remedy: t('Reload the page and try again.'),
  };
}
