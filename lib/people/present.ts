import { inArray } from 'drizzle-orm';
import type { Assignment as Held } from '../access/actor.ts';
import type { Assignment } from '../contract/roles.ts';
import type { Tx } from '../db/client.ts';
import { containers } from '../db/schema/containers.ts';
import { tenants } from '../db/schema/tenants.ts';

/** Assignments with the names of what they are over, as far as the transaction's actor may know these. Two queries, however many. */
export async function presentAssignments(tx: Tx, list: readonly Held[]): Promise<Assignment[]> {
  const tenantIds = [...new Set(list.flatMap((one) => one.tenantId ?? []))];
  const containerIds = [...new Set(list.flatMap((one) => one.containerId ?? []))];
  const ofTenants =
    tenantIds.length === 0
      ? []
      : await tx.select({ id: tenants.id, name: tenants.name }).from(tenants).where(inArray(tenants.id, tenantIds));
  const ofContainers =
    containerIds.length === 0
      ? []
      : await tx
          .select({ id: containers.id, name: containers.name })
          .from(containers)
          .where(inArray(containers.id, containerIds));
  const names = new Map([...ofTenants, ...ofContainers].map(({ id, name }) => [id, name]));
  return list.map((one) => ({
    id: one.id,
    role: one.role,
    title: one.title,
    scope: one.scope,
    tenantId: one.tenantId,
    tenantName: names.get(one.tenantId ?? '') ?? null,
    labels: [...one.labels],
    containerId: one.containerId,
    containerName: names.get(one.containerId ?? '') ?? null,
  }));
}

/** What an assignment is over, in words: "Example Ltd", "containers of Example Ltd labelled web". */
export function overWhat({ scope, tenantName, labels, containerName }: Assignment): string {
  if (scope === 'installation') return 'the installation';
  if (scope === 'container') return containerName ?? 'a container that is gone';
  const account = tenantName ?? 'an account';
  if (scope === 'labels') return `containers of ${account} labelled ${labels.join(' or ')}`;
  return scope === 'reseller' ? `${account} and its tenants` : account;
}
