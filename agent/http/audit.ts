import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { compactVerify, importX509 } from 'jose';
import type { z } from 'zod';
import {
  AuditHead,
  AuditHeadOrder,
  type AuditHeads,
  AuditHeadsQuery,
  auditHeadType,
  mostAuditHeads,
} from '#lib/contract/agent-trust.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Core } from '../core.ts';
import { clientOf } from './client.ts';
import { parse, tlsSocket } from './request.ts';

/**
 * Keeps what the panel's audit record was, so that whoever rewrites or cuts it there meets a copy here. A head that contradicts one
 * we have is kept beside it; nothing takes one away.
 */
export function auditRoutes(server: FastifyInstance, core: Core): void {
  server.put('/v1/audit/heads', async (request) => {
    if (clientOf(tlsSocket(request)) !== 'worker') throw new BerthError('grant_refused');
    const { head: jws } = parse(AuditHeadOrder, request.body, '');
    const head = await openHead(core, jws);
    core.store.write('AUDIT:HEAD', () => core.store.auditHeads.keep(head, jws));
    return {};
  });

  server.get('/v1/audit/heads', async (request): Promise<z.infer<typeof AuditHeads>> => {
    clientOf(tlsSocket(request));
    const { after } = parse(AuditHeadsQuery, request.query, 'query');
    return { heads: core.store.auditHeads.after(after, mostAuditHeads) };
  });
}

/** What the authority signed; `invalid` for anything else. */
async function openHead(core: Core, jws: string): Promise<AuditHead> {
  try {
    const authority = await importX509(readFileSync(core.config.identity.ca, 'utf8'), 'ES256');
    const { payload, protectedHeader } = await compactVerify(jws, authority, { algorithms: ['ES256'] });
    if (protectedHeader.typ !== auditHeadType) throw new Error('signed for something else');
    return AuditHead.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch (cause) {
    throw new BerthError('invalid', 'This is no head of the audit record, signed by our authority.', { cause });
  }
}
