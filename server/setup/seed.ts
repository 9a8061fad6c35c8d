/** The first people, plans and backup location of an installation: what must be there before anybody can sign in. */
import { isIP } from 'node:net';
import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { z } from 'zod';
import { systemActor } from '#lib/access/actor.ts';
import { issueLoginToken, passwordLink } from '#lib/auth/links.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { Email, type Resources } from '#lib/contract/fields.ts';
import { createDb, type Tx, withActor } from '#lib/db/client.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { assignments } from '#lib/db/schema/people.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { apiTokens, sessions } from '#lib/db/schema/sessions.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import type { SetupContext } from './context.ts';
import { ensureDemoUser, ensureMoreDemo, moreDemo, newAccount } from './demo.ts';
import type { DemoName } from './demo-names.ts';
import { readIfThere, writeFileDurably } from './files.ts';
import { databaseUrl, readMaster } from './secrets.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
export const demoEmails = { admin: 'admin@berth.localhost', tenant: 'tenant@berth.localhost' } as const;

const Account = z.object({ email: z.string(), password: z.string(), userId: z.string() });
/**
 * `secrets/demo.json`: the demo accounts as they were made. Their containers are made once and not again after their deletion.
 * `tenant` is the first owner of the first reseller's first tenant; all others are in `more` (server/setup/demo.ts).
 */
export const Demo = z.object({
  tenantId: z.string(),
  containerMade: z.boolean(),
  /** Ids of the containers that set-up made itself: a purge asks before it removes any other. */
  containers: z.array(z.string()).default([]),
  admin: Account,
  tenant: Account,
  more: z
    .object({
      containersMade: z.boolean(),
      accounts: z.record(z.string(), z.object({ tenantId: z.string() })),
      people: z.record(z.string(), Account),
    })
    .optional(),
});
export type Demo = z.infer<typeof Demo>;

export async function readDemo({ paths }: SetupContext): Promise<Demo | undefined> {
  const text = await readIfThere(paths.demo);
  return text === undefined ? undefined : Demo.parse(JSON.parse(text));
}

