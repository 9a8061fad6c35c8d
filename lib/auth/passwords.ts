import { hash, verify } from '@node-rs/argon2';

/** argon2id (the library's default variant) with OWASP's first choice: 19 MiB, 2 passes, 1 lane; about 20 ms. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The hash of a password in PHC format. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, parameters);
}

let nobody: Promise<string> | undefined;

/**
 * Whether the password fits. Without a hash (no such account, or its owner has not set a password yet) the same work is
 * done against a hash nobody knows, so that the time taken does not tell the cases apart.
 */
export async function verifyPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword(crypto.randomUUID());
  const fits = await verify(passwordHash ?? (await nobody), password);
  return fits && passwordHash != null;
}
