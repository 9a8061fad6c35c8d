import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { decideDevice, deviceWaiting, pollDevice, startDevice } from '#lib/auth/device.ts';
import { resolveToken } from '#lib/auth/sessions.ts';
import { UserCode } from '#lib/contract/device.ts';
import { withActor } from '#lib/db/client.ts';
import { deviceLogins } from '#lib/db/schema/device-logins.ts';
import { users } from '#lib/db/schema/users.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';

const asSystem = systemActor('test');
const visitor = { address: '192.0.2.7', userAgent: 'berth-cli' };
let portal: TestPortal;
let world: World;

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
});
afterAll(() => portal.stop());
beforeEach(() => portal.super.execute(sql`truncate login_throttle, device_logins`));

const start = () => startDevice({ name: 'berth on a laptop' }, visitor);
const code = (shown: string) => UserCode.parse(shown);
const decide = (userCode: string, approve = true) =>
  decideDevice(actorFor(world, 'ownerA'), { userCode: code(userCode), approve });

describe('a program', () => {
  it('is let in by a person who sees who asks, and gets its token once', async () => {
    const { deviceCode, userCode } = await start();
    expect(userCode).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);
    expect(await pollDevice(deviceCode)).toEqual({ state: 'waiting', token: null });
    const typed = ` ${userCode.toLowerCase().replace('-', ' ')} `;
    expect(await deviceWaiting(actorFor(world, 'ownerA'), code(typed))).toMatchObject({
      name: 'berth on a laptop',
      address: '192.0.2.7',
    });
    await decide(typed);
    const { state, token } = await pollDevice(deviceCode);
    expect(state).toBe('approved');
    const who = await resolveToken(token ?? '', visitor);
    expect(who?.userId).toBe(world.people.ownerA.id);
    await expect(pollDevice(deviceCode)).rejects.toMatchObject({ code: 'not_found' });
    await expect(decide(userCode)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is let in under a brand’s name as who its person is there', async () => {
    const { reseller } = world.ids;
    const { deviceCode, userCode } = await start();
    const there = { ...actorFor(world, 'reseller'), brand: reseller };
    await decideDevice(there, { userCode: code(userCode), approve: true });
    const { token } = await pollDevice(deviceCode);
    expect(await resolveToken(token ?? '', visitor)).toMatchObject({ brand: reseller, userId: there.userId });
    expect(await resolveToken(token ?? '', { ...visitor, brand: reseller })).toBeDefined();
    expect(await resolveToken(token ?? '', { ...visitor, brand: world.ids.a })).toBeUndefined();
  });

  it('is given one token, however many ask at once', async () => {
    const { deviceCode, userCode } = await start();
    await decide(userCode);
    const many = await Promise.allSettled(Array.from({ length: 20 }, () => pollDevice(deviceCode)));
    expect(many.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });

  it('gets nothing when it is turned away, too late, or let in by one who was disabled since', async () => {
    const denied = await start();
    await decide(denied.userCode, false);
    expect(await pollDevice(denied.deviceCode)).toEqual({ state: 'denied', token: null });
    await expect(decide(denied.userCode)).rejects.toMatchObject({ code: 'not_found' });
    const late = await start();
    await decide(late.userCode);
    await withActor(portal.super, asSystem, (tx) => tx.update(deviceLogins).set({ expiresAt: new Date(0) }));
    await expect(pollDevice(late.deviceCode)).rejects.toMatchObject({ code: 'not_found' });
    const gone = await start();
    await decide(gone.userCode);
    const disable = (disabledAt: Date | null) =>
      withActor(portal.super, asSystem, (tx) =>
        tx.update(users).set({ disabledAt }).where(eq(users.id, world.people.ownerA.id)),
      );
    await disable(new Date());
    expect(await pollDevice(gone.deviceCode)).toEqual({ state: 'denied', token: null });
    await disable(null);
  });

  it('cannot let another program in', async () => {
    const { userCode } = await start();
    const byToken = { ...actorFor(world, 'ownerA'), sessionId: null, tokenId: world.people.ownerA.id };
    const wish = { userCode: code(userCode), approve: true };
    await expect(decideDevice(byToken, wish)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(deviceWaiting(byToken, wish.userCode)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('leaves no code in the database that opens anything, and guesses are counted', async () => {
    const { deviceCode, userCode } = await start();
    const rows = await withActor(portal.super, asSystem, (tx) => tx.select().from(deviceLogins));
    expect(JSON.stringify(rows)).not.toContain(deviceCode);
    expect(JSON.stringify(rows)).not.toContain(userCode.replace('-', ''));
    const guesses = await Promise.allSettled(Array.from({ length: 40 }, () => decide('BBBB-CCCC')));
    const codes = guesses.map((one) => (one.status === 'rejected' ? one.reason.code : 'passed'));
    expect(codes.filter((one) => one === 'not_found')).toHaveLength(30);
    expect(codes.filter((one) => one === 'rate_limited')).toHaveLength(10);
    await expect(decide(userCode)).rejects.toMatchObject({ code: 'rate_limited' });
  });
});
