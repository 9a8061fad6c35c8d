/** Holds: what they stop, what they leave, whose they are, and what comes back. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { getActor } from '#lib/auth/request.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { createBackup } from '#lib/backups/create.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { getContainer } from '#lib/containers/get.ts';
import { setLabels } from '#lib/containers/labels.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { startContainer } from '#lib/containers/start.ts';
import { stopContainer } from '#lib/containers/stop.ts';
import { mayStayInside } from '#lib/containers/while-inside.ts';
import { withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { liftHold, listHolds, placeHold } from '#lib/holds/holds.ts';
import { explainAccess } from '#lib/people/explain.ts';
import { type Bench, startBench, succeeded } from '../../support/operations.ts';
import { container } from '../../support/scenarios.ts';

let bench: Bench;
let id: string;

describe.each(['sim', 'real'] as const)('a hold (%s)', (kind) => {
  beforeAll(async () => {
    bench = await startBench(kind);
    id = await container(bench);
  });
  afterAll(async () => {
    await bench?.stop();
  });

  const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) =>
    withActor(bench.portal.super, systemActor('test'), work);
  /** As they are now: a hold counts from the next request. */
  async function of(who: 'ownerA' | 'admin' | 'reseller'): Promise<UserActor> {
    const token = await asSystem((tx) => createApiToken(tx, bench.world.people[who].id, 'test'));
    const actor = await getActor(new Headers({ authorization: `Bearer ${token}` }));
    if (actor === undefined) throw new Error('nobody');
    return actor;
  }
  const hold = (reason: 'billing' | 'abuse' | 'reseller' | 'provider', stop = true) => ({
    reason,
    stop,
    message: 'why',
  });
  const stateIs = (state: string) =>
    expect.poll(async () => (await getContainer(await of('admin'), id)).state, { timeout: 60_000 }).toBe(state);
  const row = async () => {
    const [found] = await asSystem((tx) => tx.select().from(containers).where(eq(containers.id, id)));
    return found;
  };

  it('stops the container, leaves its people to look only, and gives back what was', async () => {
    await execInContainer(await of('ownerA'), id, {
      argv: ['/bin/sh', '-c', 'echo kept > /root/file; sync'],
      timeoutMs: 5_000,
    });
    const early = await of('ownerA');
    await mayStayInside(early, id, 'container.console');
    await placeHold(await of('admin'), { containerId: id }, hold('billing'));
    await expect(mayStayInside(early, id, 'container.console')).rejects.toMatchObject({ code: 'held' });
    const owner = await of('ownerA');
    for (const attempt of [
      () => stopContainer(owner, id, { timeoutMs: 1000 }),
      () => createBackup(owner, id, {}),
      () => setLabels(owner, id, { labels: ['x'] }),
      () => reinstallContainer(owner, id, { keepOld: true, reset: false }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'held' });
    }
    expect(await getContainer(owner, id)).toMatchObject({ holds: [{ reason: 'billing', message: 'why' }] });
    expect((await listHolds(owner, { containerId: id })).items).toMatchObject([{ over: 'container', canLift: false }]);
    expect(await explainAccess(owner, { verb: 'container.start', container: id })).toMatchObject({
      allowed: false,
      reasons: [{ by: 'role' }, { by: 'hold' }],
    });
    await stateIs('suspended');
    expect(await row()).toMatchObject({ desired: 'stopped', heldDesired: 'running' });
    await expect(placeHold(await of('admin'), { containerId: id }, hold('billing'))).rejects.toMatchObject({
      code: 'conflict',
    });
    await liftHold(await of('admin'), { containerId: id }, { reason: 'billing' });
    await stateIs('running');
    expect(await row()).toMatchObject({ desired: 'running', heldDesired: null });
    const kept = await execInContainer(await of('ownerA'), id, { argv: ['cat', '/root/file'], timeoutMs: 5_000 });
    expect(kept.stdout).toBe('kept\n');
  });

  it('is lifted by whose reason it is alone; the last one counts', async () => {
    await placeHold(await of('admin'), { containerId: id }, hold('abuse'));
    await placeHold(await of('reseller'), { tenantId: bench.world.ids.a }, hold('reseller'));
    await stateIs('suspended');
    expect(
      (await listHolds(await of('ownerA'), { containerId: id })).items.map((one) => [one.reason, one.over]),
    ).toEqual([
      ['abuse', 'container'],
      ['reseller', 'tenant'],
    ]);
    const others = [
      async () => liftHold(await of('reseller'), { containerId: id }, { reason: 'abuse' }),
      async () => liftHold(await of('admin'), { tenantId: bench.world.ids.a }, { reason: 'reseller' }),
      async () => liftHold(await of('ownerA'), { containerId: id }, { reason: 'abuse' }),
      async () => placeHold(await of('reseller'), { containerId: id }, hold('provider')),
    ];
    for (const one of others) await expect(one()).rejects.toMatchObject({ code: 'forbidden' });
    // Payment lifts what was for want of it, and there is no such hold.
    const paid = liftHold(await of('admin'), { containerId: id }, { reason: 'billing' });
    await expect(paid).rejects.toMatchObject({ code: 'not_found' });
    await liftHold(await of('reseller'), { tenantId: bench.world.ids.a }, { reason: 'reseller' });
    await stateIs('suspended');
    await liftHold(await of('admin'), { containerId: id }, { reason: 'abuse' });
    await stateIs('running');
  });

  it('can leave the container as it is, and brings back nothing that was stopped before', async () => {
    await placeHold(await of('admin'), { tenantId: bench.world.ids.a }, hold('provider', false));
    await expect(stopContainer(await of('ownerA'), id, { timeoutMs: 1000 })).rejects.toMatchObject({ code: 'held' });
    // Whoever does not belong to the tenant still may.
    await succeeded(await of('admin'), await stopContainer(await of('admin'), id, { timeoutMs: 5_000 }));
    await liftHold(await of('admin'), { tenantId: bench.world.ids.a }, { reason: 'provider' });
    await placeHold(await of('admin'), { containerId: id }, hold('billing'));
    await expect.poll(async () => (await row())?.heldDesired, { timeout: 20_000 }).toBe('stopped');
    await liftHold(await of('admin'), { containerId: id }, { reason: 'billing' });
    await expect.poll(async () => (await row())?.heldDesired, { timeout: 20_000 }).toBe(null);
    expect((await getContainer(await of('ownerA'), id)).state).toBe('stopped');
    await succeeded(await of('ownerA'), await startContainer(await of('ownerA'), id));
  });

  it('does not wait for what runs there', async () => {
    const backup = createBackup(await of('ownerA'), id, {});
    await backup;
    await placeHold(await of('admin'), { containerId: id }, hold('abuse'));
    await stateIs('suspended');
    await liftHold(await of('admin'), { containerId: id }, { reason: 'abuse' });
    await stateIs('running');
  });
});
