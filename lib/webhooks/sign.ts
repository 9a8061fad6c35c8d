import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';
const keyBytes = 32;

export function newSecret(): string {
  return prefix + randomBytes(keyBytes).toString('base64');
}

/** The signature of Standard Webhooks: HMAC-SHA256 over `id.seconds.body` with the secret's bytes, as `v1,<base64>`. */
export function signMessage(secret: string, message: { id: string; atSeconds: number; body: string }): string {
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  const { id, atSeconds, body } = message;
  return `v1,${createHmac('sha256', key).update(`${id}.${atSeconds}.${body}`).digest('base64')}`;
}
