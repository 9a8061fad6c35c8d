import { asc, eq, gt, ne, sql } from 'drizzle-orm';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import type { Agents } from '../agent-client/agents.ts';
import type { AuditHead } from '../contract/agent-trust.ts';
import { type AuditProblem, type AuditVerification, mostAuditProblems } from '../contract/audit.ts';
import { asActor, type Tx } from '../db/client.ts';
import { auditChain, auditHeads, auditLog, auditUnsealed } from '../db/schema/audit.ts';
import { hosts } from '../db/schema/hosts.ts';
import { chainStart, sealOf } from './chain.ts';
import { readHeads } from './heads.ts';
import { writeAudit } from './write.ts';

const atOnce = 1_000;
/** A head, and who keeps it. */
type Kept = AuditHead & { keeper: string };

/**
 * Computes the whole chain anew and compares it with the heads that the hosts keep. Reads every entry: seconds for a hundred thousand.
 * What it finds is recorded. Needs `audit.verify`.
 */
export async function verifyAudit(actor: Actor, agents: Agents): Promise<AuditVerification> {
  authorize(actor, 'audit.verify');
  // The hosts' heads before the chain: whatever they know by then must be in it.
  const { kept, keepers } = await headsOfHosts(actor, agents);
  const problems: AuditProblem[] = [];
  let count = 0;
  const found = (problem: AuditProblem) => {
    count += 1;
    if (problems.length < mostAuditProblems) problems.push(problem);
  };
  const { head, entries } = await walk(actor, kept, found);
  const waiting = await asActor(actor, (tx) => strays(tx, found));
  const result: AuditVerification = {
    ok: count === 0,
    checkedAt: new Date().toISOString(),
    entries,
    waiting,
    head,
    hosts: keepers,
    problems,
    problemCount: count,
  };
  await asActor(actor, (tx) =>
    writeAudit(tx, actor, {
      verb: 'audit.verify',
      outcome: result.ok ? 'allowed' : 'failed',
      tenantId: null,
      targetKind: 'audit',
      detail: {
        entries,
        problems: count,
        hosts: keepers.filter((host) => host.answered).length,
        ...(result.ok ? {} : { found: problems.slice(0, 5).map(({ kind, seq, detail }) => ({ kind, seq, detail })) }),
      },
    }),
  );
  return result;
}

async function headsOfHosts(actor: Actor, agents: Agents) {
  const { own, list } = await asActor(actor, async (tx) => ({
    own: await tx.select().from(auditHeads).orderBy(asc(auditHeads.seq)),
    list: await tx
      .select({ id: hosts.id, name: hosts.name, address: hosts.address })
      .from(hosts)
      .where(ne(hosts.status, 'disabled'))
      .orderBy(hosts.name),
  }));
  const kept: Kept[] = own.map(({ seq, hash, at }) => ({
    seq,
    hash,
    at: at.toISOString(),
    keeper: 'The panel itself',
  }));
  const keepers = await Promise.all(
    list.map(async ({ id, name, address }) => {
      try {
        const heads = await readHeads(agents.to({ hostId: id, address }), agents.authority);
        kept.push(...heads.map((head) => ({ ...head, keeper: `The host ${name}` })));
        return { name, answered: true, heads: heads.length, newestSeq: heads.at(-1)?.seq ?? null };
      } catch {
        return { name, answered: false, heads: 0, newestSeq: null };
      }
    }),
  );
  return { kept, keepers };
}

type Found = (problem: AuditProblem) => void;

/** Every seal in order, with its entry; then what heads know of beyond the last. */
async function walk(actor: Actor, kept: readonly Kept[], found: Found) {
  const bySeq = new Map<number, Kept[]>();
  for (const head of kept) bySeq.set(head.seq, [...(bySeq.get(head.seq) ?? []), head]);
  let seq = 0;
  let hash = chainStart;
  let entries = 0;
  for (;;) {
    const rows = await asActor(actor, (tx) =>
      tx
        .select({ seal: auditChain, entry: auditLog })
        .from(auditChain)
        .leftJoin(auditLog, eq(auditLog.id, auditChain.entryId))
        .where(gt(auditChain.seq, seq))
        .orderBy(asc(auditChain.seq))
        .limit(atOnce),
    );
    for (const { seal, entry } of rows) {
      entries += 1;
      const gap = seal.seq - seq - 1;
      if (gap > 0) found(gone(seq + 1, seal.seq - 1, null, `${gap} of the chain’s seals are gone.`));
      const about = { seq: seal.seq, untilSeq: null, entryId: seal.entryId };
      if (entry === null) {
        found({ ...about, kind: 'removed', detail: `The entry at place ${seal.seq} was sealed and is gone.` });
      } else if (gap === 0 && sealOf(hash, seal.seq, entry) !== seal.hash) {
        found({
          ...about,
          kind: 'changed',
          detail: `At place ${seal.seq}: ${sentence(entry)}. It was sealed otherwise.`,
        });
      }
      for (const head of bySeq.get(seal.seq) ?? []) {
        if (head.hash === seal.hash) continue;
        const detail = `${head.keeper} knows another seal at place ${seal.seq}, signed at ${head.at}.`;
        found({ ...about, kind: 'rewritten', detail });
      }
      bySeq.delete(seal.seq);
      ({ seq, hash } = seal);
    }
    if (rows.length < atOnce) break;
  }
  const beyond = [...bySeq.values()].flat().filter((head) => head.seq > seq);
  const furthest = beyond.toSorted((a, b) => b.seq - a.seq)[0];
  if (furthest !== undefined) {
    const knows = `${furthest.keeper} knows, signed at ${furthest.at}, that it went on to place ${furthest.seq}`;
    const detail = `The record ends at place ${seq}; ${knows}: ${furthest.seq - seq} or more entries were cut off.`;
    found({ kind: 'cut-off', seq: seq + 1, untilSeq: furthest.seq, entryId: null, detail });
  }
  return { head: seq === 0 ? null : { seq, hash }, entries };
}

/** Entries without a seal and marks of entries without the entry; gives how many wait rightly. Each in one statement: sealing goes on. */
async function strays(tx: Tx, found: Found): Promise<number> {
  const unsealed = await tx
    .select()
    .from(auditLog)
    .where(
      sql`not exists (select from ${auditChain} c where c.entry_id = ${auditLog.id})
        and not exists (select from ${auditUnsealed} u where u.entry_id = ${auditLog.id})`,
    )
    .orderBy(asc(auditLog.at))
    .limit(mostAuditProblems);
  for (const entry of unsealed) {
    const detail = `No seal: ${sentence(entry)}. It was slipped in, or its seal was taken away.`;
    found({ kind: 'unsealed', seq: null, untilSeq: null, entryId: entry.id, detail });
  }
  const marks = await tx
    .select({ id: auditUnsealed.entryId, there: sql<boolean>`${auditLog.id} is not null` })
    .from(auditUnsealed)
    .leftJoin(auditLog, eq(auditLog.id, auditUnsealed.entryId));
  for (const { id, there } of marks) {
    if (!there) found(gone(null, null, id, 'An entry was written, and was gone before it could be sealed.'));
  }
  return marks.filter((mark) => mark.there).length;
}

function gone(seq: number | null, untilSeq: number | null, entryId: string | null, detail: string): AuditProblem {
  return { kind: 'removed', seq, untilSeq, entryId, detail };
}

function sentence({ at, actorName, verb, targetName, targetId }: typeof auditLog.$inferSelect): string {
  return `${at.toISOString()}, ${actorName}, ${verb}, ${targetName ?? targetId ?? 'nothing'}`;
}
