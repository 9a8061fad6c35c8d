/** Fifty at once, and killed anywhere: what is asked for by one number is there once. */
import { count, eq, inArray } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeServicePlan, suspendService, unsuspendService } from '#lib/billing/change.ts';
import { createService } from '#lib/billing/create.ts';
import { terminateService } from '#lib/billing/terminate.ts';
import { setDatabase } from '#lib/db/client.ts';
import { billingServices } from '#lib/db/schema/billing.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { MortalDatabase } from '#tests/support/mortal.ts';
import { smallResources } from '#tests/support/portal.ts';
import { BillingWorld } from './world.ts';

const crowd = 50;
let w: BillingWorld;
const larger = v7();
beforeAll(async () => {
  w = await BillingWorld.make();
  const limits = { maxBackups: 1, maxForwards: 1, retentionHours: 1 };
  const resources = { ...smallResources, cpuCores: 1 };
  await w.asSystem((tx) => tx.insert(plans).values({ id: larger, name: 'Larger', resources, ...limits }));
});
afterAll(() => w?.portal.stop());

/** What there is of one client: everything, once. */
async function thereIs(client: string) {
  return await w.asSystem(async (tx) => {
    const rows = await tx
      .select()
      .from(billingServices)
      .where(eq(billingServices.externalClientId, `client-${client}`));
    const tenantIds = rows.map(({ tenantId }) => tenantId);
    const made =
      tenantIds.length === 0 ? [] : await tx.select().from(containers).where(inArray(containers.tenantId, tenantIds));
    const asked = await tx
      .select()
      .from(operations)
      .where(inArray(operations.containerId, [...made.map(({ id }) => id), tenantIds[0] ?? '']));
    const named = await tx
      .select({ n: count() })
      .from(tenants)
      .where(eq(tenants.name, `Client ${client}`));
    const mails = await tx
      .select({ n: count() })
      .from(outbox)
      .where(eq(outbox.recipient, `${client}@clients.test`));
    return {
      services: rows.length,
      containers: made.length,
      creates: asked.length,
      tenants: named[0]?.n,
      mails: mails[0]?.n,
    };
  });
}
const once = { services: 1, containers: 1, creates: 1, tenants: 1, mails: 1 };

describe('fifty at the same time', () => {
  it('with one number make one container, and are all told of it', async () => {
    const actor = await w.biller();
    const answers = await Promise.all(Array.from({ length: crowd }, () => createService(actor, w.wish('crowd'))));
    expect(await thereIs('crowd')).toEqual(once);
    expect(new Set(answers.map(({ containerId }) => containerId)).size).toBe(1);
    expect(answers.every(({ state }) => state === 'creating')).toBe(true);
  });

  it('with a number each, of one new client, make one tenant', async () => {
    const actor = await w.biller();
    const made = await Promise.all(
      Array.from({ length: 10 }, (_, n) => createService(actor, w.wish(`many-${n}`, 'many'))),
    );
    expect(new Set(made.map(({ tenantId }) => tenantId)).size).toBe(1);
    expect(await thereIs('many')).toEqual({ services: 10, containers: 10, creates: 10, tenants: 1, mails: 1 });
  });

  it('twenty who suspend, unsuspend and end one: one hold at most, and in the end it is terminated', async () => {
    const actor = await w.biller();
    const made = await createService(actor, w.wish('torn'));
    await w.finish(made.operationId);
    const named = { externalServiceId: 'torn' };
    const verbs = [suspendService, unsuspendService] as const;
    await Promise.all(Array.from({ length: 20 }, (_, n) => (verbs[n % 2] ?? suspendService)(actor, named)));
    const live = await w.asSystem((tx) =>
      tx
        .select()
        .from(holds)
        .where(eq(holds.containerId, made.containerId ?? '')),
    );
    expect(live.filter(({ liftedAt }) => liftedAt === null).length).toBeLessThanOrEqual(1);
    const ends = await Promise.all(Array.from({ length: 10 }, () => terminateService(actor, named)));
    expect(ends.every(({ state }) => state === 'terminating')).toBe(true);
  });
});

describe('killed at any statement', () => {
  it('a repeated create finishes what was begun, and nothing is there twice', async () => {
    const mortal = new MortalDatabase(w.portal.pg.webUrl);
    const actor = await w.biller();
    let cuts = 0;
    try {
      for (let statement = 1; ; statement += 5) {
        const client = `cut-${statement}`;
        setDatabase(mortal.db);
        mortal.dieAt(statement, Math.floor(statement / 5) % 2 === 0);
        const first = await createService(actor, w.wish(client)).catch(() => undefined);
        setDatabase(w.portal.web);
        if (!mortal.dead) {
          expect(first?.state).toBe('creating');
          break;
        }
        cuts += 1;
        const again = await createService(actor, w.wish(client));
        expect({ statement, state: again.state, ...(await thereIs(client)) }).toEqual({
          statement,
          state: 'creating',
          ...once,
        });
      }
    } finally {
      setDatabase(w.portal.web);
      await mortal.db.$client.end();
    }
    console.log(`killed at ${cuts} statements of a create, every fifth`);
    expect(cuts).toBeGreaterThan(10);
  });

  it.each([
    ['suspend', suspendService, 'suspended', []],
    ['change-plan', (actor, named) => changeServicePlan(actor, { ...named, planId: larger }), 'active', ['configure']],
    ['terminate', terminateService, 'terminating', []],
  ] as const satisfies [string, typeof suspendService, string, string[]][])(
    'a repeated %s ends where one would have',
    async (verb, run, state, more) => {
      const mortal = new MortalDatabase(w.portal.pg.webUrl);
      const actor = await w.biller();
      try {
        for (let statement = 1; ; statement += 8) {
          const id = `${verb}-${statement}`;
          setDatabase(w.portal.web);
          const made = await createService(actor, w.wish(id));
          await w.finish(made.operationId);
          setDatabase(mortal.db);
          mortal.dieAt(statement, Math.floor(statement / 5) % 2 === 0);
          await run(actor, { externalServiceId: id }).catch(() => undefined);
          setDatabase(w.portal.web);
          const died = mortal.dead;
          const again = await run(actor, { externalServiceId: id });
          const asked = await w.asSystem((tx) =>
            tx
              .select()
              .from(operations)
              .where(eq(operations.containerId, made.containerId ?? '')),
          );
          const kinds = asked.map(({ kind }) => kind).sort();
          expect({ id, state: again.state, kinds }).toEqual({ id, state, kinds: [...more, 'create'].sort() });
          if (!died) break;
        }
      } finally {
        setDatabase(w.portal.web);
        await mortal.db.$client.end();
      }
    },
  );
});
