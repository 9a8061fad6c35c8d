import { eq, sql } from 'drizzle-orm';
import { asPortal } from '#lib/containers/ports.ts';
import type { Resources } from '#lib/contract/fields.ts';
import { type Quota, type QuotaKind, type QuotaUse, quotaKinds } from '#lib/contract/resellers.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import type { Tx } from '#lib/db/client.ts';
import { resellerQuotas } from '#lib/db/schema/resellers.ts';
import { takeTurn } from '#lib/db/turn.ts';

export type QuotaRow = typeof resellerQuotas.$inferSelect;

export const noLimits: Quota = {
  ...{ maxContainers: null, cpuCores: null, memoryBytes: null, diskBytes: null, backupBytes: null },
  ...{ hostIds: null, templateIds: null },
};

export function quotaOf(row: QuotaRow | undefined): Quota {
  if (row === undefined) return noLimits;
  const { maxContainers, cpuCores, memoryBytes, diskBytes, backupBytes, hostIds, templateIds } = row;
  return { maxContainers, cpuCores, memoryBytes, diskBytes, backupBytes, hostIds, templateIds };
}

/** What one container takes of its reseller's quota. Infinity: backups without a limit. */
export type Need = Record<QuotaKind, number>;

export function needOf(resources: Resources, plan: { maxBackupBytes: number | null }): Need {
  const { cpuCores, memoryBytes, diskBytes } = resources;
  return { maxContainers: 1, cpuCores, memoryBytes, diskBytes, backupBytes: plan.maxBackupBytes ?? Infinity };
}

/** What is used above the quota. */
export function overQuota(quota: Quota, used: QuotaUse): QuotaKind[] {
  return quotaKinds.filter((kind) => beyond(used[kind] ?? Infinity, quota[kind]));
}

/** Cores are fractions, summed exactly by the database and then made a double: a millionth of a core is nobody's. */
export function beyond(amount: number, limit: number | null): boolean {
  return limit !== null && amount > limit + 1e-6;
}

/** The reseller a tenant belongs to (a reseller belongs to itself), or null for the provider's own. Asked with the portal's eyes. */
export async function resellerOf(tx: Tx, tenantId: string): Promise<string | null> {
  const { rows } = await asPortal(tx, () =>
    tx.execute<{ id: string | null }>(
      sql`select case kind when 'reseller' then id else reseller_id end as id from tenants where id = ${tenantId}`,
    ),
  );
  return rows[0]?.id ?? null;
}

/** Keeps others from counting against a reseller's quota, or changing it, until the transaction ends. */
export async function lockQuota(tx: Tx, resellerId: string): Promise<void> {
  await takeTurn(tx, `quota:${resellerId}`);
}

export async function quotaRow(tx: Tx, resellerId: string): Promise<QuotaRow | undefined> {
  const [row] = await asPortal(tx, () =>
    tx.select().from(resellerQuotas).where(eq(resellerQuotas.resellerId, resellerId)),
  );
  return row;
}

type Sums = {
  resellerId: string;
  containers: number;
  cpu: string;
  memory: string;
  disk: string;
  backups: string;
  endless: boolean;
};

/**
 * What the containers of resellers' tenants take, with the portal's eyes: whoever asks may not see them all. A container that is
 * being moved to another plan counts with the greater of both, so that neither its end nor its undo can exceed anything; so does
 * one that another reseller's tenant is handing over, with both.
 */
export async function usedBy(tx: Tx, resellerIds: readonly string[]): Promise<Map<string, QuotaUse>> {
  if (resellerIds.length === 0) return new Map();
  const ids = sql.join(
    resellerIds.map((id) => sql`${id}::uuid`),
    sql`, `,
  );
  const active = sql.join(
    activeOperationStates.map((state) => sql`${state}`),
    sql`, `,
  );
  const of = (key: string) => sql.raw(`greatest((c.resources->>'${key}')::numeric, (m.resources->>'${key}')::numeric)`);
  const { rows } = await asPortal(tx, () =>
    tx.execute<Sums>(sql`
      select r.id as "resellerId", count(*)::int as containers, sum(${of('cpuCores')})::text as cpu,
        sum(${of('memoryBytes')})::text as memory, sum(${of('diskBytes')})::text as disk,
        coalesce(sum(greatest(p.max_backup_bytes, m.max_backup_bytes)), 0)::text as backups,
        bool_or(p.max_backup_bytes is null or m.endless) as endless
      from tenants r
      join tenants t on t.reseller_id = r.id or t.id = r.id
      join lateral (
        select * from containers h where h.tenant_id = t.id and h.deleted_at is null
        union all
        select g.* from operations o join containers g on g.id = o.container_id join tenants w on w.id = g.tenant_id
        where o.kind = 'handover' and o.state in (${active}) and o.input->>'toTenantId' = t.id::text
          and g.deleted_at is null and w.id <> r.id and w.reseller_id is distinct from r.id
      ) c on true
      join plans p on p.id = c.plan_id
      left join lateral (
        select q.resources, q.max_backup_bytes, q.max_backup_bytes is null as endless
        from operations o join plans q on q.id = (o.input->>'planId')::uuid
        where o.container_id = c.id and o.kind = 'configure' and o.state in (${active}) limit 1
      ) m on true
      where r.id in (${ids}) group by r.id`),
  );
  const none: QuotaUse = { maxContainers: 0, cpuCores: 0, memoryBytes: 0, diskBytes: 0, backupBytes: 0 };
  return new Map(
    resellerIds.map((id) => {
      const row = rows.find((one) => one.resellerId === id);
      if (row === undefined) return [id, none];
      const use: QuotaUse = {
        maxContainers: row.containers,
        cpuCores: Number(row.cpu),
        memoryBytes: Number(row.memory),
        diskBytes: Number(row.disk),
        backupBytes: row.endless ? null : Number(row.backups),
      };
      return [id, use];
    }),
  );
}
