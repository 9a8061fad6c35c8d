import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createDb, withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations, sealedValues } from '#lib/db/schema/operations.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';

let portal: TestPortal;
let world: World;

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
});
afterAll(() => portal.stop());

const names = async (who: keyof World['people']) =>
  (await withActor(portal.web, actorFor(world, who), (tx) => tx.select().from(containers))).map((row) => row.name);

describe('row-level security', () => {
  it('is forced on every table that has a tenant, and on every way in', async () => {
    const { rows } = await portal.super.execute(sql`
      select c.relname, c.relrowsecurity and c.relforcerowsecurity as forced from pg_class c
      join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r'
      and (c.relname in ('tenants', 'sessions', 'api_tokens', 'login_tokens', 'sealed_values', 'authenticators',
          'recovery_codes', 'security_policy', 'passkeys', 'passkey_challenges', 'identities', 'identity_visits')
        or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname in ('tenant_id', 'reseller_id')))`);
    expect(rows.length).toBeGreaterThanOrEqual(14);
    expect(rows.filter((row) => row.forced !== true)).toEqual([]);
  });

  it('binds roles that can neither bypass it nor own the tables', async () => {
    const { rows } = await portal.super.execute(sql`
      select rolname, rolbypassrls or rolsuper as bypass, (select count(*)::int from pg_class where relowner = r.oid) as owns
      from pg_roles r where rolname in ('berth_web', 'berth_worker') order by 1`);
    expect(rows).toEqual([
      { rolname: 'berth_web', bypass: false, owns: 0 },
      { rolname: 'berth_worker', bypass: false, owns: 0 },
    ]);
  });

  it('shows each person the containers in their scope', async () => {
    expect(await names('ownerA')).toEqual(['web-a']);
    expect(await names('memberB')).toEqual(['web-b']);
    expect(await names('reseller')).toEqual(['web-a']);
    expect((await names('admin')).sort()).toEqual(['web-a', 'web-b']);
  });

  it('shows nothing and takes nothing when nobody is named', async () => {
    expect(await portal.web.select().from(containers)).toEqual([]);
    expect(await portal.owner.select().from(tenants)).toEqual([]);
    await expect(
      portal.worker
        .insert(operations)
        .values({ kind: 'start', lock: 'exclusive', actorKind: 'system', actorName: 'x' }),
    ).rejects.toMatchObject({ cause: { message: expect.stringContaining('row-level security') } });
  });

  it('refuses to write into another tenant', async () => {
    const b = world.containers.b;
    const changed = await withActor(portal.web, actorFor(world, 'ownerA'), (tx) =>
      tx.update(containers).set({ name: 'mine' }).where(eq(containers.id, b.id)).returning(),
    );
    expect(changed).toEqual([]);
    const insert = withActor(portal.web, actorFor(world, 'ownerA'), (tx) =>
      tx.insert(operations).values({
        kind: 'start',
        lock: 'exclusive',
        containerId: b.id,
        tenantId: b.tenantId,
        actorKind: 'user',
        actorId: world.people.ownerA.id,
        actorName: 'a',
      }),
    );
    await expect(insert).rejects.toMatchObject({ cause: { message: expect.stringContaining('row-level security') } });
  });

  it('lets a pooled connection carry no actor on, also after an error', async () => {
    const one = createDb(portal.pg.webUrl, { max: 1 });
    const failed = withActor(one, actorFor(world, 'ownerA'), async (tx) => {
      expect(await tx.select().from(containers)).toHaveLength(1);
      await tx.execute(sql`select 1 / 0`);
    });
    await expect(failed).rejects.toThrow();
    expect(await one.select().from(containers)).toEqual([]);
    await expect(
      withActor(one, actorFor(world, 'admin'), async () => {
        throw new Error('in between');
      }),
    ).rejects.toThrow('in between');
    expect(await one.select().from(containers)).toEqual([]);
    expect(await withActor(one, actorFor(world, 'ownerB'), (tx) => tx.select().from(containers))).toHaveLength(1);
    await one.$client.end();
  });

  it('allows one exclusive operation per container, and others beside it', async () => {
    const a = world.containers.a;
    const put = (lock: 'exclusive' | 'background' | 'emergency') =>
      withActor(portal.web, actorFor(world, 'ownerA'), (tx) =>
        tx.insert(operations).values({
          kind: 'start',
          lock,
          containerId: a.id,
          tenantId: a.tenantId,
          hostId: a.hostId,
          actorKind: 'user',
          actorId: world.people.ownerA.id,
          actorName: 'a',
        }),
      );
    const results = await Promise.allSettled([put('exclusive'), put('exclusive'), put('exclusive')]);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    await put('background');
    await put('emergency');
  });

  it('keeps the audit record append-only and other people’s ways in unseen', async () => {
    const admin = actorFor(world, 'admin');
    await withActor(portal.web, admin, (tx) =>
      tx.insert(auditLog).values({
        actorKind: 'user',
        actorId: admin.userId,
        actorName: 'admin',
        verb: 'test',
        outcome: 'allowed',
        targetKind: 'none',
      }),
    );
    await expect(withActor(portal.web, admin, (tx) => tx.delete(auditLog))).rejects.toThrow();
    await expect(
      withActor(portal.super, systemActor('test'), (tx) => tx.update(auditLog).set({ verb: 'x' })),
    ).rejects.toMatchObject({ cause: { message: expect.stringContaining('append-only') } });
    await expect(
      withActor(portal.web, actorFor(world, 'ownerA'), (tx) => tx.update(users).set({ role: 'provider-admin' })),
    ).rejects.toMatchObject({ cause: { message: expect.stringContaining('permission denied') } });
    const renamed = await withActor(portal.web, admin, (tx) =>
      tx.update(users).set({ passwordHash: 'x' }).where(eq(users.id, world.people.ownerA.id)).returning(),
    );
    expect(renamed).toEqual([]);
  });

  it('lets the web put secrets in and never take them out', async () => {
    const owner = actorFor(world, 'ownerA');
    await withActor(portal.web, owner, (tx) =>
      tx.insert(sealedValues).values({ ciphertext: 'x', expiresAt: new Date(Date.now() + 60_000) }),
    );
    await expect(withActor(portal.web, owner, (tx) => tx.select().from(sealedValues))).rejects.toThrow();
    const taken = await withActor(portal.worker, systemActor('test'), (tx) => tx.select().from(sealedValues));
    expect(taken).toHaveLength(1);
  });
});
