/** A command that runs inside ends with the right of whoever asked for it, as open consoles do. */
import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { POST as exec } from '#app/api/v1/containers/[id]/exec/route.ts';
import { systemActor } from '#lib/access/actor.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { grantConsent, revokeConsent } from '#lib/consents/decide.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { withActor } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { apiTokens } from '#lib/db/schema/sessions.ts';
import { accessConsents, tickets } from '#lib/db/schema/tickets.ts';
import { users } from '#lib/db/schema/users.ts';
import { liftHold, placeHold } from '#lib/holds/holds.ts';
import { type Bench, startBench } from '#tests/support/operations.ts';
import type { World } from '#tests/support/portal.ts';
import { container } from '#tests/support/scenarios.ts';

let bench: Bench;
let id: string;
const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) =>
  withActor(bench.portal.super, systemActor('test'), work);

beforeAll(async () => {
  bench = await startBench('real');
  id = await container(bench);
});
afterAll(async () => {
  await notifications().close();
  await bench?.stop();
});

const inside = async () =>
  (await execInContainer(bench.owner, id, { argv: ['ps', '-o', 'args'], timeoutMs: 5000 })).stdout;

/** Has somebody run what takes 100 s, takes their right away when it runs, and gives the answer and how long after it came. */
async function cutShort(
  who: keyof World['people'],
  take: (tokenName: string) => Promise<unknown>,
  { key, giveBack }: { key?: string; giveBack?: () => Promise<unknown> } = {},
) {
  const name = v7();
  const token = await asSystem((tx) => createApiToken(tx, bench.world.people[who].id, name));
  const ask = (bearer: string) =>
    exec(
      new Request(`http://panel.test/api/v1/containers/${id}/exec`, {
        method: 'POST',
        body: JSON.stringify({ argv: ['sleep', '100'], timeoutMs: 120_000 }),
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${bearer}`,
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
      }),
      { params: Promise.resolve({ id }) },
    );
  const asked = ask(token);
  await expect.poll(inside, { timeout: 10_000 }).toContain('sleep 100');
  const since = performance.now();
  await take(name);
  const answer = await asked;
  const tookMs = performance.now() - since;
  await giveBack?.();
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  await expect.poll(inside, { timeout: 2000 }).not.toContain('sleep 100');
  expect(tookMs).toBeLessThan(2000);
  return { status: answer.status, ...((await answer.json()) as { code: string; detail: string }), ask };
}

const revoke = (name: string) =>
  asSystem((tx) => tx.update(apiTokens).set({ revokedAt: new Date() }).where(eq(apiTokens.name, name)));

it('ends with a token, and what its key names is not done again', async () => {
  const cut = await cutShort('ownerA', revoke, { key: 'once' });
  expect(cut).toMatchObject({ status: 401, code: 'unauthenticated', detail: expect.stringContaining('was ended') });
  const again = await cut.ask(await asSystem((tx) => createApiToken(tx, bench.world.people.ownerA.id, 'later')));
  expect(again.headers.get('idempotency-replayed')).toBe('true');
});

it('ends with an account that is shut', async () => {
  const { id: userId } = bench.world.people.memberA;
  const disable = (disabledAt: Date | null) =>
    asSystem((tx) => tx.update(users).set({ disabledAt }).where(eq(users.id, userId)));
  const giveBack = () => disable(null);
  expect(await cutShort('memberA', () => disable(new Date()), { giveBack })).toMatchObject({ status: 401 });
});

it('ends with a hold that leaves the container running', async () => {
  const over = { containerId: id };
  const hold = () => placeHold(bench.admin, over, { reason: 'abuse', stop: false, message: 'why' });
  // While it lasts nobody can look whether anything is left inside.
  const giveBack = () => liftHold(bench.admin, over, { reason: 'abuse' });
  const cut = await cutShort('ownerA', hold, { giveBack });
  expect(cut).toMatchObject({ status: 409, code: 'held' });
});

it('ends with the tenant’s consent, which it was run by', async () => {
  const [ticketId, consentId] = [v7(), v7()];
  const { ownerA, support } = bench.world.people;
  const tenantId = bench.world.ids.a;
  await asSystem(async (tx) => {
    await tx.insert(tickets).values({
      ...{ id: ticketId, tenantId, containerId: id, subject: 'Help', level: 'provider', priority: 'normal' },
      ...{ openedById: ownerA.id, openedByName: ownerA.name },
    });
    await tx.insert(accessConsents).values({
      ...{ id: consentId, ticketId, tenantId, containerId: id, staffId: support.id, staffName: 'support' },
      ...{ scopes: ['exec' as const], minutes: 60, reason: 'to see' },
    });
  });
  await grantConsent(bench.owner, consentId, {});
  const cut = await cutShort('support', () => revokeConsent(bench.owner, consentId));
  expect(cut).toMatchObject({ status: 403, code: 'forbidden' });
});
