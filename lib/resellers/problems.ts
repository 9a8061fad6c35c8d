import { sql } from 'drizzle-orm';
import { tellAdministratorAfter } from '../backups/outcomes.ts';
import { isForSender, recordOfKey } from '../brands/dkim.ts';
import type { ResellerProblem, StateCounts } from '../contract/resellers.ts';
import { observationLimitMs } from '../contract/states.ts';
import type { Tx } from '../db/client.ts';

const shownProblems = 100;
const heardWithin = sql.raw(`interval '${observationLimitMs} milliseconds'`);
const ofReseller = (resellerId: string) =>
  sql`select id, name from tenants where reseller_id = ${resellerId} or id = ${resellerId}`;

type Found = {
  kind: ResellerProblem['kind'];
  thing: string;
  amount: number;
  affected: number;
  tenant: string | null;
  tenantId: string | null;
  since: Date | string;
  operationId: string | null;
  containerId: string | null;
  ticketId: string | null;
};

const titles: Record<ResellerProblem['kind'], (found: Found) => string> = {
  'containers-silent': ({ amount }) =>
    amount === 1 ? 'Nothing is heard of a container' : `Nothing is heard of ${amount} containers`,
  'operation-stuck': ({ thing }) => `An operation on ${thing} is stuck`,
  'container-crashed': ({ thing }) => `${thing} should run, and ended by itself`,
  'backup-damaged': ({ thing, amount }) =>
    amount === 1 ? `A backup of ${thing} is damaged` : `${amount} backups of ${thing} are damaged`,
  'backup-failing': ({ thing, amount }) => `Backups of ${thing} have failed ${amount} times in a row`,
  'ticket-late': ({ thing }) => `“${thing}” waits longer than was promised`,
  'name-unproven': ({ thing }) => `The name ${thing} is not proven, and shows nobody your brand`,
  'mail-key-missing': ({ thing }) => `The record ${thing} is gone: mails leave from the provider’s address, unsigned`,
};

/** What is broken for a reseller's tenants, those that affect most first; in one query, within what the actor may see. */
export async function problemsOf(tx: Tx, resellerId: string): Promise<ResellerProblem[]> {
  const { rows } = await tx.execute<Found>(sql`
    with mine as (${ofReseller(resellerId)}),
    there as (select c.*, m.name as tenant from containers c join mine m on m.id = c.tenant_id where c.deleted_at is null)
    select 'containers-silent' as kind, '' as thing, count(*)::int as amount, count(*)::int as affected, tenant,
      tenant_id as "tenantId", min(observed_at) as since, null::uuid as "operationId",
      case when count(*) = 1 then (array_agg(id))[1] end as "containerId", null::uuid as "ticketId"
    from there where created_on_host_at is not null and (observed_at is null or observed_at < now() - ${heardWithin})
    group by tenant, tenant_id
    union all
    select 'operation-stuck', coalesce(c.name, o.kind), 1, 1, m.name, m.id, coalesce(o.started_at, o.queued_at), o.id, o.container_id, null
    from operations o join mine m on m.id = o.tenant_id left join containers c on c.id = o.container_id where o.state = 'stuck'
    union all
    select 'container-crashed', name, 1, 1, tenant, tenant_id, coalesce(observed_since, created_at), null, id, null from there
    where desired = 'running' and observed_power = 'stopped' and last_exit->>'cause' in ('crash', 'oom', 'unseen')
    union all
    select 'backup-damaged', t.name, count(*)::int, 1, t.tenant, t.tenant_id, min(b.health_at), null, t.id, null
    from backups b join there t on t.id = b.container_id where b.health = 'damaged' and b.state in ('complete', 'removed')
    group by t.id, t.name, t.tenant, t.tenant_id
    union all
    select 'backup-failing', t.name, s.failures, 1, t.tenant, t.tenant_id, coalesce(s.last_run_at, t.created_at), null, t.id, null
    from backup_schedules s join there t on t.id = s.container_id where s.enabled and s.failures >= ${tellAdministratorAfter}
    union all
    select 'ticket-late', k.subject, 1, (k.container_id is not null)::int, m.name, m.id,
      least(case when k.first_answered_at is null then k.first_answer_due_at end, k.solve_due_at), null, null, k.id
    from tickets k join mine m on m.id = k.tenant_id where k.state = 'open' and k.level = 'reseller'
      and least(case when k.first_answered_at is null then k.first_answer_due_at end, k.solve_due_at) < now()
    union all
    select 'name-unproven', host, 1, 0, null, null, created_at, null, null, null from brand_hosts
    where reseller_id = ${resellerId} and proven_at is null
    union all
    select 'mail-key-missing', ${recordOfKey}, 1, 0, null, null, missing_since, null, null, null
    from brand_dkim_keys k where reseller_id = ${resellerId} and missing_since is not null and ${isForSender}
    order by affected desc, since limit ${shownProblems}`);
  return rows.map((found) => {
    const { kind, tenant, tenantId, affected, operationId, containerId, ticketId } = found;
    const since = new Date(found.since ?? Date.now()).toISOString();
    return { kind, title: titles[kind](found), tenant, tenantId, since, affected, operationId, containerId, ticketId };
  });
}

/** How many of the containers are what, in one query. */
export async function statesOf(tx: Tx, resellerId: string): Promise<StateCounts> {
  const { rows } = await tx.execute<{ state: string; n: number }>(sql`
    with mine as (${ofReseller(resellerId)})
    select case when c.created_on_host_at is null then 'creating'
      when c.observed_at is null or c.observed_at < now() - ${heardWithin} then 'unknown'
      when c.repair_until is not null then 'repairing'
      when c.observed_power in ('running', 'stopping') then 'running'
      when exists (select from holds h where h.tenant_id = c.tenant_id and h.lifted_at is null
        and (h.container_id = c.id or h.container_id is null)) then 'suspended'
      else 'stopped' end as state, count(*)::int as n
    from containers c where c.deleted_at is null and c.tenant_id in (select id from mine) group by 1`);
  const none: StateCounts = { running: 0, stopped: 0, suspended: 0, repairing: 0, creating: 0, unknown: 0 };
  return { ...none, ...Object.fromEntries(rows.map(({ state, n }) => [state, n])) };
}
