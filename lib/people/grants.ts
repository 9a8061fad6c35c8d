import { and, eq, inArray, isNull, like, or } from 'drizzle-orm';
import type { UserActor } from '../access/actor.ts';
import { lacking } from '../access/grant.ts';
import { audienceOf, policy, scopesOf } from '../access/policy.ts';
import { BerthError } from '../contract/errors.ts';
import { Id } from '../contract/ids.ts';
import type { Grant } from '../contract/members.ts';
import { type Permission, permissions } from '../contract/permissions.ts';
import { Role, roleWords, type ScopeKind } from '../contract/roles.ts';
import type { Tx } from '../db/client.ts';
import { containers } from '../db/schema/containers.ts';
import { roles, type StoredGrant } from '../db/schema/people.ts';
import { tenants } from '../db/schema/tenants.ts';
import { type AssignmentRow, toAssignment } from './rights.ts';

/** In which roles are given; without an id: the installation, among the provider's staff. */
type Account = Pick<typeof tenants.$inferSelect, 'id' | 'kind' | 'resellerId'> | { id: null; kind: 'provider' };

/**
 * Judges roles that somebody wants to give in an account. Throws `invalid` for what cannot be given there, and `forbidden` for
 * what the giver does not have over all that it would reach.
 */
export async function judgeGrants(
  tx: Tx,
  actor: UserActor,
  account: Account,
  wanted: readonly Grant[],
): Promise<StoredGrant[]> {
  const judged: StoredGrant[] = [];
  for (const [n, grant] of wanted.entries()) {
    const at = `roles.${n}`;
    const { role, customRoleId, rights } = await roleOf(tx, account, grant.role, at);
    if (audienceOf(role) !== account.kind)
      throw invalid(`${at}.role`, `${roleWords[role].title} is not for this kind of account`);
    const scope: ScopeKind = grant.scope ?? scopesOf[role][0];
    const possible: readonly ScopeKind[] = scopesOf[role];
    if (!possible.includes(scope))
      throw invalid(`${at}.scope`, `${roleWords[role].title} is given over: ${possible.join(', ')}`);
    const labels = scope === 'labels' ? (grant.labels ?? []) : [];
    if (scope === 'labels' && labels.length === 0) throw invalid(`${at}.labels`, 'name at least one');
    const containerId = scope === 'container' ? (grant.containerId ?? null) : null;
    if (scope === 'container') await refuseForeign(tx, account, containerId, at);
    const over = await overWhich(tx, account, scope, grant.tenantId, at);
    refuseLacking(actor, rights, { scope, tenantId: over ?? account.id, labels, containerId });
    judged.push({ role, customRoleId, scope, labels, containerId, ...(over === undefined ? {} : { tenantId: over }) });
  }
  return judged;
}

/** Staff can be given a role over one of the accounts that they look after: which; undefined: it is over the one it is given in. */
async function overWhich(
  tx: Tx,
  account: Account,
  scope: ScopeKind,
  wanted: string | undefined,
  at: string,
): Promise<string | undefined> {
  const less =
    account.kind === 'provider' ? scope !== 'installation' : account.kind === 'reseller' && scope === 'tenant';
  if (!less) {
    if (wanted === undefined || wanted === account.id) return undefined;
    throw invalid(`${at}.tenantId`, 'is for staff whose role is over less than all');
  }
  const kind = scope === 'reseller' ? ('reseller' as const) : ('tenant' as const);
  const [found] =
    wanted === undefined
      ? []
      : await tx
          .select({ id: tenants.id })
          .from(tenants)
          .where(
            and(
              ...[eq(tenants.id, wanted), eq(tenants.kind, kind)],
              account.id === null ? undefined : eq(tenants.resellerId, account.id),
            ),
          );
  if (found === undefined) throw invalid(`${at}.tenantId`, `name a ${kind} of yours`);
  return found.id;
}

/** Whoever could not give these roles does not take them either. */
export function refuseStronger(actor: UserActor, rows: readonly AssignmentRow[]): void {
  for (const held of rows.map(toAssignment)) {
    if (lacking(actor, held.permissions, held).length > 0) {
      throw new BerthError('forbidden', 'They may do what you may not, so somebody else has to decide about them.');
    }
  }
}

async function roleOf(tx: Tx, account: Account, name: string, at: string) {
  const builtIn = Role.safeParse(name);
  if (builtIn.success) return { role: builtIn.data, customRoleId: null, rights: policy[builtIn.data] };
  const id = Id.safeParse(name);
  const [row] = id.success
    ? await tx
        .select()
        .from(roles)
        .where(and(eq(roles.id, id.data), usableIn(account)))
    : [];
  if (row === undefined) throw invalid(`${at}.role`, 'is not a role of this account');
  const base: ReadonlySet<Permission> = policy[row.base];
  return { role: row.base, customRoleId: row.id, rights: new Set(row.permissions.filter((one) => base.has(one))) };
}

/** Its own roles; in a reseller's tenant also those that the reseller has made for its tenants' people. */
function usableIn(account: Account) {
  if (account.id === null) return isNull(roles.tenantId);
  const own = eq(roles.tenantId, account.id);
  if (account.resellerId === null) return own;
  return or(own, and(eq(roles.tenantId, account.resellerId), like(roles.base, 'tenant-%')));
}

async function refuseForeign(tx: Tx, { id: tenantId }: Account, containerId: string | null, at: string): Promise<void> {
  const found =
    containerId === null || tenantId === null
      ? []
      : await tx
          .select({ id: containers.id })
          .from(containers)
          .where(and(inArray(containers.id, [containerId]), eq(containers.tenantId, tenantId)));
  if (found.length === 0) throw invalid(`${at}.containerId`, 'is not a container of this account');
}

/** Nobody gives what they do not have. */
function refuseLacking(actor: UserActor, rights: Iterable<Permission>, over: Parameters<typeof lacking>[2]): void {
  const missing = lacking(actor, rights, over);
  if (missing.length === 0) return;
  const words = missing.map((one) => permissions[one].toLowerCase()).join('; ');
  throw new BerthError('forbidden', `Nobody can give what they do not have: ${words}.`);
}

function invalid(path: string, message: string): BerthError {
  return new BerthError('invalid', undefined, { issues: [{ path, message }] });
}
