import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ActionArgsInput,
  ActionEvent,
  type ActionRequest,
  type ActionResult,
  type ActionSecrets,
  type ActionVerb,
  actionVerbs,
  Cancelling,
  operationGrantSeconds,
} from '#lib/contract/agent.ts';
import { argsHash } from '#lib/contract/args-hash.ts';
import { BerthError, type ErrorCode } from '#lib/contract/errors.ts';
import type { GrantSigner } from '#lib/grants/sign.ts';
import { type AgentConnection, problemError, UnreachableError } from './connection.ts';
import { BadStreamError, ndjsonLines } from './ndjson.ts';

export type ActionCall<V extends ActionVerb> = {
  verb: V;
  actionId: string;
  operationId: string;
  /** How often the operation has been taken up, as far as the caller knows; the agent refuses a lower one than it has seen. */
  fence: number;
  containerId: string | null;
  generation: number | null;
  /** Who asked: `user:<id>`, `schedule:<id>` or `system`. */
  subject: string;
  args: ActionArgsInput<V>;
  secrets: ActionSecrets<V>;
};

const cancelTimeoutMs = 5_000;

export type ActionProgress = { message: string; percent: number | null; deadline: string | null };

export type Patience = {
  /** How long the agent may be unreachable before the action is given up. */
  unreachableMs: number;
  /** How long a stream may say nothing, not even `alive`, before it counts as cut. */
  idleMs: number;
  /** How often an action is run again after a failure the agent calls retryable. */
  retries: number;
  /** How long all of it may take. */
  totalMs: number;
};

export const defaultPatience: Patience = { unreachableMs: 60_000, idleMs: 30_000, retries: 3, totalMs: 6 * 3_600_000 };

/** An action that did not succeed. `uncertain`: nobody can say whether it had effects, so its undo is due as well. */
export class ActionError extends BerthError {
  readonly retryable: boolean;
  readonly uncertain: boolean;

  constructor(
    code: ErrorCode,
    detail: string,
    facts: { retryable: boolean; uncertain: boolean; cause?: unknown; inside?: string },
  ) {
    const { retryable, uncertain, ...rest } = facts;
    super(code, detail, rest);
    this.name = 'ActionError';
    this.retryable = retryable;
    this.uncertain = uncertain;
  }
}

export type Watcher = {
  onProgress?: (progress: ActionProgress) => void;
  /** The agent stopped answering; it is being tried again. Called once per silence. */
  onWaiting?: () => void;
};

type Outcome<V extends ActionVerb> = { done: ActionResult<V> } | { failed: ActionError };

/**
 * Has the agent carry out one action and resolves with its result. Safe to repeat: the action id names the action for
 * ever, and a repeat follows the running one or gets the stored result. Cut connections are taken up again for as long as
 * `patience` lasts. `where` may be asked anew before each try, for a host can come back at another address. Rejects with
 * {@link ActionError}, or with what `where` throws.
 */
export async function runAction<V extends ActionVerb>(
  where: AgentConnection | (() => Promise<AgentConnection>),
  signer: GrantSigner,
  call: ActionCall<V>,
  watcher: Watcher = {},
  patience: Patience = defaultPatience,
): Promise<ActionResult<V>> {
  const endsAt = Date.now() + patience.totalMs;
  let lastContact = Date.now();
  let pauseMs = 50;
  let silent = false;
  let reached = false;
  let clockTried = false;
  let retries = 0;
  for (;;) {
    const askedAt = Date.now();
    const agent = typeof where === 'function' ? await where() : where;
    lastContact += Date.now() - askedAt; // what we waited for there is not the agent's silence
    try {
      const outcome = await attempt(agent, signer, call, watcher, patience.idleMs, () => {
        lastContact = Date.now();
        silent = false;
        reached = true;
        pauseMs = 50;
      });
      if ('done' in outcome) return outcome.done;
      const { failed } = outcome;
      if (failed.code === 'grant_refused' && !clockTried) {
        // Its clock may have jumped; the refusal carried its time.
        clockTried = true;
        continue;
      }
      if (!failed.retryable || retries >= patience.retries || Date.now() > endsAt) throw failed;
      retries += 1;
      await sleep(Math.min(250 * 2 ** retries, 5_000));
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      reached ||= error.sent;
      if (Date.now() - lastContact > patience.unreachableMs || Date.now() > endsAt) {
        throw new ActionError('host_unreachable', 'The server stopped answering.', {
          retryable: true,
          uncertain: reached,
          cause: error,
        });
      }
      if (!silent) watcher.onWaiting?.();
      silent = true;
      await sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, 2_000);
    }
  }
}

