import { createPrivateKey, createPublicKey } from 'node:crypto';
import { CompactSign } from 'jose';
import { type GrantKeySet, grantKeySetType } from '#lib/contract/agent-trust.ts';

/**
 * The keys whose grants agents are to take, signed by the authority that they trust anyway: so a set reaches also a host that was
 * away while the keys before it came and went. A set with a higher serial replaces one with a lower.
 */
export async function signGrantKeySet(caKeyPem: string, set: GrantKeySet): Promise<string> {
  return await new CompactSign(new TextEncoder().encode(JSON.stringify(set)))
    .setProtectedHeader({ alg: 'ES256', typ: grantKeySetType })
    .sign(createPrivateKey(caKeyPem));
}

/** The serial of a set we signed ourselves; 0 when there is none. Not a check. */
export function serialOf(jws: string | undefined): number {
  const payload = jws?.split('.')[1];
  if (payload === undefined) return 0;
  const set: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return typeof set === 'object' && set !== null && 'serial' in set ? Number(set.serial) : 0;
}

/** The public half of an Ed25519 key, as SPKI PEM. */
export function publicHalf(privatePem: string): string {
  return createPublicKey(privatePem).export({ type: 'spki', format: 'pem' }).toString();
}
