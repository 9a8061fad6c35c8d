/** How host and portal come to trust each other: enrolment, certificates, grant keys, heads of the audit record. See agent.ts. */
import { z } from 'zod';
import { Id, Instant } from './ids.ts';

/** Grant keys in SPKI PEM, the newest last. All of them are good. */
export const GrantKeySet = z.object({
  serial: z.int().positive(),
  keys: z.object({ web: z.array(z.string()).min(1), worker: z.array(z.string()).min(1) }),
});
export type GrantKeySet = z.infer<typeof GrantKeySet>;

export const grantKeySetType = 'berth-grant-keys';

export const IdentityRequest = z.object({ csr: z.string().max(10_000) });

export const IdentityCertificate = z.strictObject({ certificate: z.string().max(20_000) });

/** A compact JWS (ES256, by the authority's key, of the type above) of a {@link GrantKeySet}. */
export const IdentityGrantKeys = z.strictObject({ keys: z.string().max(50_000) });

/** What the audit record was at one time: its last sealed entry's place and hash. A JWS (ES256, by the authority's key, of this type). */
export const AuditHead = z.object({ seq: z.int().positive(), hash: z.string().regex(/^[0-9a-f]{64}$/), at: Instant });
export type AuditHead = z.infer<typeof AuditHead>;

export const auditHeadType = 'berth-audit-head';

export const AuditHeadOrder = z.strictObject({ head: z.string().max(4_000) });

/** So many at most at a time. */
export const mostAuditHeads = 2_000;

export const AuditHeadsQuery = z.object({ after: z.coerce.number().int().nonnegative().default(0) });

export const AuditHeads = z.object({ heads: z.array(z.string()).max(mostAuditHeads + 100) });

/** Enrolment: an agent posts this to the portal's `/api/v1/hosts/enroll` with its single-use token. */
export const EnrollRequest = z.strictObject({
  token: z.string().min(20).max(200),
  /** PKCS#10 in PEM. Its subject is ignored: the portal decides the identity. */
  csr: z.string().max(10_000),
  hostname: z.string().max(253),
  /** Where the portal reaches the agent, e.g. https://127.0.0.1:7443. */
  address: z.url(),
});

export const EnrollResult = z.object({
  hostId: Id,
  certificate: z.string(),
  ca: z.string(),
  grantKeys: z.object({ web: z.string(), worker: z.string() }),
});
export type EnrollResult = z.infer<typeof EnrollResult>;

/** Identities in the URI subject alternative name of certificates. */
export const identityUri = {
  host: (hostId: string) => `berth:host:${hostId}`,
  service: (name: 'web' | 'worker') => `berth:service:${name}`,
} as const;
