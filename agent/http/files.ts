import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { grantHeader } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { FileCall, type FileOp, type FileOrderOf, fileCalls, fileReads } from '#lib/contract/files.ts';
import { framedType, headLine, readFramed } from '#lib/contract/framed.ts';
import { Id } from '#lib/contract/ids.ts';
import { present, refuseInRepair } from '../actions/definition.ts';
import type { Core } from '../core.ts';
import { lendRoot, withParts } from '../reconcile/loans.ts';
import { clientOf } from './client.ts';
import type { GrantVerifier } from './grants.ts';
import { refuseOlder } from './reads.ts';
import { headerOf, parse, tlsSocket } from './request.ts';

const Params = z.object({ id: Id, callId: Id });
/** A connection on which nothing moves is given up. */
const idleMs = 60_000;

/** Files of containers: the call is the head of the request, content follows it; the answer the same way round. */
export function fileRoutes(server: FastifyInstance, core: Core, grants: GrantVerifier): void {
  server.addContentTypeParser(framedType, (_request, payload, done) => done(null, payload));

  server.post('/v1/containers/:id/files/:callId', async (request, reply) => {
    const { id, callId } = parse(Params, request.params, '');
    const { head, rest } = await readFramed(request.body as AsyncIterable<Uint8Array>).catch((error: unknown) => {
      throw new BerthError('invalid', 'The call is not framed.', { cause: error });
    });
    const verb = isRead(head) ? 'files.read' : 'files.change';
    const demand = { verb, containerId: id, args: head, id: callId } as const;
    const claims = await grants.verify(headerOf(request, grantHeader), clientOf(tlsSocket(request)), demand);
    refuseOlder(core, id, claims.generation);
    const call = parse(FileCall, head, '');
    const order = parse(fileCalls[call.op].order, call.order, 'order');
    core.log.info({ containerId: id, callId, op: call.op, actor: claims.sub }, 'files');
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    request.raw.socket.setTimeout(idleMs, () => request.raw.destroy());
    const record = present(core, id);
    refuseInRepair(record);
    const { tree: whole, release } = await lendRoot(core, record);
    reply.raw.once('close', release);
    const tree = compares(call.op, order) ? await withParts(core, record, whole) : whole;
    const { answer, body } = await core.adapters.files
      .call(tree, { op: call.op, order }, call.op === 'write' ? rest : null, gone.signal)
      .catch((error: unknown) => {
        release();
        throw error;
      });
    return send(reply, parse(fileCalls[call.op].answer, answer, 'answer'), body, release);
  });
}

function compares(op: FileOp, order: unknown): boolean {
  return op === 'changes' || (op === 'change' && (order as FileOrderOf<'change'>).change.action === 'recover');
}

function isRead(head: unknown): boolean {
  const op = (head as { op?: unknown } | null)?.op;
  return typeof op === 'string' && Object.hasOwn(fileReads, op);
}

function send(reply: FastifyReply, answer: unknown, body: AsyncGenerator<Uint8Array>, release: () => void) {
  async function* all() {
    try {
      yield headLine(answer);
      yield* body;
    } finally {
      release();
    }
  }
  return reply.type(framedType).send(Readable.from(all(), { objectMode: false }));
}
