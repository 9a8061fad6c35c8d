/** Fifty at once for what there is once, or so many times; and taking a right away while it is used. */

import { and, eq, inArray, isNull, like, sql } from 'drizzle-orm';
import { encode } from 'next-auth/jwt';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInWithLink } from '#lib/auth/link-sign-in.ts';
import { issueLoginToken } from '#lib/auth/links.ts';
import { openSession } from '#lib/auth/sessions.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import type { RouteName } from '#lib/contract/routes.ts';
import { attachmentLimits } from '#lib/contract/tickets.ts';
import { brandHosts } from '#lib/db/schema/brands.ts';
import { containers, holds } from '#lib/db/schema/containers.ts';
import { deviceLogins } from '#lib/db/schema/device-logins.ts';
import { authenticators } from '#lib/db/schema/factors.ts';
import { imports } from '#lib/db/schema/imports.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { assignments } from '#lib/db/schema/people.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { apiTokens, sessions } from '#lib/db/schema/sessions.ts';
import { accessConsents, ticketAttachments, tickets } from '#lib/db/schema/tickets.ts';
import { users } from '#lib/db/schema/users.ts';
import { giveRoom } from '#tests/support/portal.ts';
import { Frozen } from '../authz/frozen.ts';
import { type Asked, makePlace, type Place } from './place.ts';

const crowd = 50;
let place: Place;
let frozen: Frozen;
beforeAll(async () => {
  place = await makePlace();
  await giveRoom(place.portal, place.world.ids.host);
  frozen = await Frozen.take(place.portal.super);
});
afterAll(() => place?.stop());

type Who = Parameters<Place['send']>[1];
/** The codes of fifty answers, counted; `ok` for those that did it. */
async function fifty(name: RouteName, who: Who | ((n: number) => Who), made: (n: number) => Asked) {
  const answers = await Promise.all(
    Array.from({ length: crowd }, (_, n) => place.send(name, typeof who === 'function' ? who(n) : who, made(n))),
  );
  const codes = answers.map(({ status, json }) => (status < 400 ? 'ok' : String((json as { code: string }).code)));
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return { counts, answers };
}
const fitting = (name: RouteName) => place.fitting(name);

