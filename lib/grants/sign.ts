import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { GrantClaims } from '#lib/contract/agent.ts';

export type GrantIssuer = GrantClaims['iss'];

/** Makes grants in the name of one issuer. Which verbs an issuer's key is good for is decided by the agent, not here. */
export type GrantSigner = {
  readonly issuer: GrantIssuer;
  /** The grant as a compact JWS for the `berth-grant` header. */
  sign(claims: Omit<GrantClaims, 'iss'>): Promise<string>;
};

/**
 * A signer for one issuer's Ed25519 key (PKCS#8 PEM). The key id in the header is the issuer's name, because an agent
 * holds exactly one key per issuer.
 */
export function grantSigner(issuer: GrantIssuer, privateKeyPem: string): GrantSigner {
  const key: KeyObject = createPrivateKey(privateKeyPem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`the grant key of ${issuer} is not an Ed25519 key`);
  return {
    issuer,
    sign: async (claims) =>
      await new SignJWT({ ...claims, iss: issuer }).setProtectedHeader({ alg: 'EdDSA', kid: issuer }).sign(key),
  };
}
