import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { grantHeader, readGrantSeconds, totalHeader } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { readFramed } from '#lib/contract/framed.ts';
import { Id } from '#lib/contract/ids.ts';
import { DownloadOrder, transferLifeMs, UploadOrder } from '#lib/contract/transfers.ts';
import { capacity } from '../actions/definition.ts';
import type { Core } from '../core.ts';
import { transferShare } from '../store/transfers.ts';
import { clientOf } from './client.ts';
import type { GrantVerifier } from './grants.ts';
import { giveUpWhenIdle, headerOf, parse, tlsSocket } from './request.ts';

const ExportParams = z.object({ id: Id, exportId: Id });
const UploadParams = z.object({ uploadId: Id });
const DownloadQuery = z.object({ offset: z.coerce.number() }).pipe(DownloadOrder);
/** A connection on which nothing moves is given up. */
const idleMs = 60_000;
/** More than a piece as the panel's pages send it. */
const mostDrainedBytes = 64 * 1024 * 1024;

/** Archives out and in. Pieces of an upload come one at a time; its first one reserves the room for all of it. */
export function transferRoutes(server: FastifyInstance, core: Core, grants: GrantVerifier): void {
  const { store, adapters } = core;

  server.get('/v1/containers/:id/exports/:exportId', async (request, reply) => {
    const { id, exportId } = parse(ExportParams, request.params, '');
    const order = parse(DownloadQuery, request.query, 'query');
    const demand = { verb: 'export.read', containerId: id, args: order, id: exportId } as const;
    const claims = await grants.verify(headerOf(request, grantHeader), clientOf(tlsSocket(request)), demand);
    const row = store.transfers.find(exportId);
    const size = row?.containerId === id && row.state === 'present' ? adapters.transfers.size(exportId) : null;
    if (size === null) throw new BerthError('not_found', 'The exported file is not there any more.');
    if (order.offset > size) throw new BerthError('invalid', 'The file is not that long.');
    core.log.info({ containerId: id, exportId, actor: claims.sub, offset: order.offset }, 'export fetched');
    giveUpWhenIdle(request, idleMs);
    const { offset } = order;
    void reply.header('content-length', String(size - offset)).header(totalHeader, String(size));
    const content = offset === size ? Readable.from([]) : Readable.from(adapters.transfers.read(exportId, offset));
    return reply.type('application/octet-stream').send(content);
  });

  /** How to cut off the piece of an upload that is coming in; its end. */
  const arriving = new Map<string, { cut: () => void; over: Promise<void> }>();
  const givenUp = new Set<string>();
  server.put('/v1/uploads/:uploadId', async (request) => {
    const { uploadId } = parse(UploadParams, request.params, '');
    const { head, rest } = await readFramed(request.body as AsyncIterable<Uint8Array>).catch((error: unknown) => {
      throw new BerthError('invalid', 'The piece is not framed.', { cause: error });
    });
    const demand = { verb: 'import.write', containerId: null, args: head, id: uploadId } as const;
    const claims = await grants.verify(headerOf(request, grantHeader), clientOf(tlsSocket(request)), demand);
    const order = parse(UploadOrder, head, '');
    core.log.info({ uploadId, actor: claims.sub, offset: order.offset }, 'upload');
    giveUpWhenIdle(request, idleMs);
    try {
      if (givenUp.has(uploadId)) throw new BerthError('not_found', 'The archive was given up.');
      if (arriving.has(uploadId)) throw new BerthError('busy', 'Another piece of it is coming in.');
      const { promise: over, resolve } = Promise.withResolvers<void>();
      arriving.set(uploadId, { cut: () => request.raw.destroy(), over });
      try {
        reserveUpload(core, uploadId, order);
        const had = adapters.transfers.size(uploadId) ?? 0;
        // A piece that does not begin where the last one ended is not taken.
        if (had !== order.offset) return { receivedBytes: had };
        return { receivedBytes: await adapters.transfers.append(uploadId, rest, order.sizeBytes) };
      } finally {
        arriving.delete(uploadId);
        resolve();
      }
    } finally {
      await drain(rest);
    }
  });

  server.delete('/v1/uploads/:uploadId', async (request, reply) => {
    const { uploadId } = parse(UploadParams, request.params, '');
    const demand = { verb: 'import.write', containerId: null, args: {}, id: uploadId } as const;
    const claims = await grants.verify(headerOf(request, grantHeader), clientOf(tlsSocket(request)), demand);
    core.log.info({ uploadId, actor: claims.sub }, 'upload given up');
    // Until then a piece may come with a grant from before.
    givenUp.add(uploadId);
    setTimeout(() => givenUp.delete(uploadId), 2 * readGrantSeconds * 1000).unref();
    const piece = arriving.get(uploadId);
    piece?.cut();
    await piece?.over;
    if (store.transfers.find(uploadId)?.kind === 'upload') {
      store.write('STORE:DISCARD', () => store.transfers.remove(uploadId));
      adapters.transfers.remove(uploadId);
    }
    return reply.code(204).send();
  });
}

/** What was not taken is read all the same: an answer before that would leave the connection stuck, or cut off. */
async function drain(rest: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of rest) {
      bytes += chunk.length;
      if (bytes > mostDrainedBytes) return;
    }
  } catch {
    // It broke: there is nothing more to read.
  }
}

function reserveUpload(core: Core, id: string, { sizeBytes }: UploadOrder): void {
  const known = core.store.transfers.find(id);
  if (known !== undefined) {
    if (known.kind === 'upload' && known.reservedBytes === sizeBytes) return;
    throw new BerthError('conflict', 'That was announced with another size.');
  }
  const room = capacity(core);
  const expiresAt = new Date(Date.now() + transferLifeMs);
  core.store.write('STORE:RESERVE', () => {
    const row = {
      id,
      kind: 'upload' as const,
      containerId: null,
      ownerAction: null,
      reservedBytes: sizeBytes,
      expiresAt,
    };
    core.store.transfers.insert(row, transferShare(room));
    core.store.volumes.check(room);
  });
}
