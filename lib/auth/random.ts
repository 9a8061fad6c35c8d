import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as 43 URL-safe characters. */
export function randomKey(): string {
  return randomBytes(32).toString('base64url');
}

/** What we keep of a random key. A fast hash is right here: there is nothing to guess. */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
