/**
 * Faults planted for real in an installation that stands: `doctor` finds each and no other, says why it matters and how it is
 * mended, and after the fix it is gone. The portal's own two processes are not started here: of them it says that they do not run, and of
 * the panel's backups that there are none.
 */
import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AgentConfig } from '#agent/config.ts';
import { createRequest, issueHostCert, issueServiceCert } from '#lib/pki/ca.ts';
import { loadSettings, statePaths } from '#lib/settings.ts';
import { configure } from '#server/setup/configure.ts';
import { type SetupContext, setupContext } from '#server/setup/context.ts';
import type { Check } from '#server/setup/doctor/check.ts';
import { examine, mend } from '#server/setup/doctor.ts';
import { purgeSteps } from '#server/setup/purge.ts';
import { servicesOf } from '#server/setup/services.ts';
import { runSteps } from '#server/setup/steps.ts';
import { baseSteps } from '#server/setup/up.ts';
import { freePort } from '../../support/postgres.ts';

const instance = 'td';
const dayMs = 86_400_000;
const absent = ['service-worker', 'service-web'];
const steps = baseSteps.filter((step) => !['pages', 'portal'].includes(step.name));
const sh = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });

let stateDir: string;
let context: SetupContext;
let found = 0;
let planted = 0;

const authority = () => ({
  certificate: readFileSync(context.paths.caFile, 'utf8'),
  key: readFileSync(context.paths.caKeyFile, 'utf8'),
});

/** Joins this machine as the portal would have it: an identity of our own authority. */
async function writeAgentIdentity(now = new Date()): Promise<void> {
  const { agentDir, grantPublicKeys } = context.paths;
  const pki = join(agentDir, 'pki');
  mkdirSync(pki, { recursive: true, mode: 0o700 });
  const configFile = join(agentDir, 'config.json');
  const hostId = existsSync(configFile) ? JSON.parse(readFileSync(configFile, 'utf8')).hostId : uuidv7();
  const request = await createRequest();
  const files = { certificate: join(pki, 'host.pem'), key: join(pki, 'host.key'), ca: join(pki, 'ca.pem') };
  writeFileSync(files.key, request.key, { mode: 0o600 });
  writeFileSync(files.certificate, await issueHostCert(authority(), request.csr, hostId, ['127.0.0.1'], now), {
    mode: 0o600,
  });
  writeFileSync(files.ca, authority().certificate, { mode: 0o600 });
  const { config, paths } = context;
  const settings = AgentConfig.parse({
    ...{
      instance,
      agentDir,
      poolPath: paths.pool,
      engineDir: paths.engine,
      subnet: config.subnet,
      idBase: config.idBase,
    },
    ...{ listen: { host: '127.0.0.1', port: config.agentPort }, forwardAddress: '127.0.0.1' },
    ...{
      forwardPorts: config.forwardPorts,
      backupRoot: paths.backups,
      hostId,
      identity: files,
      grantKeys: grantPublicKeys,
    },
  });
  writeFileSync(configFile, JSON.stringify(settings), { mode: 0o600 });
}

beforeAll(async () => {
  process.env.BERTH_POOL_SIZE = '1G';
  stateDir = mkdtempSync(join(tmpdir(), 'berth-doctor-'));
  chmodSync(stateDir, 0o711);
  const ports = { port: await freePort(), agentPort: await freePort(), postgresPort: await freePort() };
  const network = { subnet: '10.97.0.0/24', idBase: 2_080_374_784, forwardPorts: '32000-32099' };
  const config = await configure(
    stateDir,
    { instance, name: 'doctor-test', ...ports, ...network },
    { NODE_ENV: 'test' },
  );
  context = setupContext(config, stateDir, { NODE_ENV: 'test' });
  await runSteps(steps, context, () => undefined);
  await writeAgentIdentity();
  await servicesOf(context).start('agent');
}, 400_000);

afterAll(async () => {
  console.log(`${found} of ${planted} planted faults found, explained and gone after the fix`);
  if (existsSync(statePaths(stateDir).config)) await runSteps(purgeSteps, context, () => undefined);
  rmSync(stateDir, { recursive: true, force: true });
});

const faultsOf = (checks: Check[]) => checks.filter((check) => !check.ok && !absent.includes(check.id));
const ids = (checks: Check[]) => checks.map((check) => check.id).sort();

/** Sees exactly `expected` wrong, each explained; gives them. */
async function seen(expected: string[]): Promise<Check[]> {
  planted += expected.length;
  const faults = faultsOf(await examine(stateDir));
  expect(ids(faults), JSON.stringify(faults, null, 1)).toEqual([...expected].sort());
  for (const fault of faults) {
    for (const text of [fault.found, fault.why, fault.mend]) expect(text?.length ?? 0).toBeGreaterThan(10);
  }
  return faults;
}

