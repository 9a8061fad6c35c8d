/** What is done to a panel and its host before the panel is lost, and what must be true when it is back. */
import { eq, isNull, sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { createContainer } from '#lib/containers/create.ts';
import { addForward } from '#lib/containers/forwards.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { restartContainer } from '#lib/containers/restart.ts';
import { startContainer } from '#lib/containers/start.ts';
import { stopContainer } from '#lib/containers/stop.ts';
import { containerState } from '#lib/contract/states.ts';
import { asActor } from '#lib/db/client.ts';
import { containers, portForwards } from '#lib/db/schema/containers.ts';
import { orphans } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { templates } from '#lib/db/schema/templates.ts';
import { adoptOrphan } from '#lib/orphans/adopt.ts';
import { ignoreOrphan } from '#lib/orphans/ignore.ts';
import { listOrphans } from '#lib/orphans/list.ts';
import { buildTemplate } from '#lib/templates/build.ts';
import { succeeded } from './operations.ts';
import type { PanelWorld } from './panel.ts';

const system = systemActor('test');
let names = 0;

/** Numbers that come again for the same seed. */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0 || 1;
  return (sides) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % sides;
  };
}

export async function ensureTemplate(world: PanelWorld): Promise<void> {
  const built = await buildTemplate(world.admin, { hostId: world.host.hostId, name: 'tiny' });
  await succeeded(world.admin, built);
}

export async function askCreate(world: PanelWorld) {
  const [plan] = await asActor(system, (tx) => tx.select().from(plans).limit(1));
  const [template] = await asActor(system, (tx) => tx.select().from(templates).limit(1));
  names += 1;
  return createContainer(world.admin, {
    ...{ name: `web-${names}`, tenantId: world.owner.tenantId ?? '', sshKeys: [], start: true },
    ...{ planId: plan?.id ?? '', templateId: template?.id ?? '' },
  });
}

/** Things people do, one after another; each raises a generation or changes what is where. */
export async function live(world: PanelWorld, roll: (sides: number) => number, deeds: number): Promise<void> {
  for (let i = 0; i < deeds; i += 1) {
    const here = [...(await world.truth()).values()];
    const one = here[roll(Math.max(here.length, 1))];
    const deed = one === undefined || here.length < 3 ? 0 : roll(6);
    const { admin, owner } = world;
    if (deed === 0 || one === undefined) await succeeded(admin, await askCreate(world));
    else if (deed === 1 && here.length > 3) await succeeded(admin, await removeContainer(admin, one.containerId));
    else if (deed === 2 && one.power === 'running') {
      await succeeded(owner, await reinstallContainer(owner, one.containerId, { keepOld: true, reset: false }));
    } else if (deed === 3) {
      await succeeded(
        owner,
        await addForward(owner, one.containerId, { protocol: 'tcp', containerPort: 100 + roll(900) }),
      );
    } else if (deed === 4) await succeeded(owner, await createBackup(owner, one.containerId, { note: '' }));
    else await toggle(world, one.containerId);
  }
}

/** Any order will do to see that the host obeys the panel. */
async function toggle(world: PanelWorld, id: string): Promise<void> {
  const running = (await world.host.item(id))?.power === 'running';
  await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe(running ? 'running' : 'stopped');
  const asked = running
    ? await stopContainer(world.owner, id, { timeoutMs: 5_000 })
    : await startContainer(world.owner, id);
  await succeeded(world.owner, asked);
}

async function stateOf(id: string): Promise<string> {
  const [row] = await asActor(system, (tx) => tx.select().from(containers).where(eq(containers.id, id)));
  if (row === undefined) return 'absent';
  const { observedPower, observedAt, deletedAt, createdOnHostAt } = row;
  const facts = { holds: [], repair: false, activeKind: null, createdOnHost: createdOnHostAt !== null, observedPower };
  const times = { deletedAt: deletedAt?.toISOString() ?? null, observedAt: observedAt?.toISOString() ?? null };
  return containerState({ ...facts, ...times }, Date.now());
}

