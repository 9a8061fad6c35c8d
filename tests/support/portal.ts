import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import type { HostInfo } from '#lib/contract/agent-state.ts';
import type { Resources } from '#lib/contract/fields.ts';
import type { Role } from '#lib/contract/roles.ts';
import { createDb, type Db, setDatabase, withActor } from '#lib/db/client.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { hostTemplates, templates } from '#lib/db/schema/templates.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import { personWith } from './actor.ts';
import { type PostgresOptions, startPostgres, type TestPostgres } from './postgres.ts';

/** An empty portal: migrated database, one connection pool per role. `web` is the process's database. */
export type TestPortal = {
  pg: TestPostgres;
  owner: Db;
  web: Db;
  worker: Db;
  super: Db;
  stop(): Promise<void>;
};

export async function startPortal(options: PostgresOptions = {}): Promise<TestPortal> {
  return connectPortal(await startPostgres({ ...options, migrated: true }));
}

/** The same for a database that is migrated already. */
export function connectPortal(pg: TestPostgres): TestPortal {
  const owner = createDb(pg.ownerUrl, { max: 2 });
  const [web, worker, superuser] = [createDb(pg.webUrl), createDb(pg.workerUrl), createDb(pg.superUrl, { max: 2 })];
  setDatabase(web);
  const stop = async () => {
    await Promise.all([owner, web, worker, superuser].map((db) => db.$client.end()));
    await pg.stop();
  };
  return { pg, owner, web, worker, super: superuser, stop };
}

export const smallResources: Resources = {
  cpuCores: 0.5,
  cpuShares: 1024,
  memoryBytes: 128 * 1024 * 1024,
  pids: 200,
  diskBytes: 1024 * 1024 * 1024,
  inodes: 100_000,
};

export type World = Awaited<ReturnType<typeof seedWorld>>;

/** What an agent says of its host, which has room for everything. */
export const roomyHost = (hostId: string): HostInfo => ({
  ...{ hostId, hostname: 'h', kernel: '6', cpus: 2, memoryBytes: 2 ** 33, layers: [], simulated: false },
  pool: {
    ...{ driver: 'image', path: '/p', sizeBytes: 2 ** 50, usedBytes: 0, reservedBytes: 0, keptFreeBytes: 0 },
    reflinks: true,
  },
  ...{ cgroups: 'v1' as const, engine: {}, forwardAddress: '127.0.0.1', forwardPorts: { first: 20_000, last: 20_100 } },
});

/** For a host of the tables alone: it has room, and is not silent before a test is over, however slow that is. */
export async function giveRoom(portal: TestPortal, hostId: string): Promise<void> {
  const seen = { info: roomyHost(hostId), lastSeenAt: new Date(Date.now() + 3_600_000) };
  await withActor(portal.super, systemActor('test'), (tx) => tx.update(hosts).set(seen).where(eq(hosts.id, hostId)));
}

/**
 * One host, plan, template and backup location; tenants `a` (a reseller's) and `b` (the provider's own), each with an
 * owner, a member and one container that was made and runs; staff of every role. Written as the database's superuser.
 */
export async function seedWorld(portal: TestPortal) {
  return withActor(portal.super, systemActor('test'), async (tx) => {
    const ids = { host: v7(), plan: v7(), template: v7(), location: v7(), reseller: v7(), a: v7(), b: v7() };
    await tx.insert(hosts).values({
      id: ids.host,
      name: 'host-1',
      address: 'https://127.0.0.1:1',
      status: 'ok',
      lastSeenAt: new Date(),
    });
    await tx.insert(plans).values({
      id: ids.plan,
      name: 'Small',
      resources: smallResources,
      maxBackups: 10,
      maxForwards: 10,
      retentionHours: 24,
    });
    const layers = [`sha256:${'a'.repeat(64)}`];
    await tx
      .insert(templates)
      .values({ id: ids.template, name: 'tiny', version: '1', title: 'Tiny', init: 'busybox', layers, bytes: 1000 });
    await tx.insert(hostTemplates).values({ hostId: ids.host, templateId: ids.template });
    await tx
      .insert(backupLocations)
      .values({ id: ids.location, name: 'This server', kind: 'directory', path: '/nowhere', offsite: false });
    await tx.insert(tenants).values([
      { id: ids.reseller, kind: 'reseller', name: 'Reseller' },
      { id: ids.a, name: 'Tenant A', resellerId: ids.reseller },
      { id: ids.b, name: 'Tenant B' },
    ]);
    const person = (role: Role, tenantId: string | null, name: string) => ({
      id: v7(),
      role,
      tenantId,
      name,
      email: `${name}@example.test`,
    });
    const people = {
      admin: person('provider-admin', null, 'admin'),
      support: person('support', null, 'support'),
      reseller: person('reseller-owner', ids.reseller, 'reseller'),
      ownerA: person('tenant-owner', ids.a, 'owner-a'),
      memberA: person('tenant-operator', ids.a, 'member-a'),
      ownerB: person('tenant-owner', ids.b, 'owner-b'),
      memberB: person('tenant-operator', ids.b, 'member-b'),
    };
    await tx.insert(users).values(Object.values(people));
    const container = (tenantId: string, name: string) => ({
      id: v7(),
      tenantId,
      hostId: ids.host,
      planId: ids.plan,
      templateId: ids.template,
      name,
      hostname: name,
      resources: smallResources,
      volumeId: v7(),
      address: '10.0.0.2',
      idBase: 1_879_048_192,
      createdOnHostAt: new Date(),
      desired: 'running' as const,
      observedPower: 'running' as const,
      observedAt: new Date(),
      observedSince: new Date(),
    });
    const made = { a: container(ids.a, 'web-a'), b: container(ids.b, 'web-b') };
    await tx.insert(containers).values(Object.values(made));
    return { ids, people, containers: made };
  });
}

/** The actor a signed-in person is, without a sign-in. A reseller reaches its own tenant and `a`. */
export function actorFor(world: World, who: keyof World['people']): UserActor {
  const person = world.people[who];
  const below = person.role === 'reseller-owner' ? [world.ids.a] : [];
  const { id: userId, name, email } = person;
  return { ...personWith(person.role, person.tenantId, below), userId, name, email };
}
