import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

/**
 * Makes a restored copy of the database safe to run: what it says of the world is as old as the copy. Nothing under way in
 * it is taken up again, no mail goes out twice, no way in that was used since opens once more, and no host is believed, nor
 * given an order, until its own records have been read. One transaction.
 */
export async function settleRestored(ownerUrl: string, copyFrom: string): Promise<void> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    options: '-c berth.actor_scope=system',
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    await client.query('begin');
    for (const statement of statements) await client.query(statement);
    const detail = 'The panel was restored from an older copy; what became of this meanwhile its server knows.';
    const error = { code: 'internal', detail, step: null, remedy: 'Look at the container and ask again.' };
    await client.query(
      `update operations set state = 'failed', ended_at = now(), error = $1, evidence = '[]'
       where state in ('queued', 'running', 'undoing', 'stuck')`,
      [JSON.stringify(error)],
    );
    await client.query(
      `insert into audit_log (id, actor_kind, actor_name, verb, outcome, target_kind, detail)
       values ($1, 'system', 'set-up', 'panel.restore', 'allowed', 'panel', $2)`,
      [uuidv7(), JSON.stringify({ copyFrom })],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    await client.end();
  }
}

const statements = [
  "update dbos.workflow_status set status = 'CANCELLED' where status in ('PENDING', 'ENQUEUED', 'DELAYED')",
  // A week for people to notice what was built since the copy, before its layers may go.
  "update hosts set records_wanted_at = now(), last_seen_at = null, boot_id = null, collect_layers_at = now() + interval '7 days'",
  'update containers set observed_at = null, observed_power = null, usage = null where deleted_at is null',
  // Half made when the copy was: if its host has it, it is found there.
  'update containers set deleted_at = now() where created_on_host_at is null and deleted_at is null',
  "update backups set state = 'failed' where state = 'running'",
  // Deleted ones that could be had back: whatever has become of them since, a week for people to notice.
  "update backups set state = 'removed' where state = 'deleting' and removed_at is not null",
  "update backups set purge_at = greatest(purge_at, now() + interval '7 days') where state = 'removed'",
  // Deleting again is harmless; if it is still there, it is still good.
  "update backups set state = 'complete' where state = 'deleting' and restic_snapshot_id is not null and template is not null and verified_at is not null",
  "update backups set state = 'failed' where state = 'deleting'",
  // A week for people to notice before anything kept for undo may expire.
  "update retained_volumes set expires_at = greatest(expires_at, now() + interval '7 days') where consumed_at is null",
  'delete from orphans',
  'delete from enrolments',
  'delete from sealed_values',
  'delete from events',
  'delete from service_heartbeats',
  'delete from workers',
  'update sessions set revoked_at = now() where revoked_at is null',
  'delete from login_tokens',
  'update enroll_tokens set used_at = now() where used_at is null',
  "update outbox set failed_at = now(), body = '', last_error = 'the panel was restored' where sent_at is null and failed_at is null",
];
