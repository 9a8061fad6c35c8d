import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/db/client.ts';

/** A template that was withdrawn by mistake can be offered again for so long, before its layers go. */
const afterWithdrawal = sql`interval '1 day'`;

/** What can be restored, or had back, or may yet be: not those that never came to be, and not those that are gone for good. */
const backupLives = sql`b.state not in ('failed', 'deleted')`;

/**
 * The digests of all layers that something names, in order: every template that is offered or was withdrawn less than a day ago, or that
 * a container is on (one that is deleted too, while it can be had back), a kept volume, a snapshot, an orphan, a backup, or an operation
 * that has not ended; and what backups and orphans name themselves. It is the same for every host: a backup may be restored on any.
 */
export async function layersInUse(tx: Tx): Promise<string[]> {
  const { rows } = await tx.execute<{ digest: string }>(sql`
    with used as (
      select t.layers from templates t
      where t.withdrawn_at is null or t.withdrawn_at > now() - ${afterWithdrawal}
        or exists (select from containers c where c.template_id = t.id
          and (c.deleted_at is null or c.undelete_until is not null))
        or exists (select from retained_volumes r where r.template_id = t.id and r.consumed_at is null)
        or exists (select from snapshots s where s.template_id = t.id and s.state not in ('failed', 'deleted'))
        or exists (select from orphans o where o.template_id = t.id)
        or exists (select from backups b where b.template_id = t.id and ${backupLives})
        or exists (select from operations o where o.input->>'templateId' = t.id::text
          and o.state in ('queued', 'running', 'undoing', 'stuck'))
      union all
      select b.template->'layers' from backups b where b.template is not null and ${backupLives}
      union all
      select o.record->'template'->'layers' from orphans o
    )
    select distinct jsonb_array_elements_text(layers) as digest from used order by digest`);
  return rows.map((row) => row.digest);
}
