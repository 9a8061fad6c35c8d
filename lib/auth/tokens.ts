import type { Tx } from '../db/client.ts';
import { apiTokens } from '../db/schema/sessions.ts';
import { keyHash, randomKey } from './random.ts';

export const tokenPrefix = 'berth_';

/** A new bearer token of a person. It is shown once: only its hash is stored. `lifetimeMs` null: until it is revoked. */
export async function createApiToken(
  tx: Tx,
  userId: string,
  name: string,
  lifetimeMs: number | null = null,
): Promise<string> {
  const token = `${tokenPrefix}${randomKey()}`;
  await tx.insert(apiTokens).values({
    userId,
    name,
    tokenHash: keyHash(token),
    expiresAt: lifetimeMs === null ? null : new Date(Date.now() + lifetimeMs),
  });
  return token;
}