describe('of fifty at once', () => {
  it('one takes an invitation up, and one account is made', async () => {
    await place.send('members.add', 'ownerA', fitting('members.add'));
    const email = 'invited@example.test';
    const [mail] = await place.asSystem((tx) => tx.select().from(outbox).where(like(outbox.recipient, email)));
    const token = /token=([\w-]{20,})/.exec(mail?.body ?? '')?.[1];
    const { counts } = await fifty('invitations.accept', null, (n) => ({
      body: { token, name: `Somebody ${n}`, password: 'a password that is long' },
    }));
    expect(counts).toEqual({ ok: 1, not_found: crowd - 1 });
    const made = await place.asSystem((tx) => tx.select().from(users).where(eq(users.email, email)));
    const given = await place.asSystem((tx) =>
      tx
        .select()
        .from(assignments)
        .where(
          inArray(
            assignments.userId,
            made.map(({ id }) => id),
          ),
        ),
    );
    expect([made.length, given.length]).toEqual([1, 1]);
    await frozen.restore();
  });

  it('one sets a password by a link, and one signs in by one', async () => {
    const { id } = place.world.people.memberA;
    const [reset, link] = await place.asSystem(async (tx) => [
      await issueLoginToken(tx, id, 'reset'),
      await issueLoginToken(tx, id, 'sign-in'),
    ]);
    const { counts } = await fifty('password.redeemReset', null, (n) => ({
      body: { token: reset, password: `a new password ${n}` },
    }));
    expect(counts).toEqual({ ok: 1, not_found: crowd - 1 });
    const visitor = { address: '192.0.2.1', userAgent: 'test' };
    const keys = await Promise.all(Array.from({ length: crowd }, () => signInWithLink(link ?? '', visitor)));
    expect(keys.filter((key) => key !== undefined)).toHaveLength(1);
    const opened = await place.asSystem((tx) => tx.select().from(sessions).where(eq(sessions.userId, id)));
    expect(opened.filter(({ revokedAt }) => revokedAt === null)).toHaveLength(1);
    await frozen.restore();
  });

  it('one decides about a program, and one is given its token', async () => {
    const { json } = await place.send('device.start', null, fitting('device.start'));
    const { deviceCode, userCode } = json as { deviceCode: string; userCode: string };
    const cookies = await Promise.all((['ownerA', 'memberA'] as const).map(cookieOf));
    // Guesses are limited to thirty a person.
    const { counts } = await fifty('device.decide', null, (n) => ({
      body: { userCode, approve: true },
      headers: { cookie: cookies[n % 2] ?? '', origin: 'http://panel.test' },
    }));
    expect(counts).toEqual({ ok: 1, not_found: crowd - 1 });
    const [row] = await place.asSystem((tx) => tx.select().from(deviceLogins));
    expect([row?.deniedAt, row?.approvedAt !== null]).toEqual([null, true]);
    const polled = await fifty('device.poll', null, () => ({ body: { deviceCode } }));
    expect(polled.counts).toEqual({ ok: 1, not_found: crowd - 1 });
    const given = await place.asSystem((tx) =>
      tx
        .select()
        .from(apiTokens)
        .where(eq(apiTokens.name, row?.name ?? '')),
    );
    expect(given).toHaveLength(1);
    await frozen.restore();
  });

  it('as many containers are made as the plan has places', async () => {
    const [row] = await place.asSystem((tx) =>
      tx.select({ n: sql<number>`count(*)::int` }).from(containers).where(ofA()),
    );
    const here = row?.n ?? 0;
    const most = here + 7;
    await place.asSystem((tx) =>
      tx.update(plans).set({ maxContainers: most }).where(eq(plans.id, place.world.ids.plan)),
    );
    const { counts } = await fifty('containers.create', 'admin', (n) => ({
      body: { ...(fitting('containers.create').body as object), name: `fresh-${n}` },
    }));
    expect(counts).toEqual({ ok: 7, plan_limit: crowd - 7 });
    const now = await place.asSystem((tx) => tx.select().from(containers).where(ofA()));
    expect(now).toHaveLength(most);
    await frozen.restore();
  });

  it('three uploads are open, whatever plans they are for', async () => {
    const other = v7();
    await place.asSystem(async (tx) => {
      const [plan] = await tx.select().from(plans).where(eq(plans.id, place.world.ids.plan));
      if (plan !== undefined) await tx.insert(plans).values({ ...plan, id: other, name: 'Other' });
      await tx.delete(imports).where(eq(imports.tenantId, place.world.ids.a));
    });
    const { counts } = await fifty('imports.start', 'admin', (n) => ({
      body: { tenantId: place.world.ids.a, planId: n % 2 === 0 ? other : place.world.ids.plan, sizeBytes: 1024 },
    }));
    expect(counts).toEqual({ ok: 3, plan_limit: crowd - 3 });
    await frozen.restore();
  });

  it('one backup of a container is begun, one start, one retry, one undo', async () => {
    const { a } = place.objects;
    for (const [name, about] of [
      ['backups.create', a.running],
      ['containers.start', a.stopped],
      ['operations.retry', a.failed],
      ['operations.undo', a.undoable],
    ] as const) {
      const { counts } = await fifty(name, 'ownerA', () => fitting(name));
      expect([
        name,
        counts.ok,
        (counts.ok ?? 0) + (counts.already ?? 0) + (counts.busy ?? 0) + (counts.state ?? 0),
      ]).toEqual([name, 1, crowd]);
      expect(about).not.toBe('');
      await frozen.restore();
    }
  });

  it('an emergency is approved by as many as it takes, each of whom counts once', async () => {
    const id = place.objects.a.emergency;
    const { counts } = await fifty('consents.approve', 'admin', () => ({ params: { id } }));
    const live = async () =>
      (await place.asSystem((tx) => tx.select().from(accessConsents).where(eq(accessConsents.id, id))))[0];
    expect(counts.ok).toBe(1);
    expect([(await live())?.approvals.length, (await live())?.grantedAt ?? null]).toEqual([1, null]);
    await frozen.restore();
  });

  it('one request to look inside is made by one person; it is granted once, and none that was refused is granted', async () => {
    const { ticket, look } = place.objects.a;
    const asked = await fifty('tickets.requestAccess', 'support', () => fitting('tickets.requestAccess'));
    expect(asked.counts).toEqual({ ok: 1, already: crowd - 1 });
    const open = await place.asSystem((tx) =>
      tx
        .select()
        .from(accessConsents)
        .where(
          and(
            eq(accessConsents.ticketId, ticket),
            eq(accessConsents.staffId, place.world.people.support.id),
            isNull(accessConsents.endedAt),
          ),
        ),
    );
    expect(open).toHaveLength(1);
    const granted = await fifty('consents.grant', 'ownerA', () => ({ params: { id: look }, body: {} }));
    expect(granted.counts).toEqual({ ok: 1, already: crowd - 1 });
    await frozen.restore();
    const both = await Promise.all(
      Array.from({ length: crowd }, (_, n) =>
        place.send(n % 2 === 0 ? 'consents.grant' : 'consents.revoke', 'ownerA', {
          params: { id: look },
          ...(n % 2 === 0 ? { body: {} } : {}),
        }),
      ),
    );
    expect(both.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(2);
    const [end] = await place.asSystem((tx) => tx.select().from(accessConsents).where(eq(accessConsents.id, look)));
    expect(end?.endedAt).not.toBeNull();
    await frozen.restore();
  });

  it('a brand has twenty names at most, a name is claimed once by a brand, and has one owner', async () => {
    const { reseller } = place.objects.a;
    const count = async () =>
      (await place.asSystem((tx) => tx.select().from(brandHosts).where(eq(brandHosts.resellerId, reseller)))).length;
    const same = await fifty('brands.addHost', 'reseller', () => ({
      params: { id: reseller },
      body: { host: 'one.example.test' },
    }));
    expect(same.counts).toEqual({ ok: 1, conflict: crowd - 1 });
    const before = await count();
    const many = await fifty('brands.addHost', 'reseller', (n) => ({
      params: { id: reseller },
      body: { host: `n${n}.example.test` },
    }));
    expect(many.counts).toEqual({ ok: 20 - before, conflict: crowd - 20 + before });
    expect(await count()).toBe(20);
    const host = place.objects.a.brandHost;
    const [row] = await place.asSystem((tx) => tx.select().from(brandHosts).where(eq(brandHosts.id, host)));
    const rival = v7();
    await place
      .asSystem(async (tx) => {
        await tx.update(brandHosts).set({ challenge: 'matrix', provenAt: null }).where(eq(brandHosts.id, host));
        await tx
          .insert(brandHosts)
          .values({ id: rival, resellerId: place.objects.b.reseller, host: row?.host ?? '', challenge: 'matrix' });
      })
      .catch(() => undefined);
    const proven = await fifty('brands.proveHost', 'admin', (n) => ({
      params: n % 2 === 0 ? { id: reseller, hostId: host } : { id: place.objects.b.reseller, hostId: rival },
      body: {},
    }));
    expect(proven.counts.internal).toBeUndefined();
    const owners = await place.asSystem((tx) =>
      tx
        .select()
        .from(brandHosts)
        .where(eq(brandHosts.host, row?.host ?? '')),
    );
    expect(owners.filter(({ provenAt }) => provenAt !== null)).toHaveLength(1);
    await frozen.restore();
  });

  it(`a ticket holds ${attachmentLimits.count} files, and is approved once`, async () => {
    const { ticket } = place.objects.a;
    const [had] = await place.asSystem((tx) =>
      tx
        .select({ n: sql<number>`count(*)::int` })
        .from(ticketAttachments)
        .where(eq(ticketAttachments.ticketId, ticket)),
    );
    const files = await fifty('tickets.attach', 'ownerA', () => fitting('tickets.attach'));
    const free = attachmentLimits.count - (had?.n ?? 0);
    expect(files.counts).toEqual({ ok: free, plan_limit: crowd - free });
    const approved = await fifty('tickets.approve', 'reseller', () => fitting('tickets.approve'));
    expect(approved.counts.ok).toBe(1);
    const [row] = await place.asSystem((tx) => tx.select().from(tickets).where(eq(tickets.id, ticket)));
    const asked = await place.asSystem((tx) =>
      tx
        .select()
        .from(operations)
        .where(and(eq(operations.kind, 'configure'), eq(operations.containerId, row?.containerId ?? ''))),
    );
    expect(asked).toHaveLength(1);
    await frozen.restore();
  });

  it('one hold of a reason is placed, one orphan becomes one container', async () => {
    const { running, orphan } = place.objects.a;
    const placed = await fifty('holds.place', 'admin', () => fitting('holds.place'));
    expect(placed.counts.internal).toBeUndefined();
    const live = await place.asSystem((tx) =>
      tx
        .select()
        .from(holds)
        .where(and(eq(holds.containerId, running), eq(holds.reason, 'billing'), isNull(holds.liftedAt))),
    );
    expect(live).toHaveLength(1);
    const adopted = await fifty('orphans.adopt', 'admin', () => fitting('orphans.adopt'));
    expect(adopted.counts.ok).toBe(1);
    expect(adopted.counts.internal).toBeUndefined();
    const made = await place.asSystem((tx) => tx.select().from(containers).where(eq(containers.id, orphan)));
    expect(made.length).toBe(1);
    await frozen.restore();
  });
});

const ofA = () =>
  and(
    eq(containers.tenantId, place.world.ids.a),
    eq(containers.planId, place.world.ids.plan),
    isNull(containers.deletedAt),
  );

async function cookieOf(who: keyof Place['world']['people']): Promise<string> {
  const visitor = { address: 'unknown', userAgent: '' };
  const key = await place.asSystem((tx) => openSession(tx, place.world.people[who].id, visitor));
  return `berth-session=${await encode({ token: { key }, secret: 'x'.repeat(40), salt: 'berth-session' })}`;
}

/**
 * Requests by eight at once until some while after the revocation has answered. `refused`: those that began after its answer and were refused;
 * `through`: those that were not.
 */
async function whileUsed(use: () => Promise<number>, revoke: () => Promise<unknown>) {
  const seen = { before: 0, refused: 0, through: [] as number[] };
  let answeredAt = Number.POSITIVE_INFINITY;
  let over = false;
  const user = async () => {
    while (!over) {
      const began = performance.now();
      const status = await use();
      // 503: as far as the host, which does not exist here. 409: what was asked for is under way by now.
      const done = status < 400 || status === 503;
      if (began < answeredAt) seen.before += done ? 1 : 0;
      else if (done) seen.through.push(status);
      else seen.refused += 1;
    }
  };
  const crew = Array.from({ length: 8 }, user);
  try {
    await new Promise((resolve) => setTimeout(resolve, 150));
    await revoke();
    answeredAt = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 250));
  } finally {
    over = true;
  }
  await Promise.all(crew);
  return seen;
}

