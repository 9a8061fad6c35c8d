import type { IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';
import {
  type FileAnswerOf,
  type FileCall,
  type FileOp,
  type FileOrderOf,
  fileCalls,
  fileReads,
} from '#lib/contract/files.ts';
import { framedType, headLine, readFramed } from '#lib/contract/framed.ts';
import type { GrantSigner } from '#lib/grants/sign.ts';
import { type AgentConnection, problemError, UnreachableError } from './connection.ts';
import { parse, readGrant, type Target, withClock } from './reads.ts';

/** What comes after an answer's head; to be read to its end, or given up by `return()`. */
export type FileBody = AsyncGenerator<Uint8Array>;

/**
 * Asks a host about a container's files or, with `backupId`, those of a backup of it that is open there; or to change them. `content` is sent after the order; should it end badly, the host
 * takes nothing of it. A refusal is thrown with the host's code.
 */
export async function callFiles<O extends FileOp>(
  agent: AgentConnection,
  signer: GrantSigner,
  target: Target,
  op: O,
  order: FileOrderOf<O>,
  options: { content?: AsyncIterable<Uint8Array>; signal?: AbortSignal; backupId?: string } = {},
): Promise<{ answer: FileAnswerOf<O>; body: FileBody }> {
  await agent.greet(AbortSignal.timeout(3_000));
  const { backupId } = options;
  const head: FileCall = { op, order, ...(backupId === undefined ? {} : { backupId }) };
  const callId = uuidv7();
  const path = `/v1/containers/${target.containerId}/files/${callId}`;
  const verb = Object.hasOwn(fileReads, op) ? 'files.read' : 'files.change';
  const response = await withClock(async () => {
    const grant = await readGrant(agent, signer, verb, { ...target, id: callId }, head);
    const stream = framed(head, options.content);
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    const answer = await agent.send({ method: 'POST', path, grant, stream, type: framedType, ...signal });
    if (answer.statusCode === 200) return answer;
    throw problemError(answer.statusCode, await agent.readAll(answer));
  });
  try {
    const { head: answer, rest } = await readFramed(response as AsyncIterable<Uint8Array>);
    const text = JSON.stringify(answer);
    return { answer: parse(fileCalls[op].answer, text, agent.hostId) as FileAnswerOf<O>, body: ended(response, rest) };
  } catch (error) {
    response.destroy();
    throw error instanceof Error && 'code' in error ? error : new UnreachableError(agent.hostId, error, true);
  }
}

async function* framed(head: FileCall, content: AsyncIterable<Uint8Array> | undefined): AsyncGenerator<Uint8Array> {
  yield headLine(head);
  if (content !== undefined) yield* content;
}

async function* ended(response: IncomingMessage, rest: FileBody): FileBody {
  try {
    yield* rest;
  } finally {
    response.destroy();
  }
}
