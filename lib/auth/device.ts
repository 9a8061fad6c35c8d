import { randomInt } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import {
  type DecideDevice,
  type DevicePolled,
  type DeviceStarted,
  type StartDevice,
  userCodeAlphabet,
} from '../contract/device.ts';
import { BerthError } from '../contract/errors.ts';
import { asActor, type Tx } from '../db/client.ts';
import { deviceLogins } from '../db/schema/device-logins.ts';
import { users } from '../db/schema/users.ts';
import { tellOfPeople } from '../people/tell.ts';
import { keyHash, randomKey } from './random.ts';
import type { Visitor } from './sessions.ts';
import { countDeviceCode } from './throttle.ts';
import { createApiToken } from './tokens.ts';

const lifetimeMs = 10 * 60_000;
const intervalSeconds = 2;
/** What a program is let in for; then it asks again. */
export const deviceTokenDays = 90;
const system = systemActor('device');

/** Begins: a secret for the program, and a code for the person. */
export async function startDevice(
  input: z.infer<typeof StartDevice>,
  visitor: Visitor,
): Promise<z.infer<typeof DeviceStarted>> {
  await countDeviceCode(visitor.address);
  const deviceCode = randomKey();
  const letters = Array.from({ length: 8 }, () => userCodeAlphabet[randomInt(userCodeAlphabet.length)]).join('');
  const expiresAt = new Date(Date.now() + lifetimeMs);
  await asActor(system, (tx) =>
    tx.insert(deviceLogins).values({
      deviceCodeHash: keyHash(deviceCode),
      userCodeHash: keyHash(letters),
      name: input.name,
      address: visitor.address,
      expiresAt,
    }),
  );
  const userCode = `${letters.slice(0, 4)}-${letters.slice(4)}`;
  return {
    deviceCode,
    userCode,
    path: `/device?code=${userCode}`,
    expiresAt: expiresAt.toISOString(),
    intervalSeconds,
  };
}

const lives = and(isNull(deviceLogins.redeemedAt), sql`${deviceLogins.expiresAt} > now()`);

/** Whether the person has agreed; then, once, the token. Throws `not_found` for a code that is unknown, used or too old. */
export async function pollDevice(deviceCode: string): Promise<DevicePolled> {
  return await asActor(system, async (tx) => {
    const [row] = await tx
      .select()
      .from(deviceLogins)
      .where(and(eq(deviceLogins.deviceCodeHash, keyHash(deviceCode)), lives))
      .for('update');
    if (row === undefined) throw new BerthError('not_found', 'The code is too old, or has been used.');
    if (row.deniedAt !== null) return { state: 'denied' as const, token: null };
    if (row.approvedAt === null || row.userId === null) return { state: 'waiting' as const, token: null };
    await tx.update(deviceLogins).set({ redeemedAt: new Date() }).where(eq(deviceLogins.id, row.id));
    // Between the two the person may have been disabled.
    const [able] = await tx
      .select({ tenantId: users.tenantId })
      .from(users)
      .where(and(eq(users.id, row.userId), isNull(users.disabledAt)));
    if (able === undefined) return { state: 'denied' as const, token: null };
    await tellOfPeople(tx, able.tenantId, row.userId);
    const token = await createApiToken(tx, row.userId, row.name, deviceTokenDays * 86_400_000, row.brandId);
    return { state: 'approved' as const, token };
  });
}

/** Which program waits under a code, for the person who typed it. Guesses are counted. */
export async function deviceWaiting(
  actor: UserActor,
  userCode: string,
): Promise<{ name: string; address: string; at: string }> {
  refuseProgram(actor);
  await countDeviceCode(actor.userId);
  const row = await asActor(system, (tx) => waitingFor(tx, userCode));
  return { name: row.name, address: row.address, at: row.createdAt.toISOString() };
}

/** Lets the program in as the person, as far as they are anybody under this name, or turns it away. For people with a session: a token does not make another. */
export async function decideDevice(actor: UserActor, input: z.output<typeof DecideDevice>): Promise<null> {
  refuseProgram(actor);
  await countDeviceCode(actor.userId);
  return await asActor(system, async (tx) => {
    const row = await waitingFor(tx, input.userCode);
    const now = new Date();
    await tx
      .update(deviceLogins)
      .set(input.approve ? { approvedAt: now, userId: actor.userId, brandId: actor.brand ?? null } : { deniedAt: now })
      .where(eq(deviceLogins.id, row.id));
    await writeAudit(tx, actor, {
      verb: input.approve ? 'device.approve' : 'device.deny',
      tenantId: actor.tenantId,
      targetKind: 'user',
      targetId: actor.userId,
      targetName: row.name,
      detail: { from: row.address },
    });
    return null;
  });
}

function refuseProgram(actor: UserActor): void {
  if (actor.sessionId === null) throw new BerthError('forbidden', 'Do this in a browser, where you are signed in.');
}

async function waitingFor(tx: Tx, userCode: string) {
  const [row] = await tx
    .select()
    .from(deviceLogins)
    .where(
      and(
        eq(deviceLogins.userCodeHash, keyHash(userCode)),
        lives,
        isNull(deviceLogins.approvedAt),
        isNull(deviceLogins.deniedAt),
      ),
    )
    .for('update');
  if (row === undefined) throw new BerthError('not_found', 'No program waits under this code. It may be too old.');
  return row;
}