export async function writeDemo({ paths }: SetupContext, demo: Demo): Promise<void> {
  await writeFileDurably(paths.demo, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
}

/** Runs `work` as the installation's owner, in the name of set-up. */
export async function asOwner<T>(context: SetupContext, work: (tx: Tx) => Promise<T>): Promise<T> {
  const db = createDb(databaseUrl(context, 'owner', await readMaster(context)), {
    max: 1,
    applicationName: 'berth set-up',
  });
  try {
    return await withActor(db, systemActor('set-up'), work);
  } finally {
    await db.$client.end();
  }
}

const size = (cpuCores: number, memoryBytes: number, diskBytes: number): Resources => ({
  cpuCores,
  cpuShares: 1024,
  memoryBytes,
  pids: 512,
  diskBytes,
  inodes: Math.floor(diskBytes / 16_384),
});

const firstPlans = [
  { name: 'Small', resources: size(0.5, 256 * MiB, 2 * GiB), maxBackups: 10, maxForwards: 10, retentionHours: 24 },
  { name: 'Medium', resources: size(1, 512 * MiB, 5 * GiB), maxBackups: 20, maxForwards: 20, retentionHours: 24 },
];

async function ensurePlansAndLocation(tx: Tx, backupPath: string): Promise<void> {
  const [anyPlan] = await tx.select({ id: plans.id }).from(plans).limit(1);
  if (anyPlan === undefined) await tx.insert(plans).values(firstPlans);
  const [anyLocation] = await tx.select({ id: backupLocations.id }).from(backupLocations).limit(1);
  if (anyLocation === undefined) {
    await tx
      .insert(backupLocations)
      .values({ name: 'This server', kind: 'directory', path: backupPath, offsite: false });
  }
}

/** The two demo accounts and their tenant, with passwords kept in `secrets/demo.json`. Idempotent. */
export async function ensureDemoAccounts(context: SetupContext): Promise<Demo> {
  const present = await readDemo(context);
  const first = present ?? {
    tenantId: v7(),
    containerMade: false,
    containers: [],
    admin: newAccount(demoEmails.admin),
    tenant: newAccount(demoEmails.tenant),
  };
  const demo = { ...first, more: first.more ?? moreDemo(newAccount) };
  // The file first: rows without their passwords would be of no use to anybody.
  if (present?.more === undefined) await writeDemo(context, demo);
  await asOwner(context, async (tx) => {
    await ensurePlansAndLocation(tx, context.paths.backups);
    await tx.insert(tenants).values({ id: demo.tenantId, name: 'Demo' }).onConflictDoNothing();
    await ensureDemoUser(tx, demo.admin, { name: 'Demo administrator', role: 'provider-admin', tenantId: null });
    await ensureDemoUser(tx, demo.tenant, { name: 'Demo tenant', role: 'tenant-owner', tenantId: demo.tenantId });
    await ensureMoreDemo(tx, demo.tenantId, demo.more);
  });
  return demo;
}

/** The address of the first administrator: at the panel's own name, where that can stand in an address at all. */
export function firstAdministrator(baseUrl: string): string {
  const { hostname } = new URL(baseUrl);
  const email = Email.safeParse(`admin@${hostname}`);
  return email.success && isIP(hostname) === 0 ? email.data : 'admin@berth.localhost';
}

/**
 * For an installation that others can reach: demo accounts are disabled and everything they were signed in with ends; when
 * no administrator can sign in yet, there is one whose single-use link is returned (good for 24 hours, the last one counts).
 */
export async function ensureFirstAdministrator(
  context: SetupContext,
): Promise<{ email: string; link: string } | undefined> {
  const email = firstAdministrator(context.config.baseUrl);
  const demo = await readDemo(context);
  return asOwner(context, async (tx) => {
    await ensurePlansAndLocation(tx, context.paths.backups);
    if (demo !== undefined) {
      const ids = [demo.admin, demo.tenant, ...Object.values(demo.more?.people ?? {})].map(({ userId }) => userId);
      await tx
        .update(users)
        .set({ disabledAt: sql`now()` })
        .where(and(inArray(users.id, ids), isNull(users.disabledAt)));
      await tx
        .update(sessions)
        .set({ revokedAt: sql`now()` })
        .where(and(inArray(sessions.userId, ids), isNull(sessions.revokedAt)));
      await tx
        .update(apiTokens)
        .set({ revokedAt: sql`now()` })
        .where(and(or(inArray(apiTokens.userId, ids), inArray(apiTokens.madeBy, ids)), isNull(apiTokens.revokedAt)));
    }
    const able = await tx
      .select({ id: users.id, passwordHash: users.passwordHash, email: users.email })
      .from(users)
      .where(and(isAdministrator, isNull(users.disabledAt)));
    if (able.some((user) => user.passwordHash !== null)) return undefined;
    let first = able[0];
    if (first === undefined) {
      // The demo administrator may hold this address.
      const taken = await tx
        .select({ id: users.id })
        .from(users)
        .where(eq(sql`lower(${users.email})`, email));
      const free = taken.length === 0 ? email : email.replace('@', '-1@');
      [first] = await tx
        .insert(users)
        .values({ email: free, name: 'Administrator', role: 'provider-admin', tenantId: null })
        .returning({ id: users.id, passwordHash: users.passwordHash, email: users.email });
    }
    if (first === undefined) throw new Error('the administrator was not made');
    const token = await issueLoginToken(tx, first.id, 'setup');
    return { email: first.email, link: passwordLink(token, context.config.baseUrl) };
  });
}

/** Of a row of `users`. */
const isAdministrator = sql`exists (select from ${assignments} where ${assignments.userId} = ${users.id}
  and ${assignments.role} = 'provider-admin' and ${assignments.customRoleId} is null)`;

/** A bearer token in the name of an administrator, for what set-up itself asks of the portal; good for an hour. */
export async function setupToken(context: SetupContext): Promise<string> {
  return asOwner(context, async (tx) => {
    const [admin] = await tx
      .select({ id: users.id })
      .from(users)
      .where(and(isAdministrator, isNull(users.disabledAt)))
      .orderBy(users.createdAt)
      .limit(1);
    if (admin === undefined) throw new Error('there is no administrator');
    return createApiToken(tx, admin.id, 'set-up', 3_600_000);
  });
}

/** A lasting bearer token of a demo account. */
export async function demoToken(context: SetupContext, who: DemoName): Promise<string> {
  const demo = await readDemo(context);
  if (!context.config.demo || demo === undefined) {
    throw new Error(
      'There are no demo accounts: this installation can be reached by others. Make a token on the account page.',
    );
  }
  const account =
    who === 'admin' ? demo.admin : who === 'tenant' || who === 'tenant-a1' ? demo.tenant : demo.more?.people[who];
  if (account === undefined) throw new Error('There is no such account yet: run "./berth up".');
  return asOwner(context, async (tx) => {
    // As many as one account may have, so that scripts which ask often do not come to an end.
    await tx.execute(sql`update ${apiTokens} set revoked_at = now() where revoked_at is null and id in (
      select id from ${apiTokens} where user_id = ${account.userId} and name = 'berth token' and revoked_at is null
      order by created_at desc offset 20)`);
    return createApiToken(tx, account.userId, 'berth token');
  });
}
