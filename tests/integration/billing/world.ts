/** A portal whose reseller has a billing token, without a worker: what is put in line stays there until a test ends it. */
import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { getActor } from '#lib/auth/request.ts';
import { createToken } from '#lib/auth/tokens.ts';
import { CreateService } from '#lib/contract/billing.ts';
import type { OperationState } from '#lib/contract/states.ts';
import { withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import { personWith } from '#tests/support/actor.ts';
import { actorFor, giveRoom, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';

type Work<T> = Parameters<typeof withActor<T>>[2];

export class BillingWorld {
  readonly portal: TestPortal;
  readonly world: World;
  readonly logged: string[] = [];
  /** Bearer tokens of both resellers. */
  readonly tokens: { own: string; other: string } = { own: '', other: '' };
  readonly other = { reseller: v7(), owner: v7() };

  private constructor(portal: TestPortal, world: World) {
    this.portal = portal;
    this.world = world;
  }

  static async make(): Promise<BillingWorld> {
    const portal = await startPortal();
    const made = new BillingWorld(portal, await seedWorld(portal));
    quietPanel({ log: { warn: (...words) => void made.logged.push(JSON.stringify(words)) } });
    await made.seed();
    return made;
  }

  private async seed(): Promise<void> {
    const { reseller, owner } = this.other;
    await giveRoom(this.portal, this.world.ids.host);
    await this.asSystem(async (tx) => {
      await tx.insert(tenants).values({ id: reseller, kind: 'reseller', name: 'Other' });
      const person = { role: 'reseller-owner' as const, name: 'other', email: 'other@example.test' };
      await tx.insert(users).values({ id: owner, tenantId: reseller, ...person });
    });
    const wish = { name: 'billing', verbs: ['billing.run' as const] };
    this.tokens.own = (await createToken(actorFor(this.world, 'reseller'), wish)).token;
    const another = { ...personWith('reseller-owner', reseller), userId: owner };
    this.tokens.other = (await createToken(another, wish)).token;
  }

  asSystem<T>(work: Work<T>): Promise<T> {
    return withActor(this.portal.super, systemActor('test'), work);
  }

  /** Who comes with a billing token now. */
  async biller(whose: 'own' | 'other' = 'own'): Promise<UserActor> {
    const actor = await getActor(new Headers({ authorization: `Bearer ${this.tokens[whose]}` }));
    if (actor === undefined) throw new Error('nobody');
    return actor;
  }

  wish(externalServiceId: string, client = externalServiceId): CreateServiceInput {
    const { plan, template } = this.world.ids;
    return CreateService.parse({
      externalServiceId,
      client: { externalId: `client-${client}`, name: `Client ${client}`, email: `${client}@clients.test` },
      ...{ planId: plan, templateId: template },
    });
  }

  /** As a worker would have left it: the operation over, the container there and running or never made. */
  async finish(operationId: string | null, state: OperationState = 'succeeded'): Promise<void> {
    await this.asSystem(async (tx) => {
      const [row] = await tx
        .update(operations)
        .set({ state, endedAt: new Date() })
        .where(eq(operations.id, operationId ?? ''))
        .returning();
      if (row?.containerId == null) throw new Error('no such operation');
      const there = { createdOnHostAt: new Date(), observedPower: 'running' as const };
      const far = { address: '10.0.0.9', idBase: 1_879_048_192, observedAt: new Date(Date.now() + 3_600_000) };
      await tx
        .update(containers)
        .set(state === 'succeeded' ? { ...there, ...far } : { deletedAt: new Date() })
        .where(eq(containers.id, row.containerId));
    });
  }
}

export type CreateServiceInput = ReturnType<typeof CreateService.parse>;
