import { and, eq, sql } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { hostAnswers } from '#lib/containers/free.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { checkDays } from '#lib/contract/integrity.ts';
import { asActor } from '#lib/db/client.ts';
import { repositoryChecks } from '#lib/db/schema/repository-checks.ts';
import { enqueueOperation, insertOperation } from '#lib/operations/insert.ts';
import { activeCheck } from './check.ts';
import { tellOfDamage } from './tell-damage.ts';

const scheduler = systemActor('scheduler');
type Log = { warn(detail: Record<string, unknown>, message: string): void };

/**
 * Begins the checks that are due: on each host one at a time, the longest overdue first, and none while a person's backup, or a
 * scheduled one, is in line or under way there. A day after the first backup a repository's first part is due; one of which a backup is
 * damaged also as soon as a backup has been made since, for that may have made it whole. Several workers may do this at the same time.
 */
export async function runChecks({ baseUrl, log }: { baseUrl: string; log: Log }): Promise<void> {
  await tellOfDamage(scheduler, baseUrl);
  const due = await asActor(scheduler, async (tx) => {
    await tx.execute(sql`
      insert into repository_checks (repository_id, host_id, tenant_id, next_at)
      select b.repository_id, c.host_id, b.tenant_id, min(b.created_at) + interval '1 day'
      from backups b join containers c on c.id = b.container_id
      where b.state = 'complete'
        and not exists (select 1 from repository_checks r where r.repository_id = b.repository_id and r.host_id = c.host_id)
      group by b.repository_id, c.host_id, b.tenant_id
      on conflict do nothing`);
    const found = await tx.execute<{ repository_id: string; host_id: string }>(sql`
      with due as (
        select r.*, row_number() over (partition by r.host_id order by r.next_at, r.repository_id) as place
        from repository_checks r
        join hosts h on h.id = r.host_id and ${hostAnswers}
        where (r.next_at <= now() or (r.problem is null and exists (
            select 1 from backups d join containers c on c.id = d.container_id and c.host_id = r.host_id
            join operations made on made.id = d.operation_id join repositories p on p.id = d.repository_id
            join backup_locations l on l.id = p.location_id and (l.kind <> 'directory' or made.host_id = r.host_id)
            join backups n on n.repository_id = d.repository_id and n.state = 'complete' and n.verified_at > d.health_at
            where d.repository_id = r.repository_id and d.state in ('complete', 'removed') and d.health = 'damaged')))
          and exists (select 1 from backups b join containers c on c.id = b.container_id and c.host_id = r.host_id
            where b.repository_id = r.repository_id and b.state in ('complete', 'removed'))
          and not exists (select 1 from operations o where o.host_id = r.host_id and o.kind = 'backup-check'
            and o.state = 'stuck' and o.input->>'repositoryId' = r.repository_id::text)
          and not exists (select 1 from operations o where o.host_id = r.host_id
            and o.kind in ('backup-check', 'backup-test', 'backup', 'backup-delete', 'template-build')
            and o.state in ('queued', 'running', 'undoing'))
      ) select repository_id, host_id from due where place = 1 order by next_at limit 100`);
    return found.rows;
  });
  for (const { repository_id: repositoryId, host_id: hostId } of due) {
    try {
      await begin(repositoryId, hostId);
    } catch (error) {
      if (!(error instanceof BerthError)) log.warn({ err: error, repositoryId }, 'a check of backups was not begun');
    }
  }
}

async function begin(repositoryId: string, hostId: string): Promise<void> {
  const here = and(eq(repositoryChecks.repositoryId, repositoryId), eq(repositoryChecks.hostId, hostId));
  const operation = await asActor(scheduler, async (tx) => {
    if ((await activeCheck(tx, repositoryId, hostId)) !== undefined) return null;
    const [row] = await tx.select().from(repositoryChecks).where(here).for('update');
    if (row === undefined) return null;
    return await insertOperation(
      tx,
      { ...scheduler, schedule: repositoryId },
      {
        kind: 'backup-check',
        tenantId: row.tenantId,
        container: null,
        hostId,
        generation: null,
        input: { repositoryId, part: { n: Math.min(row.nextPart, checkDays), of: checkDays } },
      },
    );
  });
  if (operation !== null) await enqueueOperation(operation);
}
