import { asc, eq, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '../access/actor.ts';
import { authorize, ofTenant } from '../access/authorize.ts';
import { lacking, type Over } from '../access/grant.ts';
import { audienceOf, policy, scopesOf } from '../access/policy.ts';
import { writeAudit } from '../audit/write.ts';
import { BerthError } from '../contract/errors.ts';
import { type Permission, permissions } from '../contract/permissions.ts';
import { type CreateRole, mostRoles, Role, type RoleInfo, roleWords } from '../contract/roles.ts';
import { asActor } from '../db/client.ts';
import { isUniqueViolation } from '../db/errors.ts';
import { refuseMoreThan } from '../db/most.ts';
import { roles } from '../db/schema/people.ts';
import { tenants } from '../db/schema/tenants.ts';
import { tellOfPeople } from './tell.ts';

/** The built-in roles, then the custom ones the actor may know of. */
export async function listRoles(actor: UserActor): Promise<{ items: RoleInfo[]; nextCursor: null }> {
  const custom = await asActor(actor, (tx) => tx.select().from(roles).orderBy(asc(roles.title), asc(roles.id)));
  const builtIn = Role.options.map((role) => ({
    role,
    ...roleWords[role],
    builtIn: true,
    base: role,
    tenantId: null,
    permissions: [...policy[role]],
  }));
  return { items: [...builtIn, ...custom.map(presentRole)], nextCursor: null };
}

/**
 * A role with fewer rights than a built-in one. Nobody puts in what they lack themselves, and a later version that takes a right
 * from the built-in one takes it from this one too. Throws `invalid`, `conflict` when the account has one of the title, `plan_limit` beyond {@link mostRoles}.
 */
export async function createRole(actor: UserActor, input: z.infer<typeof CreateRole>): Promise<RoleInfo> {
  authorize(actor, 'role.create');
  const tenantId = input.tenantId ?? actor.tenantId;
  const about = ofTenant(tenantId);
  authorize(actor, 'role.create', about);
  const account = tenantId === null ? null : await accountOf(actor, tenantId);
  const allowed =
    account === null
      ? true
      : account === 'reseller'
        ? audienceOf(input.base) !== 'provider'
        : audienceOf(input.base) === 'tenant';
  if (!allowed) throw invalid('base', 'is not a role of this kind of account');
  const wanted = fewerThan(input.base, input.permissions);
  refuseLacking(actor, wanted, wholeOf(input.base, tenantId));
  try {
    return await asActor(systemActor('role.create'), async (tx) => {
      await refuseMoreThan(tx, {
        turn: `custom roles of ${tenantId}`,
        table: roles,
        where: tenantId === null ? isNull(roles.tenantId) : eq(roles.tenantId, tenantId),
        most: mostRoles,
        detail: `An account has at most ${mostRoles} roles of its own.`,
        remedy: 'Delete a role that is not needed.',
      });
      const { title, about: words, base } = input;
      const [row] = await tx
        .insert(roles)
        .values({ tenantId, title, about: words, base, permissions: wanted })
        .returning();
      if (row === undefined) throw new Error('an insert returned no row');
      await tellOfPeople(tx, tenantId);
      await writeAudit(tx, actor, {
        verb: 'role.create',
        tenantId,
        targetKind: 'role',
        targetId: row.id,
        targetName: title,
        detail: { base, permissions: wanted },
      });
      return presentRole(row);
    });
  } catch (error) {
    throw titleTaken(error);
  }
}

/** An account has no two roles of one title. */
export function titleTaken(error: unknown): unknown {
  if (!isUniqueViolation(error, 'roles_title')) return error;
  return new BerthError('conflict', 'There is a role of this title.', {
    issues: [{ path: 'title', message: 'is taken' }],
    cause: error,
  });
}

/** Rights of a custom role: some of those of the built-in one, not all. */
export function fewerThan(base: Role, permissions: readonly Permission[]): Permission[] {
  const wanted = [...new Set(permissions)];
  const builtIn: ReadonlySet<Permission> = policy[base];
  const beyond = wanted.filter((one) => !builtIn.has(one));
  if (beyond.length > 0) throw invalid('permissions', `${roleWords[base].title} does not have ${beyond.join(', ')}`);
  if (wanted.length === builtIn.size) throw invalid('permissions', 'leave at least one out, or use the built-in role');
  return wanted;
}

/** The most that a role of this base can be given over in the account. */
export function wholeOf(base: Role, tenantId: string | null): Over {
  return { scope: scopesOf[base][0], tenantId, labels: [], containerId: null };
}

/** Nobody gives what they do not have. */
export function refuseLacking(actor: UserActor, rights: Iterable<Permission>, over: Over): void {
  const missing = lacking(actor, rights, over);
  if (missing.length === 0) return;
  const words = missing.map((one) => permissions[one].toLowerCase()).join('; ');
  throw new BerthError('forbidden', `Nobody can give what they do not have: ${words}.`);
}

async function accountOf(actor: UserActor, tenantId: string): Promise<'reseller' | 'tenant'> {
  const [found] = await asActor(actor, (tx) =>
    tx.select({ kind: tenants.kind }).from(tenants).where(eq(tenants.id, tenantId)),
  );
  if (found === undefined) throw new BerthError('not_found');
  return found.kind;
}

function invalid(path: string, message: string): BerthError {
  return new BerthError('invalid', undefined, { issues: [{ path, message }] });
}

export function presentRole(row: typeof roles.$inferSelect): RoleInfo {
  const { id, tenantId, title, about, base } = row;
  return {
    role: id,
    title,
    about,
    builtIn: false,
    base,
    tenantId,
    permissions: row.permissions.filter((one) => policy[base].has(one)),
  };
}
