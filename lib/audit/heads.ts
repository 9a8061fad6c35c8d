import { createPrivateKey } from 'node:crypto';
import { and, desc, eq, gt, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm';
import { CompactSign, compactVerify, importX509 } from 'jose';
import { systemActor } from '../access/actor.ts';
import type { Agents } from '../agent-client/agents.ts';
import type { AgentConnection } from '../agent-client/connection.ts';
import { parse } from '../agent-client/reads.ts';
import { AuditHead, AuditHeads, auditHeadType, mostAuditHeads } from '../contract/agent-trust.ts';
import { type Db, type Tx, withActor } from '../db/client.ts';
import { auditChain, auditHeads, auditLog } from '../db/schema/audit.ts';
import { hosts } from '../db/schema/hosts.ts';
import { auditBrokenMail } from '../mail/messages.ts';
import { queueMail } from '../mail/outbox.ts';
import { holdersOf } from '../people/holders.ts';
import { writeAudit } from './write.ts';

const actor = systemActor('audit');
const answerMs = 10_000;
export const headEveryMs = 3_600_000;
/** A record that is found broken is told of once in so long. */
const tellAgainMs = 24 * 3_600_000;

export type HeadTools = {
  db: Db;
  agents: Agents;
  /** The authority's key (PKCS#8 PEM), which the worker alone has. */
  caKey: () => string;
  baseUrl: string;
  log: { warn(detail: Record<string, unknown>, message: string): void };
};

/**
 * Once in `everyMs`: signs what the chain's end is now. Then brings the newest signed head to each host that answers and has not got
 * it, after comparing those which that host keeps with the chain as it is now; a contradiction is recorded and told. Gives how many
 * hosts took one.
 */
export async function sendHeads(tools: HeadTools, everyMs = headEveryMs): Promise<number> {
  const { db, agents, log } = tools;
  const { head, due } = await withActor(db, actor, async (tx) => {
    const head = await newestHead(tx, tools.caKey(), everyMs);
    if (head === undefined) return { head, due: [] };
    const due = await tx
      .select({ id: hosts.id, name: hosts.name, address: hosts.address })
      .from(hosts)
      .where(
        and(
          eq(hosts.status, 'ok'),
          gt(hosts.lastSeenAt, sql`now() - interval '30 s'`),
          or(isNull(hosts.auditHeadSeq), ne(hosts.auditHeadSeq, head.seq)),
        ),
      );
    return { head, due };
  });
  if (head === undefined) return 0;
  let taken = 0;
  for (const host of due) {
    try {
      const agent = agents.to({ hostId: host.id, address: host.address });
      const wrong = await contradictions(db, await readHeads(agent, agents.authority));
      if (wrong.length > 0) await tellBroken(tools, host.name, wrong);
      const body = JSON.stringify({ head: head.jws });
      await agent.text({ method: 'PUT', path: '/v1/audit/heads', body, signal: AbortSignal.timeout(answerMs) });
      await withActor(db, actor, (tx) => tx.update(hosts).set({ auditHeadSeq: head.seq }).where(eq(hosts.id, host.id)));
      taken += 1;
    } catch (error) {
      log.warn({ hostId: host.id, err: error }, 'the host has not taken the head of the audit record');
    }
  }
  return taken;
}

/** The newest signed head, signed now if it is time and the chain has grown. */
async function newestHead(tx: Tx, caKey: string, everyMs: number) {
  const [known] = await tx.select().from(auditHeads).orderBy(desc(auditHeads.at)).limit(1);
  if (known !== undefined && Date.now() - known.at.getTime() < everyMs) return known;
  const [end] = await tx.select().from(auditChain).orderBy(desc(auditChain.seq)).limit(1);
  if (end === undefined || end.seq === known?.seq) return known;
  const head = { seq: end.seq, hash: end.hash, at: new Date() };
  const jws = await signHead(caKey, { ...head, at: head.at.toISOString() });
  // Another worker may just have done it.
  const [made] = await tx
    .insert(auditHeads)
    .values({ ...head, jws })
    .onConflictDoNothing()
    .returning();
  return made ?? known;
}

export async function signHead(caKeyPem: string, head: AuditHead): Promise<string> {
  return await new CompactSign(new TextEncoder().encode(JSON.stringify(head)))
    .setProtectedHeader({ alg: 'ES256', typ: auditHeadType })
    .sign(createPrivateKey(caKeyPem));
}

/** All heads that a host keeps and our authority signed; what a host invents counts for nothing. */
export async function readHeads(agent: AgentConnection, authorityPem: string): Promise<AuditHead[]> {
  const authority = await importX509(authorityPem, 'ES256');
  const found: AuditHead[] = [];
  for (let after = 0; ; ) {
    const path = `/v1/audit/heads?after=${after}`;
    const text = await agent.text({ method: 'GET', path, signal: AbortSignal.timeout(answerMs) });
    const { heads } = parse(AuditHeads, text, agent.hostId);
    for (const jws of heads) {
      const opened = await compactVerify(jws, authority, { algorithms: ['ES256'] }).catch(() => undefined);
      if (opened?.protectedHeader.typ !== auditHeadType) continue;
      found.push(AuditHead.parse(JSON.parse(new TextDecoder().decode(opened.payload))));
    }
    const last = found.at(-1)?.seq ?? after;
    if (heads.length < mostAuditHeads || last <= after) return found;
    after = last;
  }
}

/** Those heads that the chain as it is now does not bear out. */
async function contradictions(db: Db, heads: AuditHead[]): Promise<AuditHead[]> {
  return await withActor(db, actor, async (tx) => {
    const seqs = [...new Set(heads.map((head) => head.seq))];
    const rows = seqs.length === 0 ? [] : await tx.select().from(auditChain).where(inArray(auditChain.seq, seqs));
    const hashes = new Map(rows.map((row) => [row.seq, row.hash]));
    return heads.filter((head) => hashes.get(head.seq) !== head.hash);
  });
}

async function tellBroken({ db, baseUrl, log }: HeadTools, hostName: string, heads: AuditHead[]): Promise<void> {
  log.warn({ host: hostName, places: heads.slice(0, 10) }, 'the audit record is not what a host knows it to have been');
  await withActor(db, actor, async (tx) => {
    const earlier = await tx
      .select({ id: auditLog.id })
      .from(auditLog)
      .where(
        and(
          eq(auditLog.verb, 'audit.contradiction'),
          gt(auditLog.at, new Date(Date.now() - tellAgainMs)),
          lt(auditLog.at, new Date()),
        ),
      )
      .limit(1);
    if (earlier.length > 0) return;
    const places = heads.slice(0, 10).map((head) => head.seq);
    await writeAudit(tx, actor, {
      verb: 'audit.contradiction',
      outcome: 'failed',
      tenantId: null,
      targetKind: 'audit',
      targetName: hostName,
      detail: { places, heads: heads.length },
    });
    for (const { name, email } of await holdersOf(tx, 'provider-admin', null)) {
      await queueMail(tx, auditBrokenMail(email, { name, host: hostName, link: `${baseUrl}/admin/audit` }), null);
    }
  });
}
