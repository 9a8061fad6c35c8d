/** A database on a server somebody else runs, named by DATABASE_URL. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSettings, statePaths } from '#lib/settings.ts';
import { configure } from '#server/setup/configure.ts';
import { type SetupContext, setupContext } from '#server/setup/context.ts';
import { purgeSteps } from '#server/setup/purge.ts';
import { runSteps } from '#server/setup/steps.ts';
import { baseSteps } from '#server/setup/up.ts';
import { serviceDefinitions } from '#server/supervisor-services.ts';
import { freePort, startPostgres, type TestPostgres } from '../../support/postgres.ts';

const steps = baseSteps.filter(({ name }) => !['agent-bundle', 'pages', 'portal', 'engine'].includes(name));
let elsewhere: TestPostgres;
let stateDir: string;
let context: SetupContext;

async function ask(sql: string, url = elsewhere.superUrl): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** As `./berth up` sees it with these variables. */
async function contextWith(env: Record<string, string>): Promise<SetupContext> {
  const given = { NODE_ENV: 'test', ...env } as const;
  const ports = { port: await freePort(), agentPort: await freePort() };
  return setupContext(
    await configure(stateDir, { instance: 'te', name: 'elsewhere', ...ports }, given),
    stateDir,
    given,
  );
}
const setUp = () => runSteps(steps, context, () => undefined);

beforeAll(async () => {
  process.env.BERTH_POOL_SIZE = '1G';
  elsewhere = await startPostgres();
  await ask('drop role berth_web; drop role berth_worker; alter role berth_owner createrole');
  stateDir = mkdtempSync(join(tmpdir(), 'berth-setup-'));
  context = await contextWith({ DATABASE_URL: elsewhere.ownerUrl });
  await setUp();
});
afterAll(async () => {
  if (existsSync(statePaths(stateDir).config)) await runSteps(purgeSteps, context, () => undefined);
  rmSync(stateDir, { recursive: true, force: true });
  await elsewhere?.stop();
});

it('gets tables and two roles that bypass nothing; no server of our own is there', async () => {
  expect((await serviceDefinitions(context)).map(({ name }) => name)).not.toContain('postgres');
  expect(existsSync(context.paths.pg)).toBe(false);
  const roles = await ask(
    `select rolname, rolsuper or rolbypassrls or rolcreaterole as strong, rolpassword is not null as locked
     from pg_authid where rolname in ('berth_web', 'berth_worker') order by 1`,
  );
  expect(roles).toEqual(['berth_web', 'berth_worker'].map((rolname) => ({ rolname, strong: false, locked: true })));
  const web = loadSettings('web', stateDir).databaseUrl;
  expect(new URL(web).port).toBe(new URL(elsewhere.ownerUrl).port);
  expect(await ask('select count(*)::int as n from containers', web)).toEqual([{ n: 0 }]);
  await expect(ask('create table mine (n int)', web)).rejects.toThrow(/permission denied/);
});

it('is remembered, and a role that may bypass the rows’ security is refused', async () => {
  context = await contextWith({});
  expect(context.externalDatabaseUrl).toBe(elsewhere.ownerUrl);
  await setUp();
  await ask('alter role berth_web bypassrls');
  await expect(setUp()).rejects.toThrow(/may bypass row-level security.*berth_web/);
  await ask('alter role berth_web nobypassrls');
  await setUp();
});

it('stays as it is when the installation is purged', async () => {
  await runSteps(purgeSteps, context, () => undefined);
  expect(existsSync(stateDir)).toBe(false);
  expect(await ask('select count(*)::int as n from containers')).toEqual([{ n: 0 }]);
});
