import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { placeContainer, silentAfterMs } from '#lib/containers/place.ts';
import { withActor } from '#lib/db/client.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { hostTemplates } from '#lib/db/schema/templates.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';

let portal: TestPortal;
let world: World;
beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
});
afterAll(() => portal.stop());

const place = () =>
  withActor(portal.super, systemActor('test'), (tx) =>
    placeContainer(tx, { templateId: world.ids.template, diskBytes: 1 }),
  );
const host = (values: Partial<typeof hosts.$inferInsert>) =>
  withActor(portal.super, systemActor('test'), (tx) =>
    tx.update(hosts).set(values).where(eq(hosts.id, world.ids.host)),
  );

it('sends nobody to build a template that a late server has', async () => {
  await host({ lastSeenAt: new Date(Date.now() - silentAfterMs - 1) });
  await expect(place()).rejects.toMatchObject({
    code: 'host_unreachable',
    outside: { remedy: expect.stringContaining('Try again') },
  });
  await host({ status: 'disabled' });
  await expect(place()).rejects.toMatchObject({ code: 'state', message: expect.stringContaining('disabled') });
});

it('does so when no server has it', async () => {
  await host({ status: 'ok', lastSeenAt: new Date() });
  await expect(place()).rejects.toMatchObject({ code: 'no_space' }); // it has not told its pool yet
  await withActor(portal.super, systemActor('test'), (tx) => tx.delete(hostTemplates));
  await expect(place()).rejects.toMatchObject({
    code: 'state',
    outside: { remedy: 'Build the template on a server first.' },
  });
});
