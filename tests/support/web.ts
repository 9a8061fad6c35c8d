import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get as getPlain } from 'node:http';
import { get as getTls } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemActor } from '#lib/access/actor.ts';
import { hashPassword } from '#lib/auth/passwords.ts';
import { withActor } from '#lib/db/client.ts';
import { users } from '#lib/db/schema/users.ts';
import { InstallationConfig } from '#lib/settings.ts';
import { buildPages } from '#server/setup/build.ts';
import { nodeBinary, repoDir, setupContext } from '#server/setup/context.ts';
import { migrateDatabase } from '#server/setup/migrate.ts';
import { ensureDirectories, ensureSecrets } from '#server/setup/secrets.ts';
import { connectPortal, seedWorld, type TestPortal, type World } from './portal.ts';
import { freePort, startPostgres, type TestPostgres } from './postgres.ts';

export type TestWeb = {
  baseUrl: string;
  /** On loopback. */
  port: number;
  stateDir: string;
  process: ChildProcess;
  /** What it has written to its log. */
  log(): string;
  /** Sends SIGTERM and gives how long it took to end and how. */
  end(): Promise<{ code: number | null; tookMs: number }>;
  stop(): Promise<void>;
};

/**
 * `publicUrl`: what people type, where a proxy on this machine stands before it. `caFile`: whose certificates it trusts besides. `tls`: it serves
 * TLS itself, as with `up --tls-cert --tls-key --tls-dir`; its own certificate is one that has signed itself, for `host`.
 */
export type WebOptions = {
  host?: string;
  publicUrl?: string;
  caFile?: string;
  tls?: NonNullable<InstallationConfig['tls']>;
};

export type TestSite = { web: TestWeb; portal: TestPortal; world: World; stop(): Promise<void> };

/** The real web process with the usual people in its database, all of whom have this password. */
export async function startSite(password: string, options: WebOptions = {}): Promise<TestSite> {
  const portal = connectPortal(await startPostgres());
  let web: TestWeb | undefined;
  const stop = async () => {
    await web?.stop();
    await portal.stop();
  };
  try {
    web = await startWeb(portal.pg, { ...options, migrate: true });
    const world = await seedWorld(portal);
    const passwordHash = await hashPassword(password);
    await withActor(portal.super, systemActor('test'), (tx) => tx.update(users).set({ passwordHash }));
    return { web, portal, world, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The real web process on a free port of loopback, in a state directory of its own, on the given (empty) database. */
export async function startWeb(pg: TestPostgres, options: WebOptions & { migrate: boolean }): Promise<TestWeb> {
  const stateDir = mkdtempSync(join(tmpdir(), 'berth-web-'));
  const port = await freePort();
  // 127.0.0.1 is kept as a name of its own: Next calls it localhost otherwise.
  const host = options.host ?? '127.0.0.1';
  const direct = `${options.tls === undefined ? 'http' : 'https'}://${host}:${port}`;
  const baseUrl = options.publicUrl ?? direct;
  const config = InstallationConfig.parse({
    name: 'test',
    instance: 'tw',
    bind: '127.0.0.1',
    port,
    baseUrl,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    behindProxy: options.publicUrl !== undefined,
    agentPort: 1,
    postgresPort: Number(new URL(pg.ownerUrl).port),
    subnet: '10.99.0.0/24',
    idBase: 1_879_048_192,
    forwardAddress: '127.0.0.1',
    forwardPorts: { first: 20_000, last: 20_100 },
    demo: false,
  });
  const context = setupContext(config, stateDir, { NODE_ENV: 'test' });
  await ensureDirectories(context);
  await ensureSecrets(context);
  writeFileSync(context.paths.config, JSON.stringify(config));
  if (options.migrate) await migrateDatabase(pg.ownerUrl);
  await buildPages();
  let log = '';
  const child = spawn(nodeBinary, ['--disable-warning=ExperimentalWarning', join(repoDir, 'server/web.ts')], {
    cwd: repoDir,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      BERTH_STATE: stateDir,
      ...(options.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: options.caFile }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      log += bytes.toString('utf8');
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const deadline = Date.now() + 120_000;
  for (;;) {
    if (await isHealthy(host, port, options.tls)) break;
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      rmSync(stateDir, { recursive: true, force: true });
      throw new Error(`the web process does not start:\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const end = async () => {
    const before = Date.now();
    child.kill('SIGTERM');
    return { code: await ended, tookMs: Date.now() - before };
  };
  const stop = async () => {
    if (child.exitCode === null) {
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(stateDir, { recursive: true, force: true });
  };
  return { baseUrl, port, stateDir, process: child, log: () => log, end, stop };
}

/** Whoever serves on loopback under this name, whether that resolves or not. */
function isHealthy(host: string, port: number, tls: WebOptions['tls']): Promise<boolean> {
  const asked = { host: '127.0.0.1', port, path: '/healthz', headers: { host: `${host}:${port}` }, agent: false };
  return new Promise((resolve) => {
    const request =
      tls === undefined
        ? getPlain(asked)
        : getTls({ ...asked, servername: host, ca: readFileSync(tls.certificate, 'utf8') });
    request.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}
