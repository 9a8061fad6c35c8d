import { and, asc, eq, isNotNull, or, sql } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import { asActor } from '../db/client.ts';
import { brandDkimKeys as keys } from '../db/schema/brands.ts';
import { recordName } from './dkim.ts';
import { publishes } from './dkim-record.ts';
import { lookUpTxt } from './hosts.ts';

const actor = systemActor('mail keys');
/** How often a record is looked for: one that is there, and one that is gone. */
const [thereMinutes, goneMinutes] = [60, 5];
const atOnce = 20;
/** Answers that say that there is no record. Whatever else fails says nothing of it: a name server that is silent for a minute signs off nobody. */
const noSuchRecord = new Set(['ENODATA', 'ENOTFOUND']);

/**
 * Looks whether the records of proven keys are still there, those that are due. One that is gone signs no more until it is back:
 * a signature that nobody can check is worse than none. Several workers may do it at the same time. `everything`: those not due too.
 */
export async function watchKeys({ everything = false } = {}): Promise<void> {
  const older = (minutes: number) =>
    sql`coalesce(${keys.checkedAt}, 'epoch') < now() - make_interval(mins => ${minutes})`;
  const due = or(older(thereMinutes), and(isNotNull(keys.missingSince), older(goneMinutes)));
  const rows = await asActor(actor, (tx) =>
    tx
      .select({
        ...{ id: keys.id, domain: keys.domain, selector: keys.selector },
        ...{ publicKey: keys.publicKey },
      })
      .from(keys)
      .where(and(isNotNull(keys.provenAt), everything ? undefined : due))
      .orderBy(asc(sql`coalesce(${keys.checkedAt}, 'epoch')`))
      .limit(atOnce),
  );
  for (const row of rows) {
    const found = await lookUpTxt(recordName(row)).then(
      (records) => publishes(records, row.publicKey),
      (error: NodeJS.ErrnoException) => (noSuchRecord.has(error.code ?? '') ? false : undefined),
    );
    const missing =
      found === undefined ? {} : { missingSince: found ? null : sql`coalesce(${keys.missingSince}, now())` };
    await asActor(actor, (tx) =>
      tx
        .update(keys)
        .set({ checkedAt: sql`now()`, ...missing })
        .where(eq(keys.id, row.id)),
    );
  }
}