/**
 * Asks the agent to give an action up; false when it does not run there or cannot be. {@link runAction} then ends with `cancelled`,
 * or with the result when it was too late. Rejects like any request; asking again is harmless.
 */
export async function cancelAction<V extends ActionVerb>(
  agent: AgentConnection,
  signer: GrantSigner,
  call: ActionCall<V>,
): Promise<boolean> {
  const signal = AbortSignal.timeout(cancelTimeoutMs);
  await agent.greet(signal);
  const path = `/v1/actions/${call.actionId}`;
  const text = await agent.text({ method: 'DELETE', path, grant: await grant(agent, signer, call), signal });
  return Cancelling.parse(JSON.parse(text)).cancelling;
}

/** One PUT, followed to its result. Rejects with UnreachableError when the stream is cut. */
async function attempt<V extends ActionVerb>(
  agent: AgentConnection,
  signer: GrantSigner,
  call: ActionCall<V>,
  watcher: Watcher,
  idleMs: number,
  heard: () => void,
): Promise<Outcome<V>> {
  const idle = new AbortController();
  let timer = setTimeout(() => idle.abort(), idleMs);
  const alive = () => {
    heard();
    clearTimeout(timer);
    timer = setTimeout(() => idle.abort(), idleMs);
  };
  try {
    await agent.greet(idle.signal);
    const { verb, containerId, generation, args, secrets } = call;
    const body: ActionRequest = { verb, containerId, generation, args, secrets };
    const answer = await agent.send({
      method: 'PUT',
      path: `/v1/actions/${call.actionId}`,
      grant: await grant(agent, signer, call),
      body: JSON.stringify(body),
      signal: idle.signal,
    });
    alive();
    if (answer.statusCode !== 200) {
      const problem = problemError(answer.statusCode, await agent.readAll(answer));
      const retryable = (answer.statusCode ?? 500) >= 500;
      return { failed: failure(problem.code, problem.message, retryable, problem) };
    }
    for await (const line of ndjsonLines(answer as AsyncIterable<Buffer>)) {
      alive();
      const event = parseEvent(line);
      if (event.type === 'progress') {
        watcher.onProgress?.({ message: event.message, percent: event.percent, deadline: event.deadline ?? null });
      } else if (event.type === 'result') {
        return event.ok ? { done: parseResult(call.verb, event.result) } : { failed: fromAgent(event.error) };
      }
    }
    throw new Error('the stream ended without a result');
  } catch (error) {
    if (error instanceof ActionError || error instanceof UnreachableError) throw error;
    if (error instanceof BadStreamError) throw nonsense(error.message);
    throw new UnreachableError(agent.hostId, error, true);
  } finally {
    clearTimeout(timer);
  }
}

async function grant<V extends ActionVerb>(
  agent: AgentConnection,
  signer: GrantSigner,
  call: ActionCall<V>,
): Promise<string> {
  const iat = agent.clock.nowSeconds();
  return await signer.sign({
    aud: agent.hostId,
    sub: call.subject,
    verb: call.verb,
    containerId: call.containerId,
    generation: call.generation,
    operationId: call.operationId,
    fence: call.fence,
    argsHash: argsHash({ args: call.args, secrets: call.secrets }),
    jti: call.actionId,
    iat,
    exp: iat + operationGrantSeconds,
  });
}

function parseResult<V extends ActionVerb>(verb: V, value: unknown): ActionResult<V> {
  const parsed = actionVerbs[verb].result.safeParse(value);
  if (parsed.success) return parsed.data as ActionResult<V>;
  throw nonsense(parsed.error.message);
}

function parseEvent(line: unknown): ActionEvent {
  const parsed = ActionEvent.safeParse(line);
  if (parsed.success) return parsed.data;
  throw new BadStreamError(parsed.error.message);
}

function nonsense(inside: string): ActionError {
  const detail = 'The server gave an answer that makes no sense.';
  return new ActionError('internal', detail, { retryable: false, uncertain: true, inside });
}

function fromAgent(error: { code: ErrorCode; detail: string; retryable: boolean }): ActionError {
  return failure(error.code, error.detail, error.retryable);
}

function failure(code: ErrorCode, detail: string, retryable: boolean, cause?: unknown): ActionError {
  return new ActionError(code, detail, { retryable, uncertain: retryable, ...(cause === undefined ? {} : { cause }) });
}
