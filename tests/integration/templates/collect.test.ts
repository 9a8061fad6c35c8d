/** The daily collection of layers that nothing names, on the simulated host. */
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { hostInfo } from '#agent/inventory.ts';
import { systemActor } from '#lib/access/actor.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import { createContainer } from '#lib/containers/create.ts';
import { CreateContainer } from '#lib/contract/containers.ts';
import { setDatabase, type Tx, withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { hostTemplates, templates } from '#lib/db/schema/templates.ts';
import { describe as describeHost } from '#lib/hosts/observe.ts';
import { buildTemplate } from '#lib/templates/build.ts';
import { collectLayers } from '#lib/templates/collect.ts';
import { getTemplate } from '#lib/templates/list.ts';
import { offerTemplate } from '#lib/templates/offer.ts';
import { type SimBench, startSimBench } from '../../support/sim-bench.ts';

const asSystem = systemActor('test');
const hourMs = 3_600_000;
let bench: SimBench;
let agents: Agents;
let hostId: string;
const warned: Record<string, unknown>[] = [];

beforeAll(async () => {
  bench = await startSimBench();
  const { made } = bench.host;
  agents = new Agents(made.made.identities.worker, made.made.signers.worker);
  hostId = made.hostId;
});
afterAll(async () => {
  agents?.close();
  await bench?.stop();
});

const asSuper = <T>(work: (tx: Tx) => Promise<T>) => withActor(bench.portal.super, asSystem, work);
const layerOf = async (id: string) => (await getTemplate(bench.admin, id)).layers[0] ?? '';
const there = () => Object.keys(bench.host.world.disk.layers);
const heldHere = (templateId: string) =>
  asSuper((tx) =>
    tx
      .select()
      .from(hostTemplates)
      .where(and(eq(hostTemplates.hostId, hostId), eq(hostTemplates.templateId, templateId))),
  );
const collections = () => asSuper((tx) => tx.select().from(auditLog).where(eq(auditLog.verb, 'host.layers-collected')));

/** As the host tells every half minute. */
const tell = () => describeHost(bench.portal.worker, hostId, hostInfo(bench.host.core));
const due = () => asSuper((tx) => tx.update(hosts).set({ collectLayersAt: null }).where(eq(hosts.id, hostId)));

/** As `workers` at the same time. */
async function collect(workers = 1): Promise<void> {
  const log = { warn: (detail: Record<string, unknown>) => void warned.push(detail) };
  const tools = { agents, signer: agents.signer, log };
  setDatabase(bench.portal.worker);
  await Promise.all(Array.from({ length: workers }, () => collectLayers(tools))).finally(() =>
    setDatabase(bench.portal.web),
  );
}

/** The host has had all of its layers for so long. */
function age(hours = 48): void {
  for (const layer of Object.values(bench.host.world.disk.layers)) layer.since = Date.now() - hours * hourMs;
}

const withdrawn = (id: string, hours = 48) =>
  asSuper((tx) =>
    tx
      .update(templates)
      .set({ withdrawnAt: new Date(Date.now() - hours * hourMs) })
      .where(eq(templates.id, id)),
  );

/** Debian, built, on the host, and offered. */
beforeEach(async () => {
  warned.length = 0;
  const built = await bench.run(await buildTemplate(bench.admin, { name: 'debian-12', hostId }));
  expect(built).toMatchObject({ state: 'succeeded', result: { templateId: bench.templateIds.debian } });
  age();
  await tell();
  await due();
});

it('takes from the host what nothing names, writes it down, and comes back after a day', async () => {
  const { debian, tiny } = bench.templateIds;
  const [layer, other] = [await layerOf(debian), await layerOf(tiny)];
  await collect();
  expect(there()).toEqual(expect.arrayContaining([layer, other]));
  await due();
  await withdrawn(debian);
  await collect();
  expect(there()).not.toContain(layer);
  expect(there()).toContain(other);
  expect([await heldHere(debian), (await heldHere(tiny)).length]).toEqual([[], 1]);
  expect((await collections()).at(-1)).toMatchObject({
    targetId: hostId,
    targetName: 'host-2',
    detail: { layers: [layer], freedBytes: expect.any(Number) },
  });
  const [host] = await asSuper((tx) => tx.select().from(hosts).where(eq(hosts.id, hostId)));
  expect((host?.collectLayersAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(23 * hourMs);
  // One more, which has to wait for the next day.
  bench.host.world.disk.layers[layer] = { bytes: 1, template: 'debian-12', since: 0 };
  await tell();
  await collect();
  expect(there()).toContain(layer);
  await due();
  await collect();
  expect(there()).not.toContain(layer);
});

it('asks a host once, however many workers look, and none that has nothing to give', async () => {
  const orders = vi.spyOn(agents, 'to');
  await collect();
  expect(orders).not.toHaveBeenCalled();
  await due();
  await withdrawn(bench.templateIds.debian);
  await collect(3);
  expect(orders).toHaveBeenCalledTimes(1);
  orders.mockRestore();
});

it('leaves what has come to the host within a day', async () => {
  const { debian } = bench.templateIds;
  const layer = await layerOf(debian);
  await withdrawn(debian);
  age(23);
  await collect();
  expect(there()).toContain(layer);
  expect((await heldHere(debian)).length).toBe(1);
  await due();
  age(25);
  await collect();
  expect(there()).not.toContain(layer);
});

it('leaves what a build of the same content is just bringing, and building offers again', async () => {
  const { debian } = bench.templateIds;
  const layer = await layerOf(debian);
  await withdrawn(debian);
  // It reaches the host before the collection, and the panel hears of its end only after it.
  await bench.host.core.adapters.templates.build('debian-12', bench.host.core.adapters.layers, () => undefined);
  await collect();
  expect(there()).toContain(layer);
  const built = await bench.run(await buildTemplate(bench.admin, { name: 'debian-12', hostId }));
  expect(built).toMatchObject({ state: 'succeeded', result: { templateId: debian } });
  expect(await getTemplate(bench.admin, debian)).toMatchObject({ offered: true });
});

it('asks no host where a template is being built', async () => {
  const { debian } = bench.templateIds;
  const layer = await layerOf(debian);
  await withdrawn(debian);
  const building = await buildTemplate(bench.admin, { name: 'tiny', hostId });
  await collect();
  expect(there()).toContain(layer);
  expect(await bench.run(building)).toMatchObject({ state: 'succeeded' });
  await collect();
  expect(there()).not.toContain(layer);
});

it('leaves what a container is on, that the panel knows of or not', async () => {
  const { admin, world, templateIds, planIds } = bench;
  const { debian } = templateIds;
  const layer = await layerOf(debian);
  const wish = { name: 'on-it', tenantId: world.ids.a, planId: planIds.small, templateId: debian, start: false };
  expect(await bench.run(await createContainer(admin, CreateContainer.parse(wish)))).toMatchObject({
    state: 'succeeded',
  });
  await offerTemplate(admin, debian, { offered: false });
  await withdrawn(debian);
  await due();
  await collect();
  expect(there()).toContain(layer);
  // As after a restore of an older copy of the panel: its rows do not know of the container, its host does.
  const on = (templateId: string) =>
    asSuper((tx) => tx.update(containers).set({ templateId }).where(eq(containers.name, 'on-it')));
  await on(templateIds.tiny);
  await due();
  await collect();
  expect(there()).toContain(layer);
  await on(debian);
});

it('asks a host again in an hour that does not answer', async () => {
  const { debian } = bench.templateIds;
  await withdrawn(debian);
  const [host] = await asSuper((tx) => tx.select().from(hosts).where(eq(hosts.id, hostId)));
  const at = (address: string) => asSuper((tx) => tx.update(hosts).set({ address }).where(eq(hosts.id, hostId)));
  // Another layer that nothing names, for debian has a container by now.
  bench.host.world.disk.layers[`sha256:${'0'.repeat(64)}`] = { bytes: 1, template: 'none', since: 0 };
  await tell();
  await at('https://127.0.0.1:1');
  await collect();
  await at(host?.address ?? '');
  expect(warned).toMatchObject([{ hostId }]);
  const [after] = await asSuper((tx) => tx.select().from(hosts).where(eq(hosts.id, hostId)));
  const inMs = (after?.collectLayersAt?.getTime() ?? 0) - Date.now();
  expect([inMs > 50 * 60_000, inMs <= hourMs]).toEqual([true, true]);
});
