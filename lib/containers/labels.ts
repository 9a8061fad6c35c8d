import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, ofContainer } from '#lib/access/authorize.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { Container } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { type ChangeLabels, type LabelInUse, type LabelQuery, Labels, type SetLabels } from '#lib/contract/roles.ts';
import { asActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { within } from '#lib/db/scope.ts';
import { publish } from '#lib/events/publish.ts';
import { refuseStale } from '#lib/http/edition.ts';
import { getContainer, shownContainer } from './get.ts';

/** Labels that one list of them shows. */
const mostLabels = 500;

/** Sets a container's labels. Whoever has a role over a label reaches the container from then on, and no longer where it went. */
export async function setLabels(actor: Actor, id: string, { labels }: z.infer<typeof SetLabels>): Promise<Container> {
  return await relabel(actor, id, () => labels);
}

/** Adds and removes some, whatever the others are: two who do so at the same time do not undo each other. Throws `invalid` beyond 20. */
export async function changeLabels(
  actor: Actor,
  id: string,
  { add, remove }: z.infer<typeof ChangeLabels>,
): Promise<Container> {
  return await relabel(actor, id, (before) => {
    const wanted = Labels.safeParse([...before.filter((one) => !remove.includes(one)), ...add]);
    if (wanted.success) return wanted.data;
    throw new BerthError('invalid', undefined, {
      issues: [{ path: 'add', message: 'a container has 20 labels at most' }],
      cause: wanted.error,
    });
  });
}

async function relabel(actor: Actor, id: string, change: (before: string[]) => string[]): Promise<Container> {
  authorize(actor, 'container.label');
  await asActor(actor, async (tx) => {
    const [container] = await tx.select().from(containers).where(eq(containers.id, id)).for('update');
    if (container === undefined || container.deletedAt !== null) throw new BerthError('not_found');
    authorize(actor, 'container.label', ofContainer(container));
    const { tenantId, name, labels: before } = container;
    const labels = change(before);
    await refuseStale('container', () => shownContainer(tx, actor, id));
    await tx.update(containers).set({ labels }).where(eq(containers.id, id));
    await publish(tx, { type: 'container', tenantId, containerId: id });
    await writeAudit(tx, actor, {
      verb: 'container.label',
      ...{ tenantId, targetKind: 'container', targetId: id, targetName: name },
      detail: { labels, before },
    });
  });
  return await getContainer(actor, id);
}

/** Labels in use on containers within the actor's scope, in order, and on how many of these. */
export async function listLabels(
  actor: Actor,
  { tenantId }: z.infer<typeof LabelQuery>,
): Promise<{ items: LabelInUse[]; nextCursor: null }> {
  authorize(actor, 'container.read');
  const items = await asActor(actor, async (tx) => {
    const label = sql<string>`unnest(${containers.labels})`.as('label');
    const each = tx
      .select({ label })
      .from(containers)
      .where(
        and(
          isNull(containers.deletedAt),
          within(actor, 'container.read', { tenant: containers.tenantId, container: containers.id }),
          tenantId === undefined ? undefined : eq(containers.tenantId, tenantId),
        ),
      )
      .as('each');
    return await tx
      .select({ label: each.label, containers: sql<number>`count(*)::int` })
      .from(each)
      .groupBy(each.label)
      .orderBy(asc(each.label))
      .limit(mostLabels);
  });
  return { items, nextCursor: null };
}