describe('after the answer to a revocation nothing goes through', () => {
  const status = async (name: RouteName, who: Who, made: Asked) => (await place.send(name, who, made)).status;
  const ok = async (answer: ReturnType<Place['send']>) => {
    const { status: given, text } = await answer;
    if (given >= 400) throw new Error(text);
  };
  const read = (headers?: Record<string, string>): Asked => ({
    params: { id: place.objects.a.running },
    ...(headers === undefined ? {} : { headers }),
  });
  const cases: Record<string, () => Promise<[use: () => Promise<number>, revoke: () => Promise<unknown>]>> = {
    'a session': async () => {
      const cookie = await cookieOf('memberA');
      const end = { headers: { cookie, origin: 'http://panel.test' } };
      return [
        () => status('containers.get', null, read({ cookie })),
        () => ok(place.send('me.sessions.revokeAll', null, end)),
      ];
    },
    'a token': async () => {
      const id = place.objects.a.token;
      const token = await place.asSystem((tx) => createApiToken(tx, place.world.people.ownerA.id, 'to be revoked'));
      const [row] = await place.asSystem((tx) =>
        tx.select().from(apiTokens).where(eq(apiTokens.name, 'to be revoked')),
      );
      const use = () => status('containers.get', null, read({ authorization: `Bearer ${token}` }));
      return [use, () => ok(place.send('tokens.revoke', 'ownerA', { params: { id: row?.id ?? id } }))];
    },
    'a role that is taken away': async () => {
      const params = { id: place.world.ids.a, memberId: place.world.people.memberA.id };
      return [
        () => status('containers.get', 'memberA', read()),
        () => ok(place.send('members.remove', 'ownerA', { params })),
      ];
    },
    'a role that becomes a smaller one': async () => {
      const params = { id: place.world.ids.a, memberId: place.world.people.memberA.id };
      const body = { roles: [{ role: 'tenant-viewer' }] };
      const use = () => status('containers.exec', 'memberA', { ...read(), body: { argv: ['id'] } });
      return [use, () => ok(place.send('members.change', 'ownerA', { params, body }))];
    },
    'a consent': async () => {
      const params = { id: place.objects.a.look };
      await place.asSystem((tx) =>
        tx
          .update(accessConsents)
          .set({ scopes: ['files'] })
          .where(eq(accessConsents.id, params.id)),
      );
      await ok(place.send('consents.grant', 'ownerA', { params, body: {} }));
      return [
        () => status('files.list', 'support', read()),
        () => ok(place.send('consents.revoke', 'ownerA', { params })),
      ];
    },
    'a hold': async () => {
      const body = { reason: 'abuse', message: 'Stop it.' };
      const use = () => status('containers.exec', 'ownerA', { ...read(), body: { argv: ['id'] } });
      return [use, () => ok(place.send('holds.place', 'admin', { ...read(), body }))];
    },
    'a second factor asked for': async () => {
      const params = { id: place.world.ids.a };
      const body = { requireFactor: true };
      const userId = place.world.people.admin.id;
      await place.asSystem((tx) =>
        tx.insert(authenticators).values({ userId, sealedSecret: 'x', confirmedAt: new Date() }),
      );
      return [
        () => status('containers.get', 'memberA', read()),
        () => ok(place.send('tenants.setSecurity', 'admin', { params, body })),
      ];
    },
  };

  it.each(Object.keys(cases))('%s', async (name) => {
    const [use, revoke] = (await cases[name]?.()) ?? [];
    if (use === undefined || revoke === undefined) throw new Error(name);
    const seen = await whileUsed(use, revoke);
    expect(seen.through).toEqual([]);
    expect(seen.before).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
    await frozen.restore();
  });

  it('and the control: a right that is not taken away goes on', async () => {
    const seen = await whileUsed(
      () => status('containers.get', 'memberA', read()),
      async () => undefined,
    );
    expect(seen.through.length).toBeGreaterThan(0);
  });
});
