import { createHash } from 'node:crypto';
import { and, eq, lt } from 'drizzle-orm';
import type { UserActor } from '../access/actor.ts';
import { BerthError, type ErrorCode } from '../contract/errors.ts';
import { asActor, type Tx } from '../db/client.ts';
import { idempotencyKeys } from '../db/schema/idempotency.ts';
import { openLasting, sealLasting } from '../secrets/sealed-values.ts';

export const idempotencyHeader = 'idempotency-key';
export const keptHours = 24;
/** Nothing a request does takes longer; one that is silent for so long has died in the middle. */
const diedAfterMs = 5 * 60_000;
const KeyShape = /^[\x21-\x7e]{1,200}$/;

export type Stored = { status: number; body: string | null };
/** After these nobody can say that nothing was done: the answer stays. All other refusals left everything as it was. */
const unclear: readonly ErrorCode[] = ['internal', 'timeout', 'action_failed', 'undo_failed', 'host_unreachable'];

/** The key of a request, if it has one. Throws `invalid` for one that is none. */
export function keyOf(headers: Headers): string | undefined {
  const key = headers.get(idempotencyHeader) ?? undefined;
  if (key === undefined || KeyShape.test(key)) return key;
  throw new BerthError('invalid', 'An Idempotency-Key has 1 to 200 printable characters without spaces.');
}

export function fingerprintOf(method: string, address: string, body: unknown): string {
  return createHash('sha256')
    .update(`${method} ${address}\n${JSON.stringify(body)}`)
    .digest('base64url');
}

export const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64url');

/**
 * Does what a key names once a person. The same again is given the same answer for {@link keptHours}; another request with the key is
 * `key_reused`, one that comes meanwhile is `in_progress`. What was refused may be tried again under the same key. Should the process
 * die in the middle, the key answers that nobody knows, and is never done a second time.
 */
export async function once(
  actor: UserActor,
  { key, fingerprint }: { key: string; fingerprint: string },
  work: () => Promise<Stored>,
  failed: (error: unknown) => Stored,
): Promise<Stored & { replayed: boolean }> {
  const known = await asActor(actor, (tx) => takeKey(tx, actor, key, fingerprint));
  if (known !== undefined) return { ...known, replayed: true };
  let answer: Stored;
  try {
    answer = await work();
  } catch (error) {
    if (!isUnclear(error)) {
      await asActor(actor, (tx) => tx.delete(idempotencyKeys).where(mine(actor, key)));
      throw error;
    }
    answer = failed(error);
  }
  const { status, body } = answer;
  const sealedBody = body === null ? null : sealLasting(body, contextOf(actor, key));
  await asActor(actor, (tx) => tx.update(idempotencyKeys).set({ status, sealedBody }).where(mine(actor, key)));
  return { ...answer, replayed: false };
}

function isUnclear(error: unknown): boolean {
  return !(error instanceof BerthError) || error.begun || unclear.includes(error.code);
}

const mine = (actor: UserActor, key: string) =>
  and(eq(idempotencyKeys.userId, actor.userId), eq(idempotencyKeys.key, key));
const contextOf = (actor: UserActor, key: string) => `idempotency:${actor.userId}:${key}`;

/** Undefined: the key is taken for this request now. Otherwise what it was answered. */
async function takeKey(tx: Tx, actor: UserActor, key: string, fingerprint: string): Promise<Stored | undefined> {
  const expired = lt(idempotencyKeys.createdAt, new Date(Date.now() - keptHours * 3_600_000));
  await tx.delete(idempotencyKeys).where(and(mine(actor, key), expired));
  const taken = await tx
    .insert(idempotencyKeys)
    .values({ userId: actor.userId, key, fingerprint })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key });
  if (taken.length > 0) return undefined;
  const [row] = await tx.select().from(idempotencyKeys).where(mine(actor, key));
  // It was refused and let go in this very moment.
  if (row === undefined) throw inProgress();
  if (row.fingerprint !== fingerprint) {
    throw new BerthError('key_reused', undefined, { remedy: 'Use a new key for another request.' });
  }
  if (row.status !== null) {
    return { status: row.status, body: row.sealedBody && openLasting(row.sealedBody, contextOf(actor, key)) };
  }
  if (Date.now() - row.createdAt.getTime() < diedAfterMs) throw inProgress();
  throw new BerthError(
    'in_progress',
    'The panel was interrupted while it did this; whether it was done is not known.',
    {
      remedy: 'Look whether it was done; if not, ask again with a new key.',
    },
  );
}

function inProgress(): BerthError {
  return new BerthError('in_progress', undefined, { remedy: 'Ask again with the same key in a moment.' });
}

/** Forgets answers whose time is over. For the worker's sweep. */
export async function forgetKeys(tx: Tx): Promise<void> {
  await tx.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, new Date(Date.now() - keptHours * 3_600_000)));
}
