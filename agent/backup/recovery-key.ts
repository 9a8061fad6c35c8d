/**
 * A second key for a repository that was just made, written without restic. `restic key add` first measures for a second or two how
 * slow a derivation this machine can bear, which `init` has done a moment before, and opens the repository anew: more than a third of
 * the first backup of a tenant. A key file is documented (restic's design, "Keys, Encryption and MAC") and its content is authenticated.
 */
import { createCipheriv, createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../sys/files.ts';
import { recoveryUser } from './keys.ts';

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));
const KeyFile = z.object({
  kdf: z.literal('scrypt'),
  // Of the size that restic's own have; others are left to restic.
  N: z
    .int()
    .min(2)
    .max(1 << 18),
  r: z.int().min(1).max(32),
  p: z.int().min(1).max(64),
  salt: base64,
  data: base64,
});
type Cost = Pick<z.infer<typeof KeyFile>, 'N' | 'r' | 'p'>;
type Derived = { encryption: Buffer; mac: { k: Buffer; r: Buffer } };
const MasterKey = z.object({
  mac: z.object({ k: z.base64(), r: z.base64() }),
  encrypt: z.base64(),
});

const [saltBytes, nonceBytes, macBytes] = [64, 16, 16];

/** restic's own derivation: 64 bytes, of which 32 encrypt and 32 authenticate. */
async function derive(password: string, salt: Buffer, { N, r, p }: Cost): Promise<Derived> {
  const bytes = await new Promise<Buffer>((resolve, reject) =>
    scrypt(password, salt, 64, { N, r, p, maxmem: 128 * r * (N + p + 2) + 1024 * 1024 }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    ),
  );
  return { encryption: bytes.subarray(0, 32), mac: { k: bytes.subarray(32, 48), r: bytes.subarray(48) } };
}

/** AES-256 in counter mode: the same both ways. */
function crypt(key: Buffer, nonce: Buffer, content: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-ctr', key, nonce);
  return Buffer.concat([cipher.update(content), cipher.final()]);
}

const littleEndian = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** Poly1305 (RFC 8439, section 2.5). For a few hundred bytes: it is done in whole numbers, and not in constant time. */
export function poly1305(message: Uint8Array, key: Uint8Array): Buffer {
  const prime = (1n << 130n) - 5n;
  const r = littleEndian(key.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    const block = message.subarray(at, at + 16);
    sum = ((sum + littleEndian(block) + (1n << BigInt(8 * block.length))) * r) % prime;
  }
  let tag = (sum + littleEndian(key.subarray(16, 32))) & ((1n << 128n) - 1n);
  return Buffer.from(
    Array.from({ length: 16 }, () => {
      const byte = Number(tag & 255n);
      tag >>= 8n;
      return byte;
    }),
  );
}

/** Poly1305-AES: its second half is the nonce, encrypted. */
function macOf({ k, r }: Derived['mac'], nonce: Buffer, content: Buffer): Buffer {
  const cipher = createCipheriv('aes-128-ecb', k, null).setAutoPadding(false);
  const pad = Buffer.concat([cipher.update(nonce), cipher.final()]);
  return poly1305(content, Buffer.concat([r, pad]));
}

function seal({ encryption, mac }: Derived, content: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const sealed = crypt(encryption, nonce, content);
  return Buffer.concat([nonce, sealed, macOf(mac, nonce, sealed)]);
}

/** What was sealed; undefined when its authentication is another. */
function unseal({ encryption, mac }: Derived, data: Buffer): Buffer | undefined {
  if (data.length < nonceBytes + macBytes) return undefined;
  const nonce = data.subarray(0, nonceBytes);
  const sealed = data.subarray(nonceBytes, -macBytes);
  if (!timingSafeEqual(macOf(mac, nonce, sealed), data.subarray(-macBytes))) return undefined;
  return crypt(encryption, nonce, sealed);
}

/** A repository's one key file and the cost it asks for; undefined when there are others, or it is not of the form known here. */
function onlyKey(keys: string): z.infer<typeof KeyFile> | undefined {
  const [name, ...others] = readdirSync(keys);
  if (name === undefined || others.length > 0) return undefined;
  try {
    return KeyFile.safeParse(JSON.parse(readFileSync(join(keys, name), 'utf8'))).data;
  } catch {
    return undefined; // not JSON
  }
}

/**
 * Gives the repository in a directory of this host, which has one key, the recovery password's: as costly to guess as the first, and
 * with the same master key. Not before what is written here has been read with the first key, as restic wrote it, and what is
 * to be written read back. False, and nothing is written, when that is not possible: then it is for restic to do.
 */
export async function writeRecoveryKey(
  repository: string,
  password: string,
  recoveryPassword: string,
): Promise<boolean> {
  const keys = join(repository, 'keys');
  const first = onlyKey(keys);
  if (first === undefined) return false;
  const { N, r, p } = first;
  const salt = randomBytes(saltBytes);
  const [own, recovery] = await Promise.all([
    derive(password, first.salt, first),
    derive(recoveryPassword, salt, first),
  ]);
  const master = unseal(own, first.data);
  if (master === undefined || !isMasterKey(master)) return false;
  const data = seal(recovery, master);
  if (unseal(recovery, data)?.equals(master) !== true) return false;
  const content = JSON.stringify({
    created: new Date().toISOString(),
    username: recoveryUser,
    hostname: hostname(),
    ...{ kdf: 'scrypt', N, r, p },
    salt: salt.toString('base64'),
    data: data.toString('base64'),
  });
  const name = createHash('sha256').update(content).digest('hex');
  writeDurably('BACKUP:WRITE-KEY', join(keys, name), content, 0o400);
  return true;
}

function isMasterKey(content: Buffer): boolean {
  try {
    return MasterKey.safeParse(JSON.parse(content.toString())).success;
  } catch {
    return false;
  }
}
