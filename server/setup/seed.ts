/** The first people, plans and backup location of an installation: what must be there before anybody can sign in. */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { z } from 'zod';
import { systemActor } from '#lib/access/actor.ts';
import { issueLoginToken, passwordLink } from '#lib/auth/links.ts';
import { hashPassword } from '#lib/auth/passwords.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { Email, type Resources } from '#lib/contract/fields.ts';
import { createDb, type Tx, withActor } from '#lib/db/client.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { apiTokens, sessions } from '#lib/db/schema/sessions.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import type { SetupContext } from './context.ts';
import { readIfThere, writeFileDurably } from './files.ts';
import { databaseUrl, readMaster } from './secrets.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
export const demoEmails = { admin: 'admin@berth.localhost', tenant: 'tenant@berth.localhost' } as const;

const Account = z.object({ email: z.string(), password: z.string(), userId: z.string() });
/** `secrets/demo.json`: the demo accounts as they were made. Their container is made once and not again after its deletion. */
export const Demo = z.object({ tenantId: z.string(), containerMade: z.boolean(), admin: Account, tenant: Account });
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

async function ensureDemoUser(
  tx: Tx,
  account: z.infer<typeof Account>,
  person: { name: string; role: 'provider-admin' | 'tenant-owner'; tenantId: string | null },
): Promise<void> {
  const [present] = await tx
    .select({ id: users.id, disabledAt: users.disabledAt })
    .from(users)
    .where(eq(users.id, account.userId));
  if (present === undefined) {
    const passwordHash = await hashPassword(account.password);
    await tx.insert(users).values({ id: account.userId, email: account.email, passwordHash, ...person });
  } else if (present.disabledAt !== null) {
    await tx.update(users).set({ disabledAt: null }).where(eq(users.id, account.userId));
  }
}

/** The two demo accounts and their tenant, with passwords kept in `secrets/demo.json`. Idempotent. */
export async function ensureDemoAccounts(context: SetupContext): Promise<Demo> {
  const present = await readDemo(context);
  const made = (email: string) => ({ email, password: randomBytes(12).toString('base64url'), userId: v7() });
  const demo = present ?? {
    tenantId: v7(),
    containerMade: false,
    admin: made(demoEmails.admin),
    tenant: made(demoEmails.tenant),
  };
  // The file first: rows without their passwords would be of no use to anybody.
  if (present === undefined) await writeDemo(context, demo);
  await asOwner(context, async (tx) => {
    await ensurePlansAndLocation(tx, context.paths.backups);
    await tx.insert(tenants).values({ id: demo.tenantId, name: 'Demo' }).onConflictDoNothing();
    await ensureDemoUser(tx, demo.admin, { name: 'Demo administrator', role: 'provider-admin', tenantId: null });
    await ensureDemoUser(tx, demo.tenant, { name: 'Demo tenant', role: 'tenant-owner', tenantId: demo.tenantId });
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
      const ids = [demo.admin.userId, demo.tenant.userId];
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
        .where(and(inArray(apiTokens.userId, ids), isNull(apiTokens.revokedAt)));
    }
    const able = await tx
      .select({ id: users.id, passwordHash: users.passwordHash, email: users.email })
      .from(users)
      .where(and(eq(users.role, 'provider-admin'), isNull(users.disabledAt)));
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

/** A bearer token in the name of an administrator, for what set-up itself asks of the portal; good for an hour. */
export async function setupToken(context: SetupContext): Promise<string> {
  return asOwner(context, async (tx) => {
    const [admin] = await tx
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.role, 'provider-admin'), isNull(users.disabledAt)))
      .orderBy(users.createdAt)
      .limit(1);
    if (admin === undefined) throw new Error('there is no administrator');
    return createApiToken(tx, admin.id, 'set-up', 3_600_000);
  });
}

/** A lasting bearer token of a demo account. */
export async function demoToken(context: SetupContext, who: 'admin' | 'tenant'): Promise<string> {
  const demo = await readDemo(context);
  if (!context.config.demo || demo === undefined) {
    throw new Error(
      'There are no demo accounts: this installation can be reached by others. Make a token on the account page.',
    );
  }
  return asOwner(context, (tx) => createApiToken(tx, demo[who].userId, 'berth token'));
}
