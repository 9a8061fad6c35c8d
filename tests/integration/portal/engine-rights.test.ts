/** What the web's role may do where workflows are kept: put work in line, and nothing else. */
import { sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openQueue } from '#lib/workflows/dbos.ts';
import { migrateDatabase } from '#server/setup/migrate.ts';
import { startPortal, type TestPortal } from '#tests/support/portal.ts';

let portal: TestPortal;
const work = { operationId: uuidv7(), attempt: 1, hostId: uuidv7(), queue: 'interactive' as const };

beforeAll(async () => {
  portal = await startPortal();
  await migrateDatabase(portal.pg.ownerUrl);
});
afterAll(() => portal?.stop());

it('puts work in line, also twice', async () => {
  const queue = await openQueue(portal.pg.webUrl, '1');
  await queue.enqueue(work);
  await queue.enqueue(work);
  await queue.close();
  const { rows } = await portal.super.execute(sql`select status, queue_name from dbos.workflow_status`);
  expect(rows).toEqual([{ status: 'ENQUEUED', queue_name: 'interactive' }]);
});

const id = `${work.operationId}.1`;
it.each([
  [
    'answers for a step',
    sql`insert into dbos.operation_outputs (workflow_uuid, function_id, function_name) values (${id}, 0, 'begin')`,
  ],
  ['takes work out of the line', sql`update dbos.workflow_status set status = 'SUCCESS' where workflow_uuid = ${id}`],
  ['gives work to another', sql`update dbos.workflow_status set executor_id = 'me', owner_xid = 'me'`],
  ['changes what is to be done', sql`update dbos.workflow_input set inputs = '[]'`],
  ['removes work', sql`delete from dbos.workflow_status`],
  ['reads what is to be done', sql`select inputs from dbos.workflow_input`],
  ['reads what steps answered', sql`select output from dbos.operation_outputs`],
  ['changes the lines', sql`update dbos.queues set concurrency = 0`],
])('never %s', async (_what, statement) => {
  const refused = { cause: { message: expect.stringContaining('permission denied') } };
  await expect(portal.web.execute(statement)).rejects.toMatchObject(refused);
});
