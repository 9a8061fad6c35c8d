import { v7 as uuidv7 } from 'uuid';
import WebSocket from 'ws';
import type { z } from 'zod';
import { grantHeader, type ReadVerb, readGrantSeconds } from '#lib/contract/agent.ts';
import { HostInfo, HostRecords, Inventory } from '#lib/contract/agent-state.ts';
import { argsHash } from '#lib/contract/args-hash.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { type ExecRequest, ExecResult } from '#lib/contract/exec.ts';
import type { GrantSigner } from '#lib/grants/sign.ts';
import { type AgentConnection, problemError } from './connection.ts';

/** What a grant for a read is about. `id` is the exec or session id where there is one. */
type About = { subject: string; containerId: string | null; generation: number | null; id?: string };

export async function readGrant(
  agent: AgentConnection,
  signer: GrantSigner,
  verb: ReadVerb,
  about: About,
  body: unknown,
) {
  const iat = agent.clock.nowSeconds();
  return await signer.sign({
    aud: agent.hostId,
    sub: about.subject,
    verb,
    containerId: about.containerId,
    generation: about.generation,
    operationId: null,
    argsHash: argsHash(body),
    jti: about.id ?? uuidv7(),
    iat,
    exp: iat + readGrantSeconds,
  });
}

async function getText(
  agent: AgentConnection,
  signer: GrantSigner,
  verb: ReadVerb,
  path: string,
  about: About,
  timeoutMs: number,
) {
  const signal = AbortSignal.timeout(timeoutMs);
  await agent.greet(signal);
  return await withClock(async () => {
    const grant = await readGrant(agent, signer, verb, about, {});
    return await agent.text({ method: 'GET', path, grant, signal });
  });
}

/** A refused grant has had no effect, and the refusal carried the agent's clock: one more try with it. */
export async function withClock<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof BerthError) || error.code !== 'grant_refused') throw error;
    return await ask();
  }
}

export function parse<T extends z.ZodType>(schema: T, text: string, hostId: string): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BerthError('internal', undefined, { inside: `host ${hostId}: ${parsed.error.message}` });
}

const ofHost: About = { subject: 'system', containerId: null, generation: null };

/**
 * All containers of a host with their state and usage, as the host sees them now. `settled` tells it that nothing it told before is to be
 * stopped: until then an agent that was away for long starts nothing by itself.
 */
export async function readInventory(
  agent: AgentConnection,
  signer: GrantSigner,
  timeoutMs: number,
  settled = false,
): Promise<Inventory> {
  const path = settled ? '/v1/inventory?settled=true' : '/v1/inventory';
  const text = await getText(agent, signer, 'inventory.read', path, ofHost, timeoutMs);
  return parse(Inventory, text, agent.hostId);
}

/** What the host's own records say of all its containers. */
export async function readRecords(
  agent: AgentConnection,
  signer: GrantSigner,
  timeoutMs: number,
): Promise<HostRecords> {
  const text = await getText(agent, signer, 'inventory.read', '/v1/records', ofHost, timeoutMs);
  return parse(HostRecords, text, agent.hostId);
}

export async function readHost(agent: AgentConnection, signer: GrantSigner, timeoutMs: number): Promise<HostInfo> {
  const text = await getText(agent, signer, 'host.read', '/v1/host', ofHost, timeoutMs);
  return parse(HostInfo, text, agent.hostId);
}

export type Target = { subject: string; containerId: string; generation: number };

/** The last `bytes` of a container's boot log. */
export async function readLog(agent: AgentConnection, signer: GrantSigner, target: Target, bytes: number) {
  const path = `/v1/containers/${target.containerId}/log?bytes=${bytes}`;
  return await getText(agent, signer, 'log.read', path, target, 5_000);
}

/**
 * Runs a command inside at most once: once it may have begun it is never sent again. An error of the code `timeout` means
 * that nobody knows whether it ran. On `ended` the host is left, and ends the command.
 */
export async function runExec(
  agent: AgentConnection,
  signer: GrantSigner,
  target: Target & { execId: string },
  request: z.infer<typeof ExecRequest>,
  ended?: AbortSignal,
): Promise<ExecResult> {
  await agent.greet(AbortSignal.timeout(3_000));
  const body = JSON.stringify(request);
  const about = { ...target, id: target.execId };
  const path = `/v1/containers/${target.containerId}/exec/${target.execId}`;
  const late = AbortSignal.timeout(request.timeoutMs + 10_000);
  const signal = ended === undefined ? late : AbortSignal.any([late, ended]);
  try {
    const text = await withClock(async () => {
      const grant = await readGrant(agent, signer, 'exec.run', about, request);
      return await agent.text({ method: 'POST', path, grant, body, signal });
    });
    return parse(ExecResult, text, agent.hostId);
  } catch (error) {
    if (error instanceof BerthError && error.code === 'host_unreachable' && 'sent' in error && error.sent === true) {
      throw new BerthError('timeout', 'The server stopped answering; the command may have run.', { cause: error });
    }
    throw error;
  }
}

/**
 * A WebSocket to a console session, open and paused: listen, then `resume()`. The same session id comes back to the same
 * session.
 */
export async function openConsole(
  agent: AgentConnection,
  signer: GrantSigner,
  target: Target & { sessionId: string },
): Promise<WebSocket> {
  await agent.greet(AbortSignal.timeout(3_000));
  return await withClock(() => connectConsole(agent, signer, target));
}

async function connectConsole(
  agent: AgentConnection,
  signer: GrantSigner,
  target: Target & { sessionId: string },
): Promise<WebSocket> {
  const grant = await readGrant(agent, signer, 'console.open', { ...target, id: target.sessionId }, {});
  const url = new URL(consolePath(target), agent.address.replace(/^http/, 'ws'));
  const socket = new WebSocket(url, {
    ...agent.tlsOptions(),
    headers: { [grantHeader]: grant },
    handshakeTimeout: 5_000,
    maxPayload: 1024 * 1024,
    perMessageDeflate: false,
  });
  return await new Promise((resolve, reject) => {
    socket.once('open', () => {
      // What the host says at once waits until somebody listens.
      socket.pause();
      resolve(socket);
    });
    socket.once('unexpected-response', (_request, response) => {
      agent.clock.learn(String(response.headers['berth-time'] ?? ''), Date.now(), Date.now());
      agent.readAll(response).then((body) => reject(problemError(response.statusCode, body)), reject);
    });
    socket.once('error', (error) => {
      reject(new BerthError('host_unreachable', 'The server does not answer.', { cause: error }));
    });
  });
}

/** Ends a console session and what runs in it. Ending what has ended succeeds. */
export async function closeConsole(
  agent: AgentConnection,
  signer: GrantSigner,
  target: Target & { sessionId: string },
): Promise<void> {
  const signal = AbortSignal.timeout(5_000);
  await agent.greet(signal);
  await withClock(async () => {
    const grant = await readGrant(agent, signer, 'console.open', { ...target, id: target.sessionId }, {});
    await agent.text({ method: 'DELETE', path: consolePath(target), grant, signal });
  });
}

function consolePath(target: { containerId: string; sessionId: string }): string {
  return `/v1/containers/${target.containerId}/console/${target.sessionId}`;
}
