import type { IncomingMessage } from 'node:http';
import { totalHeader } from '#lib/contract/agent.ts';
import { framedType, headLine } from '#lib/contract/framed.ts';
import { Uploaded, type UploadOrder } from '#lib/contract/transfers.ts';
import type { GrantSigner } from '#lib/grants/sign.ts';
import { type AgentConnection, problemError } from './connection.ts';
import { parse, readGrant, type Target, withClock } from './reads.ts';

/** An exported file from `offset` on; to be read to its end, or given up by `return()`. */
export async function readExport(
  agent: AgentConnection,
  signer: GrantSigner,
  target: Target,
  { exportId, offset }: { exportId: string; offset: number },
  signal: AbortSignal,
): Promise<{ body: AsyncGenerator<Uint8Array>; totalBytes: number }> {
  await agent.greet(AbortSignal.timeout(3_000));
  const path = `/v1/containers/${target.containerId}/exports/${exportId}?offset=${offset}`;
  const response = await withClock(async () => {
    const grant = await readGrant(agent, signer, 'export.read', { ...target, id: exportId }, { offset });
    const answer = await agent.send({ method: 'GET', path, grant, signal });
    if (answer.statusCode === 200) return answer;
    throw problemError(answer.statusCode, await agent.readAll(answer));
  });
  return { body: whole(response), totalBytes: Number(response.headers[totalHeader]) };
}

async function* whole(response: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* response as AsyncIterable<Uint8Array>;
  } finally {
    response.destroy();
  }
}

/** One piece of an archive. Returns how much has come; a piece that does not go on from there is not taken. */
export async function sendPiece(
  agent: AgentConnection,
  signer: GrantSigner,
  { subject, uploadId }: { subject: string; uploadId: string },
  order: UploadOrder,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<number> {
  await agent.greet(AbortSignal.timeout(3_000));
  const about = { subject, containerId: null, generation: null, id: uploadId };
  const grant = await readGrant(agent, signer, 'import.write', about, order);
  async function* framed(): AsyncGenerator<Uint8Array> {
    yield headLine(order);
    yield* content;
  }
  const path = `/v1/uploads/${uploadId}`;
  const answer = await agent.send({ method: 'PUT', path, grant, stream: framed(), type: framedType, signal });
  const text = await agent.readAll(answer);
  if (answer.statusCode !== 200) throw problemError(answer.statusCode, text);
  return parse(Uploaded, text, agent.hostId).receivedBytes;
}

/** What has come of an archive is forgotten, whether any has. A piece that is on its way there is cut off, and none is taken any more. */
export async function forgetUpload(
  agent: AgentConnection,
  signer: GrantSigner,
  { subject, uploadId }: { subject: string; uploadId: string },
): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  await agent.greet(signal);
  const about = { subject, containerId: null, generation: null, id: uploadId };
  await withClock(async () => {
    const grant = await readGrant(agent, signer, 'import.write', about, {});
    return await agent.text({ method: 'DELETE', path: `/v1/uploads/${uploadId}`, grant, signal });
  });
}
