import { and, eq, ne, not, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, hasPermission, ofContainer } from '#lib/access/authorize.ts';
import type { Backup, BackupQuery } from '#lib/contract/backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { pageSize } from '#lib/contract/lists.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { newestFirst } from '#lib/db/cursor.ts';
import { between, contains } from '#lib/db/filters.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { within } from '#lib/db/scope.ts';
import { presentBackup, selectBackups } from './present.ts';

type Query = Partial<z.infer<typeof BackupQuery>>;
type Page = { items: Backup[]; nextCursor: string | null };

const order = newestFirst(backups.createdAt, backups.id);

async function page(tx: Tx, actor: Actor, query: Query, which: SQL | undefined): Promise<Page> {
  const limit = query.limit ?? pageSize;
  const removed = eq(backups.state, 'removed');
  const shown =
    query.removed === true || query.state === 'removed' ? removed : and(ne(backups.state, 'deleted'), not(removed));
  const rows = await selectBackups(tx)
    .where(
      and(
        shown,
        which,
        query.state === undefined ? undefined : eq(backups.state, query.state),
        query.tenantId === undefined ? undefined : eq(backups.tenantId, query.tenantId),
        contains(query.q, backups.name, containers.name),
        between(backups.createdAt, query),
        order.after(query.cursor),
      ),
    )
    .orderBy(...order.by)
    .limit(limit + 1);
  const cut = order.cut(rows, limit, ({ backup }) => ({ key: backup.createdAt, id: backup.id }));
  return {
    items: cut.page.map((row) => presentBackup(row, hasPermission(actor, 'backup.test', row.backup))),
    nextCursor: cut.nextCursor,
  };
}

/** Backups of one container, newest first; also of one that is deleted. */
export async function listBackups(actor: Actor, containerId: string, query: Query): Promise<Page> {
  authorize(actor, 'backup.read');
  return await asActor(actor, async (tx) => {
    const [container] = await tx.select().from(containers).where(eq(containers.id, containerId));
    if (container === undefined) throw new BerthError('not_found');
    authorize(actor, 'backup.read', ofContainer(container));
    return await page(tx, actor, query, eq(backups.containerId, containerId));
  });
}

/** Backups of all containers within the actor's scope, newest first. */
export async function listAllBackups(actor: Actor, query: Query): Promise<Page> {
  authorize(actor, 'backup.read');
  return await asActor(actor, (tx) =>
    page(tx, actor, query, within(actor, 'backup.read', { tenant: backups.tenantId, container: backups.containerId })),
  );
}

/** One backup that this person may know of. */
export async function getBackup(actor: Actor, id: string): Promise<Backup> {
  authorize(actor, 'backup.read');
  return await asActor(actor, async (tx) => {
    const [row] = await selectBackups(tx).where(and(eq(backups.id, id), ne(backups.state, 'deleted')));
    if (row === undefined) throw new BerthError('not_found');
    authorize(actor, 'backup.read', row.backup);
    return presentBackup(row, hasPermission(actor, 'backup.test', row.backup));
  });
}
