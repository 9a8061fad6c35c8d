/**
 * A portal over a simulated host in one process: real PostgreSQL, real verbs, real workflows and real agent actions. Operations
 * are put in line as always, but taken out of it by the test, which stores the answers of their steps itself instead of DBOS:
 * the saga and the steps are the same code ({@link runAttempt}).
 */
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { hostInfo } from '#agent/inventory.ts';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import type { Patience } from '#lib/agent-client/actions.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { hostTemplates, templates } from '#lib/db/schema/templates.ts';
import { describe as describeHost } from '#lib/hosts/observe.ts';
import { cancelOperation } from '#lib/operations/cancel.ts';
import { getOperation } from '#lib/operations/get.ts';
import { setSealKey } from '#lib/secrets/sealed-values.ts';
import { setServices } from '#lib/services.ts';
import type { ExecutionTools } from '#lib/workflows/execution.ts';
import { runAttempt } from '#lib/workflows/run.ts';
import { Died, Faults, FaultyAgents, faultyAdapters, faultyJournal } from './faults.ts';
import { actorFor, seedWorld, smallResources, startPortal, type TestPortal, type World } from './portal.ts';
import { type SimHost, startSimHost } from './sim-host.ts';

export type SimBench = {
  portal: TestPortal;
  world: World;
  host: SimHost;
  faults: Faults;
  owner: UserActor;
  admin: UserActor;
  /** Two templates that the host has, and two plans, the second larger. */
  templateIds: { tiny: string; debian: string };
  planIds: { small: string; large: string };
  /** Runs the present attempt of what was asked for to its end, over however many deaths of the worker. */
  run(asked: Operation, beforeStep?: () => Promise<void>): Promise<Operation>;
  stop(): Promise<void>;
};

const patient: Patience = { unreachableMs: 10_000, idleMs: 10_000, retries: 0, totalMs: 60_000 };
const impatient: Patience = { ...patient, unreachableMs: -1 };

export async function startSimBench(): Promise<SimBench> {
  const portal = await startPortal();
  const world = await seedWorld(portal);
  const faults = new Faults();
  const host = await startSimHost((adapters) => faultyAdapters(adapters, faults));
  setDatabase(portal.web);
  setSealKey(randomBytes(32));
  const { identities, signers } = host.made.made;
  const agents = new FaultyAgents(identities.worker, signers.worker, faults);
  const log = { warn: () => undefined };
  const web = new Agents(identities.web, signers.web);
  setServices({ agents: web, queue: { enqueue: async () => undefined }, log });
  const tools: ExecutionTools = {
    db: portal.worker,
    agents,
    executorId: 'test',
    signer: signers.worker,
    mayAct: async () => undefined,
    keys: { kek: randomBytes(32), recoveryPassword: randomBytes(24).toString('base64url') },
    patience: patient,
    log,
  };
  const built = {
    tiny: await build(host, 'tiny'),
    debian: await build(host, 'debian-12'),
  };
  const templateIds = { tiny: world.ids.template, debian: uuidv7() };
  const planIds = { small: world.ids.plan, large: uuidv7() };
  const hostId = host.made.hostId;
  await withActor(portal.super, systemActor('test'), async (tx) => {
    await tx.update(hosts).set({ status: 'disabled' });
    const address = `https://127.0.0.1:${host.server.port}`;
    // Heard of far in the future: nobody watches this host, and it is there all the same.
    const lastSeenAt = new Date(Date.now() + 86_400_000);
    await tx.insert(hosts).values({ id: hostId, name: 'host-2', address, status: 'ok', lastSeenAt });
    await tx.update(containers).set({ deletedAt: new Date() });
    await tx.update(templates).set({ layers: built.tiny.layers, init: built.tiny.init });
    await tx.insert(templates).values({ id: templateIds.debian, title: 'Debian 12', bytes: 1, ...built.debian });
    await tx.insert(hostTemplates).values(Object.values(templateIds).map((templateId) => ({ hostId, templateId })));
    await tx.update(backupLocations).set({ path: `${host.made.config.backupRoot}/default` });
    const resources = { ...smallResources, cpuCores: 1, diskBytes: smallResources.diskBytes * 2 };
    const limits = { maxBackups: 10, maxForwards: 10, retentionHours: 24 };
    await tx.insert(plans).values({ id: planIds.large, name: 'Large', resources, ...limits });
  });
  // What the product reads of the engine's tables: that this worker has the operation.
  await portal.super.$client.query(
    `create schema dbos; grant usage on schema dbos to berth_worker;
     create table dbos.workflow_status (workflow_uuid text primary key, status text, executor_id text);
     grant select, update on dbos.workflow_status to berth_worker`,
  );
  await describeHost(portal.worker, hostId, hostInfo(host.core));
  const admin = actorFor(world, 'admin');

  async function run(asked: Operation, beforeStep?: () => Promise<void>): Promise<Operation> {
    const cancel = async () => {
      await cancelOperation(admin, asked.id).catch(() => undefined);
    };
    const once = faultyJournal(faults, cancel, beforeStep);
    const { attempt } = await getOperation(admin, asked.id);
    const taken = `insert into dbos.workflow_status values ($1, 'PENDING', 'test')`;
    await portal.super.$client.query(taken, [`${asked.id}.${attempt}`]);
    for (;;) {
      try {
        const patience = faults.patient ? patient : impatient;
        await runAttempt({ ...tools, patience }, asked.id, attempt, once);
        return await getOperation(admin, asked.id);
      } catch (error) {
        if (!(error instanceof Died)) throw error;
      }
    }
  }

  return {
    portal,
    world,
    host,
    faults,
    owner: actorFor(world, 'ownerA'),
    admin,
    templateIds,
    planIds,
    run,
    stop: async () => {
      agents.close();
      web.close();
      await host.stop();
      await portal.stop();
    },
  };
}

async function build(host: SimHost, name: string) {
  const { template } = await host.core.adapters.templates.build(name, host.core.adapters.layers, () => undefined);
  return template;
}
