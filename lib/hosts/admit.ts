import { and, asc, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { systemActor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { EnrollResult } from '#lib/contract/agent-trust.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { type Db, type Tx, withActor } from '#lib/db/client.ts';
import { enrollTokens, enrolments, hosts } from '#lib/db/schema/hosts.ts';
import { publish } from '#lib/events/publish.ts';
import { BadCertificateRequest, type CertificateAndKey, issueHostCert } from '#lib/pki/ca.ts';

/** What admission gives out and signs with: the authority, and the public keys (SPKI PEM) that sign grants. */
export type Authority = { ca: CertificateAndKey; grantKeys: { web: string; worker: string } };
type Enrolment = typeof enrolments.$inferSelect;

const admitter = systemActor('enrolment');
const keepMs = 3_600_000;

/**
 * Answers the requests to join that wait: who it is stands in the token, never in the request; of the request only the key
 * counts. A host that is known joins again only by a token that set-up has made. Gives how many were answered.
 */
export async function admitHosts(db: Db, authority: Authority): Promise<number> {
  return await withActor(db, admitter, async (tx) => {
    const waiting = await tx
      .select()
      .from(enrolments)
      .where(isNull(enrolments.answeredAt))
      .orderBy(asc(enrolments.createdAt))
      .limit(20)
      .for('update', { skipLocked: true });
    for (const request of waiting) {
      await tx.execute(sql`savepoint admission`);
      const answer = await admit(tx, authority, request).then(
        (result) => ({ result }),
        async (error: unknown) => {
          const refusal = refusalOf(error);
          // A token is used up by an admission only.
          await tx.execute(sql`rollback to savepoint admission`);
          return { refusal };
        },
      );
      await tx
        .update(enrolments)
        .set({ ...answer, answeredAt: new Date() })
        .where(eq(enrolments.id, request.id));
    }
    await tx.delete(enrolments).where(lt(enrolments.createdAt, new Date(Date.now() - keepMs)));
    return waiting.length;
  });
}

async function admit(tx: Tx, { ca, grantKeys }: Authority, request: Enrolment): Promise<EnrollResult> {
  const now = new Date();
  const [token] = await tx
    .update(enrollTokens)
    .set({ usedAt: now })
    .where(
      and(eq(enrollTokens.tokenHash, request.tokenHash), isNull(enrollTokens.usedAt), gt(enrollTokens.expiresAt, now)),
    )
    .returning();
  if (token === undefined) throw new BerthError('forbidden', 'The token is unknown, used or expired.');
  const [known] = await tx.select().from(hosts).where(eq(hosts.name, token.name));
  if (known !== undefined && !token.rejoin) {
    throw new BerthError('conflict', 'There is a host of this name. It joins again by a token of "berth host token".');
  }
  const hostId = known?.id ?? uuidv7();
  const { address, hostname } = request;
  const names = [...new Set([new URL(address).hostname.replace(/^\[|\]$/g, ''), hostname])];
  const certificate = await issueHostCert(ca, request.csr, hostId, names);
  if (known === undefined) {
    await tx.insert(hosts).values({ id: hostId, name: token.name, address, status: 'enrolling' });
  } else {
    await tx.update(hosts).set({ address, status: 'enrolling' }).where(eq(hosts.id, hostId));
  }
  await tx.update(enrollTokens).set({ hostId }).where(eq(enrollTokens.id, token.id));
  await publish(tx, { type: 'host', tenantId: null, data: { hostId } });
  await writeAudit(tx, admitter, {
    verb: 'host.enroll',
    tenantId: null,
    targetKind: 'host',
    targetId: hostId,
    targetName: token.name,
    detail: { address, again: known !== undefined },
  });
  return { hostId, certificate, ca: ca.certificate, grantKeys };
}

function refusalOf(error: unknown): NonNullable<Enrolment['refusal']> {
  if (error instanceof BadCertificateRequest) return { code: 'invalid', detail: error.message };
  if (error instanceof BerthError && (error.code === 'forbidden' || error.code === 'conflict')) {
    return { code: error.code, detail: error.message };
  }
  throw error;
}
