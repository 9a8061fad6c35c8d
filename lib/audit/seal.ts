import { desc, eq, inArray, sql } from 'drizzle-orm';
import { systemActor } from '../access/actor.ts';
import { type Db, withActor } from '../db/client.ts';
import { auditChain, auditLog, auditUnsealed } from '../db/schema/audit.ts';
import { chainStart, sealOf } from './chain.ts';

const sealer = systemActor('audit');
/** Any number that nothing else of ours locks; one sealer at a time, so the chain cannot fork. */
const sealLock = 0x61_75_64_69;
const atOnce = 500;

/**
 * Seals what was written and committed since the last time, in one transaction, under a lock of the whole installation: however many
 * workers seal and however many people write, there is one chain. Gives how many entries it sealed; fewer than there are when there
 * are very many.
 */
export async function sealEntries(db: Db): Promise<number> {
  return await withActor(db, sealer, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${sealLock})`);
    const entries = await tx
      .select({ entry: auditLog })
      .from(auditUnsealed)
      .innerJoin(auditLog, eq(auditLog.id, auditUnsealed.entryId))
      .orderBy(auditLog.at, auditLog.id)
      .limit(atOnce);
    if (entries.length === 0) return 0;
    const [last] = await tx.select().from(auditChain).orderBy(desc(auditChain.seq)).limit(1);
    let seq = last?.seq ?? 0;
    let hash = last?.hash ?? chainStart;
    const seals = entries.map(({ entry }) => {
      seq += 1;
      hash = sealOf(hash, seq, entry);
      return { seq, entryId: entry.id, hash };
    });
    await tx.insert(auditChain).values(seals);
    await tx.delete(auditUnsealed).where(
      inArray(
        auditUnsealed.entryId,
        seals.map((seal) => seal.entryId),
      ),
    );
    return seals.length;
  });
}