async function gone(count: number): Promise<void> {
  const left = faultsOf(await examine(stateDir));
  expect(left, JSON.stringify(left, null, 1)).toEqual([]);
  found += count;
}

/** Mends what has a fix, and nothing else. */
async function mended(faults: Check[]): Promise<void> {
  const results = await mend(faults);
  expect(results.filter((result) => result.error !== null)).toEqual([]);
  expect(results.map((result) => result.id).sort()).toEqual(ids(faults));
  for (const { command } of results) expect(command.length).toBeGreaterThan(5);
  await gone(faults.length);
}

async function ask(sql: string): Promise<void> {
  const url = new URL(loadSettings('owner', stateDir).databaseUrl);
  const socket = join(stateDir, 'run/postgres');
  sh(
    'setpriv',
    '--reuid=postgres',
    '--regid=postgres',
    '--init-groups',
    '--',
    'psql',
    '-q',
    '-h',
    socket,
    '-p',
    url.port,
    '-d',
    'berth',
    '-c',
    sql,
  );
}

it('finds nothing wrong with what was just set up', async () => {
  const socket = join(context.paths.agentDir, 'run/local/agent.sock');
  await expect.poll(() => existsSync(socket), { timeout: 60_000 }).toBe(true);
  expect(faultsOf(await examine(stateDir))).toEqual([]);
});

it('finds and mends twelve faults at once', async () => {
  const { paths } = context;
  const limit = '/proc/sys/fs/inotify/max_queued_events';
  writeFileSync(limit, '16384');
  chmodSync(join(paths.role('worker'), 'settings.json'), 0o644);
  appendFileSync(join(paths.engine, 'bin', 'restic'), 'altered');
  sh('umount', paths.app);
  const repository = join(paths.backups, 'tenants', uuidv7(), 'locks');
  mkdirSync(repository, { recursive: true });
  const lock = join(repository, 'a'.repeat(64));
  writeFileSync(lock, 'of a process that is dead');
  const hourAgo = new Date(Date.now() - 3_600_000);
  utimesSync(lock, hourAgo, hourAgo);
  const old = await issueServiceCert(authority(), 'worker', new Date(Date.now() - 80 * dayMs));
  writeFileSync(join(paths.role('worker'), 'service.crt'), old.certificate);
  writeFileSync(join(paths.role('worker'), 'service.key'), old.key);
  await ask("ALTER ROLE berth_worker BYPASSRLS; ALTER ROLE berth_web PASSWORD 'another'");
  sh('nft', 'delete', 'table', 'inet', `berth_${instance}`);
  const forwarding = '/proc/sys/net/ipv4/ip_forward';
  writeFileSync(forwarding, '0');
  const orphan = join(paths.agentDir, 'mnt/volumes', uuidv7());
  mkdirSync(orphan, { recursive: true });
  sh('mount', '-t', 'tmpfs', 'berth', orphan);
  const image = join(paths.pool, 'forgotten.img');
  sh('truncate', '-s', '16M', image);
  const loop = sh('losetup', '--find', '--show', image).trim();
  sh('ip', 'link', 'add', 'berthdoctor0', 'type', 'veth', 'peer', 'name', 'berthdoctor1');
  sh('ip', 'link', 'set', 'berthdoctor0', 'master', `berth-${instance}`);
  const pids = existsSync('/sys/fs/cgroup/cgroup.controllers') ? '/sys/fs/cgroup' : '/sys/fs/cgroup/pids';
  const group = join(pids, `berth-${instance}`, uuidv7());
  mkdirSync(join(group, 'ct'), { recursive: true });

  const faults = await seen([
    ...['limits', 'permissions', 'engine', 'checkout', 'locks', 'certificate-worker', 'database-roles', 'network'],
    ...['orphan-mounts', 'orphan-loops', 'orphan-interfaces', 'orphan-groups'],
  ]);
  const said = (id: string) => faults.find((fault) => fault.id === id)?.found ?? '';
  expect(said('engine')).toContain('bin/restic is damaged');
  expect(said('locks')).toContain(lock);
  expect(said('network')).toContain('packets are not routed');
  expect(said('orphan-mounts')).toContain(orphan);
  expect(said('orphan-loops')).toContain(loop);
  expect(said('database-roles')).toMatch(/berth_web cannot sign in.*berth_worker may pass row-level security/s);
  await mended(faults);
  expect(readFileSync(limit, 'utf8').trim()).toBe('65536');
  expect(readFileSync(forwarding, 'utf8').trim()).toBe('1');
  expect([lock, group].filter(existsSync)).toEqual([]);
});