/** Orders that are under way for as long as the host is held still: what a copy made meanwhile has half done. */
export async function beginMany(
  world: PanelWorld,
  roll: (sides: number) => number,
): Promise<(() => Promise<unknown>)[]> {
  const here = [...(await world.truth()).values()].sort(() => roll(3) - 1);
  process.kill(world.host.pid, 'SIGSTOP');
  const asked = [{ actor: world.admin, operation: await askCreate(world) }];
  for (const one of here.slice(0, 3)) {
    const { owner: actor } = world;
    const id = one.containerId;
    const deed = roll(3);
    const operation =
      one.power !== 'running'
        ? await startContainer(actor, id)
        : deed === 0
          ? await restartContainer(actor, id, { timeoutMs: 5_000 })
          : deed === 1
            ? await createBackup(actor, id, { note: '' })
            : await reinstallContainer(actor, id, { keepOld: true, reset: false });
    asked.push({ actor, operation });
  }
  return asked.map(
    ({ actor, operation }) =>
      () =>
        succeeded(actor, operation),
  );
}

export function countActive(world: PanelWorld): Promise<number> {
  return asActor(system, (tx) =>
    tx.$count(operations, sql`${operations.state} in ('queued', 'running', 'undoing', 'stuck')`),
  ).finally(() => world);
}

type Truth = Awaited<ReturnType<PanelWorld['truth']>>;

/** On the host nothing has happened: same containers, volumes, generations, boots, forwards. */
export function expectUntouched(before: Truth, after: Truth): void {
  expect([...after.values()]).toEqual([...before.values()]);
}

/**
 * After a restore: everything on the host is known once, as a container equal to the host's record or as an orphan; nothing is
 * under way. Then orphans are adopted (the last one ignored and adopted after all), and the host obeys every container's next order.
 */
export async function expectWhole(world: PanelWorld, truth: Truth): Promise<{ orphaned: number; missing: number }> {
  expect(await countActive(world)).toBe(0);
  const rows = await asActor(system, (tx) => tx.select().from(containers).where(isNull(containers.deletedAt)));
  const known = new Map(rows.map((row) => [row.id, row]));
  const expected = [...truth.keys()].filter((id) => !known.has(id)).sort();
  await expect
    .poll(async () => (await listOrphans(world.admin)).items.map((one) => one.id).sort(), { timeout: 20_000 })
    .toEqual(expected);
  for (const [id, record] of truth) {
    const row = known.get(id);
    if (row === undefined) continue;
    const { generation, volumeId, resources, hostname, address, desired } = record;
    expect(row).toMatchObject({ generation, volumeId, resources, hostname, address, desired });
    const forwards = await asActor(system, (tx) =>
      tx.select().from(portForwards).where(eq(portForwards.containerId, id)),
    );
    const ports = (list: readonly { hostPort: number }[]) => list.map((one) => one.hostPort).sort();
    expect(ports(forwards)).toEqual(ports(record.forwards));
  }
  const { items } = await listOrphans(world.admin);
  for (const [i, orphan] of items.entries()) {
    if (i === items.length - 1) {
      await ignoreOrphan(world.admin, orphan.id, true);
      const [row] = await asActor(system, (tx) => tx.select().from(orphans).where(eq(orphans.containerId, orphan.id)));
      expect(row?.state).toBe('ignored');
    }
    const [plan] = await asActor(system, (tx) => tx.select().from(plans).limit(1));
    const adopted = await adoptOrphan(world.admin, orphan.id, { planId: orphan.planId ?? plan?.id ?? '' });
    expect(adopted).toMatchObject({ id: orphan.id, tenantId: orphan.tenantId });
  }
  expect((await listOrphans(world.admin)).items).toEqual([]);
  for (const [id, record] of truth) {
    await toggle(world, id);
    expect((await world.host.item(id))?.generation).toBe(record.generation + 1);
  }
  // What was deleted after the copy is not on the host: an administrator deletes it here too.
  const missing = [...known.keys()].filter((id) => !truth.has(id));
  for (const id of missing) {
    expect(await stateOf(id)).toBe('unknown');
    await succeeded(world.admin, await removeContainer(world.admin, id));
  }
  expect([...(await world.truth()).keys()].sort()).toEqual([...truth.keys()].sort());
  return { orphaned: items.length, missing: missing.length };
}
