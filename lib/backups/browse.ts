import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { callFiles, type FileBody } from '#lib/agent-client/files.ts';
import { reachContainer } from '#lib/containers/reach.ts';
import type { Facts } from '#lib/contract/audit-facts.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { backupReads, FileAnswerOf, FileOrderOf } from '#lib/contract/files.ts';
import { finalOperationStates } from '#lib/contract/states.ts';
import { asActor } from '#lib/db/client.ts';
import { backups } from '#lib/db/schema/backups.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { findOperation } from '#lib/operations/find.ts';
import { requestOperation } from '#lib/operations/request.ts';
import { services } from '#lib/services.ts';

type Read = (typeof backupReads)[number];
type Options = {
  /** Written to the audit record; null for what shows names alone: that the backup was opened is recorded anyway. */
  detail: Facts | null;
  /** Other backups of the same container that have to be open too. */
  beside?: readonly string[];
  /** The container's present files are looked at too. */
  now?: boolean;
  signal?: AbortSignal;
};

/**
 * Asks the host about the files of a backup, whose container may be deleted. One that is not open there is opened first, by an operation: only the worker has
 * the passwords of repositories. Throws `busy` when that takes long; asking again finds it open.
 */
export async function askBackup<O extends Read>(
  actor: Actor,
  backupId: string,
  op: O,
  order: FileOrderOf<O>,
  { detail, beside = [], now = false, signal }: Options,
): Promise<{ answer: FileAnswerOf<O>; body: FileBody }> {
  authorize(actor, 'file.read');
  const all = [...new Set([backupId, ...beside])];
  const containerId = await oneContainerOf(actor, all);
  const audited = detail === null ? null : { ...detail, backupId };
  const ask = async (audit: typeof audited) => {
    const verb = now ? 'files' : null;
    const reached = await reachContainer(actor, containerId, 'file.read', verb, audit, { deletedToo: true });
    if (reached.facts.holds.length > 0) throw new BerthError('held', 'Not while there is a hold on the container.');
    const { agent, target } = reached;
    const options = { backupId, ...(signal === undefined ? {} : { signal }) };
    return await callFiles(agent, services().agents.signer, target, op, order, options);
  };
  try {
    return await ask(audited);
  } catch (error) {
    if (!(error instanceof BerthError && error.code === 'stale')) throw error;
  }
  for (const id of all) await openBackup(actor, containerId, id);
  return await ask(null);
}

/** The container whose complete backups these are. */
async function oneContainerOf(actor: Actor, ids: readonly string[]): Promise<string> {
  return await asActor(actor, async (tx) => {
    const rows = await tx
      .select()
      .from(backups)
      .where(inArray(backups.id, [...ids]));
    const [first] = rows;
    if (first === undefined || rows.length !== ids.length) throw new BerthError('not_found');
    for (const row of rows) {
      if (row.state === 'deleted') throw new BerthError('not_found');
      authorize(actor, 'file.read', row);
    }
    if (rows.some((row) => row.state !== 'complete')) {
      throw new BerthError('state', 'Only a complete backup can be looked into.');
    }
    if (rows.some((row) => row.containerId !== first.containerId)) {
      throw new BerthError('invalid', 'Backups of two containers cannot be compared.');
    }
    return first.containerId;
  });
}

const mostWaitMs = 25_000;
const pollMs = 100;

async function openBackup(actor: Actor, containerId: string, backupId: string): Promise<void> {
  const under = await asActor(actor, async (tx) => {
    const same = and(
      eq(operations.containerId, containerId),
      eq(operations.kind, 'open-backup'),
      inArray(operations.state, ['queued', 'running']),
      eq(sql`${operations.input}->>'backupId'`, backupId),
    );
    const [row] = await tx.select().from(operations).where(same).orderBy(desc(operations.queuedAt)).limit(1);
    return row;
  });
  const asked = { kind: 'open-backup', containerId, input: { backupId }, deletedToo: true } as const;
  const { id } = under ?? (await requestOperation(actor, asked));
  for (const end = Date.now() + mostWaitMs; Date.now() < end; ) {
    const operation = await asActor(actor, (tx) => findOperation(tx, id));
    if (operation === undefined) break;
    if (operation.state === 'succeeded') return;
    if (finalOperationStates.some((state) => state === operation.state)) {
      const { error } = operation;
      throw new BerthError(error?.code ?? 'action_failed', error?.detail ?? 'The backup could not be opened.');
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw new BerthError('busy', 'The backup is being opened.', { remedy: 'Try again in a moment.', operationId: id });
}
