import { and, eq } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, ofContainer } from '#lib/access/authorize.ts';
import { readExport } from '#lib/agent-client/transfers.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { attachment } from '#lib/http/attachment.ts';
import { restFrom } from '#lib/http/range.ts';
import { services } from '#lib/services.ts';

/**
 * The file that an export made, or the rest of it from where a download was cut off (`Range: bytes=N-`, RFC 9110). The whole and its
 * beginning are audited, what follows of the same download is not. Throws `state` for what is no finished export, `not_found` when
 * its time is over.
 */
export async function downloadExport(actor: Actor, operationId: string, request: Request): Promise<Response> {
  authorize(actor, 'container.export');
  const etag = `"${operationId}"`;
  const offset = restFrom(request.headers, etag);
  const { agent, target, name } = await asActor(actor, async (tx) => {
    const [row] = await tx
      .select({ operation: operations, container: containers, host: hosts })
      .from(operations)
      .innerJoin(containers, eq(containers.id, operations.containerId))
      .innerJoin(hosts, eq(hosts.id, operations.hostId))
      .where(and(eq(operations.id, operationId), eq(operations.kind, 'export')));
    if (row === undefined) throw new BerthError('not_found');
    const { operation, container, host } = row;
    authorize(actor, 'container.export', ofContainer(container));
    if (operation.state !== 'succeeded') throw new BerthError('state', 'The export is not finished.');
    if (container.deletedAt !== null || new Date(String(operation.input.expiresAt)) < new Date()) {
      throw new BerthError('not_found', 'The exported file is not kept any more.');
    }
    if (host.status === 'disabled') throw new BerthError('host_unreachable');
    if (offset === 0) {
      await writeAudit(tx, actor, {
        verb: 'container.export',
        tenantId: container.tenantId,
        targetKind: 'container',
        targetId: container.id,
        targetName: container.name,
        detail: { operationId, fetched: true },
      });
    }
    const subject = actor.kind === 'user' ? `user:${actor.userId}` : 'system';
    return {
      agent: services().agents.to({ hostId: host.id, address: host.address }),
      target: { subject, containerId: container.id, generation: container.generation },
      name: `${container.name}-${operation.queuedAt.toISOString().slice(0, 10)}.tar.zst`,
    };
  });
  const order = { exportId: operationId, offset };
  const { body, totalBytes } = await readExport(agent, services().agents.signer, target, order, request.signal);
  if (offset > 0 && offset >= totalBytes) {
    await body.return(undefined);
    return new Response(null, { status: 416, headers: { 'content-range': `bytes */${totalBytes}` } });
  }
  const range: Record<string, string> =
    offset === 0 ? {} : { 'content-range': `bytes ${offset}-${totalBytes - 1}/${totalBytes}` };
  return attachment(body, name, {
    type: 'application/zstd',
    sizeBytes: totalBytes - offset,
    status: offset === 0 ? 200 : 206,
    headers: { 'accept-ranges': 'bytes', etag, ...range },
  });
}
