/** The daily collection of layers on a real host: what nothing names is gone from the pool, what a backup names stays for as long as that. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import { createBackup } from '#lib/backups/create.ts';
import { listBackups } from '#lib/backups/list.ts';
import { restoreBackup } from '#lib/backups/restore.ts';
import { createContainer } from '#lib/containers/create.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { undeleteContainer } from '#lib/containers/undelete.ts';
import { CreateContainer } from '#lib/contract/containers.ts';
import { setDatabase, type Tx, withActor } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { hostTemplates, templates } from '#lib/db/schema/templates.ts';
import { describe as describeHost } from '#lib/hosts/observe.ts';
import { collectLayers } from '#lib/templates/collect.ts';
import { getTemplate } from '#lib/templates/list.ts';
import { offerTemplate } from '#lib/templates/offer.ts';
import { type Bench, startBench, succeeded } from '#tests/support/operations.ts';

let bench: Bench;
let agents: Agents;

beforeAll(async () => {
  bench = await startBench('real');
  agents = new Agents(bench.agent.made.identities.worker, bench.agent.made.signers.worker);
}, 120_000);
afterAll(async () => {
  agents?.close();
  await bench?.stop();
});

const asSuper = <T>(work: (tx: Tx) => Promise<T>) => withActor(bench.portal.super, systemActor('test'), work);
const fileOf = (layer: string) => join(bench.agent.config.poolPath, 'layers', `${layer.replace('sha256:', '')}.erofs`);
const dayAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

/** Waits for a collection: that of this process, or of the worker's own loop, should it be the first to see that the host's turn has come. */
async function collected(over: () => boolean): Promise<void> {
  const { hostId } = bench.agent;
  const layers = join(bench.agent.config.poolPath, 'layers');
  for (const name of readdirSync(layers)) utimesSync(join(layers, name), dayAgo(2), dayAgo(2));
  await describeHost(bench.portal.worker, hostId, await bench.agent.host());
  await asSuper((tx) => tx.update(hosts).set({ collectLayersAt: null }).where(eq(hosts.id, hostId)));
  setDatabase(bench.portal.worker);
  const log = { warn: (detail: Record<string, unknown>) => console.warn(detail) };
  await collectLayers({ agents, signer: agents.signer, log }).finally(() => setDatabase(bench.portal.web));
  for (const end = Date.now() + 20_000; !over() && Date.now() < end; ) await sleep(50);
}

it('takes a layer that nothing names, and that of a withdrawn template only after its last backup', async () => {
  const { admin, owner, world, agent } = bench;
  const templateId = world.ids.template;
  const [layer = ''] = (await getTemplate(admin, templateId)).layers;
  const content = Buffer.from('what a template that is forgotten left');
  const stray = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const wish = { name: 'web', tenantId: world.ids.a, planId: world.ids.plan, templateId };
  const made = await succeeded(admin, await createContainer(admin, CreateContainer.parse(wish)));
  const id = made.containerId ?? '';
  await succeeded(owner, await createBackup(owner, id, {}));
  await succeeded(admin, await removeContainer(admin, id));
  await offerTemplate(admin, templateId, { offered: false });
  await asSuper((tx) =>
    tx
      .update(templates)
      .set({ withdrawnAt: dayAgo(2) })
      .where(eq(templates.id, templateId)),
  );

  writeFileSync(fileOf(stray), content);
  await collected(() => !existsSync(fileOf(stray)));
  expect([existsSync(fileOf(stray)), existsSync(fileOf(layer))]).toEqual([false, true]);

  // It is had back on the layer that stayed, and restored; then it is gone for good, with its backup.
  await succeeded(admin, await undeleteContainer(admin, id, { start: true, acceptNewAddress: true }));
  const [backup] = (await listBackups(owner, id, {})).items;
  await succeeded(owner, await restoreBackup(owner, backup?.id ?? ''));
  expect(await execInContainer(owner, id, { argv: ['cat', '/etc/hostname'], timeoutMs: 5_000 })).toMatchObject({
    stdout: 'web\n',
  });
  await succeeded(admin, await removeContainer(admin, id));
  await collected(() => true);
  expect(existsSync(fileOf(layer))).toBe(true);
  await asSuper(async (tx) => {
    await tx.update(containers).set({ undeleteUntil: null }).where(eq(containers.id, id));
    await tx.update(backups).set({ state: 'deleted' });
  });
  await collected(() => !existsSync(fileOf(layer)));
  expect(existsSync(fileOf(layer))).toBe(false);
  expect((await agent.host()).layers).toEqual([]);
  expect(await asSuper((tx) => tx.select().from(hostTemplates).where(eq(hostTemplates.hostId, agent.hostId)))).toEqual(
    [],
  );
}, 300_000);
