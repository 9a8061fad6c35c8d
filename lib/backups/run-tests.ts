import { eq, sql } from 'drizzle-orm';
import { type SystemActor, systemActor } from '#lib/access/actor.ts';
import { hostAnswers } from '#lib/containers/free.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor, type Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { testInput } from './test.ts';
import { noteNotTested, tellOfTests } from './tested.ts';

const scheduler = systemActor('scheduler');
type Tools = { baseUrl: string; log: { warn(detail: Record<string, unknown>, message: string): void } };

/**
 * Begins the restore tests that are due, of each container's newest complete backup that its host reaches (not in a directory of the host it was on before): on each host one at a time, the longest overdue first,
 * and none while anybody's backup, a check or another test is in line or under way there. A container's first is due a day after its first
 * backup. Several workers may do this at the same time.
 */
export async function runTests({ baseUrl, log }: Tools): Promise<void> {
  await tellOfTests(scheduler, baseUrl);
  const due = await asActor(scheduler, async (tx) => {
    await tx.execute(sql`
      insert into backup_care (container_id, tenant_id, next_test_at)
      select c.id, c.tenant_id, min(b.created_at) + interval '1 day'
      from containers c join backups b on b.container_id = c.id and b.state = 'complete'
      where c.deleted_at is null and not exists (select 1 from backup_care k where k.container_id = c.id)
      group by c.id, c.tenant_id
      on conflict do nothing`);
    const found = await tx.execute<{ container_id: string; backup_id: string }>(sql`
      with due as (
        select k.container_id, n.id as backup_id, k.next_test_at,
          row_number() over (partition by c.host_id order by k.next_test_at, k.container_id) as place
        from backup_care k
        join containers c on c.id = k.container_id and c.deleted_at is null
        join hosts h on h.id = c.host_id and ${hostAnswers}
        join lateral (select b.id from backups b join operations made on made.id = b.operation_id
          join repositories r on r.id = b.repository_id join backup_locations l on l.id = r.location_id
          where b.container_id = c.id and b.state = 'complete' and (l.kind <> 'directory' or made.host_id = c.host_id)
          order by b.created_at desc, b.id desc limit 1) n on true
        where k.test_every <> 'never' and k.next_test_at <= now()
          and not exists (select 1 from operations o where o.container_id = c.id and o.kind = 'backup-test' and o.state = 'stuck')
          and not exists (select 1 from operations o where o.host_id = c.host_id
            and o.kind in ('backup-check', 'backup-test', 'backup', 'backup-delete', 'template-build')
            and o.state in ('queued', 'running', 'undoing'))
      ) select container_id, backup_id from due where place = 1 order by next_test_at limit 100`);
    return found.rows;
  });
  for (const { container_id: containerId, backup_id: backupId } of due) {
    const actor: SystemActor = { ...scheduler, name: 'schedule', schedule: containerId };
    try {
      await requestOperation(actor, {
        kind: 'backup-test',
        containerId,
        prepare: async (tx, facts) => {
          // Another worker was first, and it is over already.
          if (!(await isDue(tx, containerId))) throw new BerthError('already');
          return await testInput(tx, facts, backupId);
        },
      });
    } catch (error) {
      if (!(error instanceof BerthError)) log.warn({ err: error, containerId }, 'a restore test was not begun');
      // Later, so that those behind it on its host have their turn.
      else if (error.code !== 'already') await putOff(containerId, error);
    }
  }
}

/** Whether it is still, and nobody else's to begin until the transaction ends. */
async function isDue(tx: Tx, containerId: string): Promise<boolean> {
  const { rows } = await tx.execute(
    sql`select 1 from backup_care where container_id = ${containerId} and next_test_at <= now() for update`,
  );
  return rows.length > 0;
}

async function putOff(containerId: string, why: BerthError): Promise<void> {
  await asActor(scheduler, async (tx) => {
    const [container] = await tx.select().from(containers).where(eq(containers.id, containerId)).for('update');
    if (container !== undefined && (await isDue(tx, containerId))) await noteNotTested(tx, container, why.message);
  });
}
