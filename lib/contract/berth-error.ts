/** Errors as they are thrown. No schema here: helpers of the agent load this, which start more quickly than one. */

/**
 * Every code an outsider can meet, with its HTTP status and a title. Stable: scripts may depend on them.
 * Documented at docs/api.md; `type` of a problem is `urn:berth:error:<code>`.
 */
export const errorCodes = {
  invalid: { status: 422, title: 'Something in the request is not valid' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  second_factor_required: { status: 401, title: 'Sign in with a code of the second factor too' },
  enrolment_required: { status: 403, title: 'Set up a second factor first' },
  step_up_required: { status: 403, title: 'Show again that it is you' },
  forbidden: { status: 403, title: 'You may not do this' },
  not_found: { status: 404, title: 'There is no such thing, or you may not know of it' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  busy: { status: 409, title: 'The container is busy with another operation' },
  already: { status: 409, title: 'That has already been asked for' },
  state: { status: 409, title: 'The present state does not allow this' },
  held: { status: 409, title: 'A hold on the container does not allow this' },
  conflict: { status: 409, title: 'This contradicts something that exists' },
  stale: { status: 409, title: 'This was decided on an older state' },
  plan_limit: { status: 409, title: 'The plan or a limit does not allow this' },
  changed: { status: 412, title: 'It has changed since you looked' },
  in_progress: { status: 409, title: 'The same request is still under way' },
  key_reused: { status: 422, title: 'This key was used for another request' },
  quota_limit: { status: 409, title: 'The reseller’s quota does not allow this' },
  no_space: { status: 507, title: 'There is not enough space on the server' },
  too_large: { status: 413, title: 'The request is too large' },
  rate_limited: { status: 429, title: 'Too many attempts; wait a little' },
  grant_refused: { status: 403, title: 'The host refused the grant' },
  host_unreachable: { status: 503, title: 'The server that holds the container does not answer' },
  timeout: { status: 504, title: 'It took too long' },
  action_failed: { status: 500, title: 'A step failed on the server' },
  undo_failed: { status: 500, title: 'A failed step could not be undone' },
  cancelled: { status: 409, title: 'It was cancelled' },
  internal: { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorCodes;

const brand = Symbol.for('berth.error');

type Outside = { remedy?: string; operationId?: string; issues?: { path: string; message: string }[] };

/**
 * An error with an inside and an outside. `detail` may be shown to whoever caused it; `cause` and `inside` stay in
 * the logs. Thrown by verbs and agent actions alike.
 */
export class BerthError extends Error {
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly outside: Outside;
  readonly inside: string | undefined;
  /** Something had been done already: a repeat would do it again. */
  readonly begun: boolean;

  constructor(
    code: ErrorCode,
    detail?: string,
    options: Outside & { inside?: string; begun?: boolean; cause?: unknown } = {},
  ) {
    const { inside, begun = false, cause, ...outside } = options;
    super(detail ?? errorCodes[code].title, cause === undefined ? undefined : { cause });
    this.name = 'BerthError';
    this.code = code;
    this.detail = detail;
    this.outside = outside;
    this.inside = inside;
    this.begun = begun;
  }

  /** True for the errors of every copy of this module: the web server and Next's bundles each load their own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass inherits this and must not match its siblings
    if (this !== BerthError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && brand in value;
  }
}
