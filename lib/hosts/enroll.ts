import { readFile } from 'node:fs/promises';
import { and, eq, gt, isNull } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { systemActor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { EnrollRequest, EnrollResult } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor } from '#lib/db/client.ts';
import { enrollTokens, hosts } from '#lib/db/schema/hosts.ts';
import { publish } from '#lib/events/publish.ts';
import { BadCertificateRequest, issueHostCert } from '#lib/pki/ca.ts';
import { loadSettings } from '#lib/settings.ts';
import { hashToken } from './token.ts';

/** What enrolment gives out and signs with: the authority, and the public keys (SPKI PEM) of both signers. */
export type Authority = { ca: { certificate: string; key: string }; grantKeys: { web: string; worker: string } };

async function authorityOfInstallation(): Promise<Authority> {
  const settings = loadSettings('web');
  const [certificate, key, web, worker] = await Promise.all(
    [settings.caFile, settings.caKeyFile, settings.grantPublicKeys.web, settings.grantPublicKeys.worker].map((file) =>
      readFile(file, 'utf8'),
    ),
  );
  if (certificate === undefined || key === undefined || web === undefined || worker === undefined) {
    throw new Error('the authority is not complete');
  }
  return { ca: { certificate, key }, grantKeys: { web, worker } };
}

/**
 * Lets an agent join with its single-use token: signs a certificate for its key and says who it is. Who it is stands in
 * the token, never in the request. Throws `forbidden` for a token that is unknown, used or too old, alike.
 */
export async function enrollHost(input: z.infer<typeof EnrollRequest>, authority?: Authority): Promise<EnrollResult> {
  const { ca, grantKeys } = authority ?? (await authorityOfInstallation());
  const system = systemActor('enrolment');
  return await asActor(system, async (tx) => {
    const now = new Date();
    const [token] = await tx
      .update(enrollTokens)
      .set({ usedAt: now })
      .where(
        and(
          eq(enrollTokens.tokenHash, hashToken(input.token)),
          isNull(enrollTokens.usedAt),
          gt(enrollTokens.expiresAt, now),
        ),
      )
      .returning();
    if (token === undefined) throw new BerthError('forbidden', 'The token is unknown, used or expired.');
    const [known] = await tx.select().from(hosts).where(eq(hosts.name, token.name));
    const hostId = known?.id ?? uuidv7();
    const { address } = input;
    const certificate = await sign(ca, input, hostId);
    if (known === undefined) {
      await tx.insert(hosts).values({ id: hostId, name: token.name, address, status: 'enrolling' });
    } else {
      await tx.update(hosts).set({ address, status: 'enrolling' }).where(eq(hosts.id, hostId));
    }
    await tx.update(enrollTokens).set({ hostId }).where(eq(enrollTokens.id, token.id));
    await publish(tx, { type: 'host', tenantId: null, data: { hostId } });
    await writeAudit(tx, system, {
      verb: 'host.enroll',
      tenantId: null,
      targetKind: 'host',
      targetId: hostId,
      targetName: token.name,
      detail: { address, again: known !== undefined },
    });
    return { hostId, certificate, ca: ca.certificate, grantKeys };
  });
}

async function sign(ca: Authority['ca'], input: z.infer<typeof EnrollRequest>, hostId: string): Promise<string> {
  const names = [...new Set([new URL(input.address).hostname.replace(/^\[|\]$/g, ''), input.hostname])];
  try {
    return await issueHostCert(ca, input.csr, hostId, names);
  } catch (error) {
    if (error instanceof BadCertificateRequest) throw new BerthError('invalid', error.message, { cause: error });
    throw error;
  }
}