it('finds what only a person should mend, and says how', async () => {
  const { paths, config } = context;
  // A portal on a machine whose clock is ten minutes ahead.
  const portal = createServer((_request, response) => {
    response.sendDate = false;
    response.setHeader('date', new Date(Date.now() + 600_000).toUTCString());
    response.end();
  });
  await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve));
  const changed = { ...config, baseUrl: `http://127.0.0.1:${(portal.address() as AddressInfo).port}` };
  writeFileSync(paths.config, JSON.stringify(changed));
  const script = `require('net').createServer().listen(${config.port}, '127.0.0.1', () => console.log('listening'))`;
  const stranger = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => stranger.stdout.once('data', resolve));
  const ballast = join(paths.pool, 'ballast');
  const free = Number(sh('stat', '-f', '-c', '%a', paths.pool)) * Number(sh('stat', '-f', '-c', '%S', paths.pool));
  sh('fallocate', '-l', String(free - 300 * 1024 ** 2), ballast);
  await writeAgentIdentity(new Date(Date.now() - 75 * dayMs));
  await ask('DELETE FROM drizzle.__drizzle_migrations WHERE id = (SELECT max(id) FROM drizzle.__drizzle_migrations)');
  try {
    const faults = await seen(['clock', 'ports', 'pool-room', 'certificate-agent', 'database-tables']);
    expect(faults.every((fault) => fault.fix === null)).toBe(true);
    const said = (id: string) => JSON.stringify(faults.find((fault) => fault.id === id));
    expect(said('clock')).toContain('behind the portal');
    expect(said('ports')).toContain(`(process ${stranger.pid})`);
    expect(said('certificate-agent')).toContain('ends in 14 days');
    expect(said('database-tables')).toContain('migrations were run');
  } finally {
    stranger.kill('SIGKILL');
    await new Promise((resolve) => portal.close(resolve));
    writeFileSync(paths.config, JSON.stringify(config));
  }
  rmSync(ballast);
  await writeAgentIdentity();
  const folder = join(context.repoDir, 'drizzle/meta/_journal.json');
  const newest = JSON.parse(readFileSync(folder, 'utf8')).entries.at(-1);
  const client = new pg.Client({ connectionString: loadSettings('owner', stateDir).databaseUrl });
  await client.connect();
  await client.query('INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)', [
    'again',
    newest.when,
  ]);
  await client.end();
  await gone(5);
});

it('finds services that do not run and a pool that is not mounted, and brings them back', async () => {
  const services = servicesOf(context);
  await services.stop('agent');
  await services.stop('postgres');
  sh('umount', context.paths.pool);
  // The roles cannot sign in while there is no database: that is gone with it.
  const faults = await seen(['service-postgres', 'service-agent', 'pool', 'database-roles']);
  await mended(faults);
});

it('says what to do when the secrets or the configuration are lost', async () => {
  const { paths } = context;
  const master = join(paths.secrets, 'master.json');
  renameSync(master, `${master}.away`);
  const faults = faultsOf(await examine(stateDir));
  renameSync(`${master}.away`, master);
  planted += 1;
  expect(faults.find((fault) => fault.id === 'secrets')).toMatchObject({
    fix: null,
    mend: expect.stringContaining('your copy'),
  });
  const config = readFileSync(paths.config, 'utf8');
  writeFileSync(paths.config, config.slice(0, 40));
  const [broken] = await seen(['installation']);
  expect(broken?.found).toContain(paths.config);
  writeFileSync(paths.config, config);
  await gone(2);
});

it('sees a missing package, and installs it', async () => {
  // In a world of its own: the package's removal and its coming back touch nothing outside.
  const world = mkdtempSync(join(tmpdir(), 'berth-packages-'));
  try {
    const script = new URL('./package-world.sh', import.meta.url).pathname;
    const program = new URL('./packages.ts', import.meta.url).pathname;
    const said = sh(
      'unshare',
      '--mount',
      '--propagation',
      'private',
      'sh',
      script,
      world,
      context.repoDir,
      process.execPath,
      program,
    );
    const [before, after] = said
      .trim()
      .split('\n')
      .slice(-2)
      .map((line) => JSON.parse(line));
    planted += 1;
    expect(before).toMatchObject({
      ok: false,
      found: 'patchelf is not installed',
      command: expect.stringContaining('patchelf'),
    });
    expect(after).toMatchObject({ ok: true });
    found += 1;
  } finally {
    rmSync(world, { recursive: true, force: true });
  }
});
