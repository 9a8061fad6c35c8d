import { and, eq, isNull, sql } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { users } from '#lib/db/schema/users.ts';
import { takeFactors } from '#lib/people/reset-factor.ts';
import { defaultStateDir, readConfig } from '#lib/settings.ts';
import { setupContext } from '#server/setup/context.ts';
import { asOwner } from '#server/setup/seed.ts';

/** For root of the panel's machine, when no other administrator is left who could do it in the browser. Recorded and told by mail likewise. */
export async function resetFactor(email: string): Promise<void> {
  const stateDir = defaultStateDir();
  const config = readConfig(stateDir);
  await asOwner(setupContext(config, stateDir), async (tx) => {
    const [person] = await tx
      .select()
      .from(users)
      .where(
        and(
          eq(sql`lower(${users.email})`, email.trim().toLowerCase()),
          eq(users.kind, 'person'),
          isNull(users.disabledAt),
        ),
      );
    if (person === undefined) throw new Error(`Nobody has the address ${email}.`);
    await takeFactors(tx, systemActor('root of the panel’s machine'), person, config.baseUrl);
  });
  console.log(`${email} signs in with the password alone now, and was told by mail.`);
}
