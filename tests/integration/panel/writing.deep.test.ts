/** A copy of the panel is made while the panel is written to: it is one instant, and says of itself what that instant had. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { InstallationConfig } from '#lib/settings.ts';
import { backUpPanel } from '#server/panel/backup.ts';
import { makeRecoveryKey } from '#server/panel/key.ts';
import { readRecord } from '#server/panel/record.ts';
import { verifyBackup } from '#server/panel/verify.ts';
import { mergeConfig } from '#server/setup/configure.ts';
import { type SetupContext, setupContext } from '#server/setup/context.ts';
import { writeFileDurably } from '#server/setup/files.ts';
import { ensureDirectories, ensureSecrets } from '#server/setup/secrets.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';

const scratch = mkdtempSync('/tmp/berth-panel-writing-');
const directory = join(scratch, 'copies');
let postgres: TestPostgres;
let context: SetupContext;
let key: string;
let writer: pg.Client;
let holder: pg.Client;

beforeAll(async () => {
  postgres = await startPostgres({ migrated: true });
  const stateDir = join(scratch, 'state');
  mkdirSync(directory);
  const config = InstallationConfig.parse(mergeConfig(undefined, {}, true));
  context = setupContext(config, stateDir, { NODE_ENV: 'test', DATABASE_URL: postgres.ownerUrl });
  await ensureDirectories(context);
  await ensureSecrets(context);
  await writeFileDurably(context.paths.config, JSON.stringify(config), { mode: 0o644 });
  key = await makeRecoveryKey(context);
  [writer, holder] = [0, 0].map(() => new pg.Client({ connectionString: postgres.superUrl })) as [pg.Client, pg.Client];
  await Promise.all([writer.connect(), holder.connect()]);
  // As some hosted servers do to whoever keeps a transaction open, and to questions that take long.
  const impatient = ['idle_in_transaction_session_timeout', 'statement_timeout'];
  for (const name of impatient) await writer.query(`alter role berth_owner set ${name} = '50ms'`);
  await insert('there', 500);
}, 60_000);
afterAll(async () => {
  await Promise.allSettled([writer?.end(), holder?.end()]);
  await postgres?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

const insert = (prefix: string, n: number) =>
  writer.query(
    `insert into service_heartbeats (name, kind, version) select '${prefix}-' || i, 'web', '1' from generate_series(1, ${n}) i`,
  );
const countNow = async () => {
  const { rows } = await writer.query<{ n: number }>('select count(*)::int as n from service_heartbeats');
  return rows[0]?.n;
};
/** pg_dump has its instant and cannot go on: somebody holds one of the tables. */
const dumpWaits = async () => {
  const { rows } = await writer.query(
    "select 1 from pg_stat_activity where application_name = 'pg_dump' and wait_event_type = 'Lock'",
  );
  return rows.length;
};

/** A copy in whose midst, when pg_dump certainly runs, this is done. */
async function copyDuring(work: () => Promise<void>): Promise<string> {
  await holder.query('begin; lock table brands in access exclusive mode');
  const copying = backUpPanel(context, { directory });
  copying.catch(() => undefined);
  try {
    await expect.poll(dumpWaits, { timeout: 20_000, interval: 20 }).toBe(1);
    await work();
  } finally {
    await holder.query('rollback');
  }
  return await copying;
}

it('what is inserted and deleted while it is made makes no good copy a bad one', async () => {
  // Besides what is written in its midst, writes that never pause, from before it begins until after its end.
  const steady = new pg.Client({ connectionString: postgres.superUrl });
  await steady.connect();
  let on = true;
  let written = 0;
  const writing = (async () => {
    for (; on; written += 1) {
      const mail = [`${written}@example.test`, `${written - 1}@example.test`];
      await steady.query(
        "insert into outbox (id, recipient, subject, body) select gen_random_uuid(), $1, '', ''",
        mail.slice(0, 1),
      );
      if (written % 3 === 2) await steady.query('delete from outbox where recipient = $1', mail.slice(1));
    }
  })();
  const file = await copyDuring(async () => {
    // Longer than the server has patience for.
    await writer.query('select pg_sleep(0.2)');
    await insert('meanwhile', 40);
    await writer.query("delete from service_heartbeats where name like 'there-1%'");
  });
  on = false;
  await writing;
  await steady.end();
  const now = await countNow();
  const manifest = await verifyBackup(file, key, context);
  expect(manifest.rows.service_heartbeats).toBe(500);
  expect(now).not.toBe(500);
  expect(written).toBeGreaterThan(manifest.rows.outbox ?? written);
  expect((await readRecord(context)).verified?.file).toBe(file);
}, 60_000);

it('a database that goes away meanwhile is a copy that failed, and says so', async () => {
  const before = (await readRecord(context)).backup;
  const copying = copyDuring(async () => {
    await writer.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'berth_owner' and state = 'idle in transaction'",
    );
  });
  await expect(copying).rejects.toThrow();
  const { backup, failed } = await readRecord(context);
  expect(backup).toEqual(before);
  expect(failed?.why).toBeTruthy();
}, 60_000);

it('one that cannot go on is ended in its time, says why, and leaves nothing', async () => {
  const dumping = "select pid from pg_stat_activity where application_name = 'pg_dump'";
  await holder.query('begin; lock table brands in access exclusive mode');
  try {
    for (const [limits, why] of [
      [{ lockMs: 500, totalMs: 60_000 }, /^pg_dump waited .* for a table that somebody has locked: public\.brands$/],
      [{ lockMs: 60_000, totalMs: 1500 }, /^pg_dump did not end within .*, so it was ended\.$/],
    ] as const) {
      await expect(backUpPanel(context, { directory, limits })).rejects.toThrow(why);
      expect((await readRecord(context)).failed?.why).toMatch(why);
      expect(readdirSync(context.paths.run).filter((name) => name.startsWith('panel-'))).toEqual([]);
    }
  } finally {
    await holder.query('rollback');
  }
  await expect.poll(async () => (await writer.query(dumping)).rows, { timeout: 10_000 }).toEqual([]);
  await expect(backUpPanel(context, { directory })).resolves.toContain(directory);
}, 60_000);
