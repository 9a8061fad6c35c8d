import { mkdir } from 'node:fs/promises';
import { get as plainGet } from 'node:http';
import { get as secureGet } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { workerNames } from '../supervisor-services.ts';
import { buildPages, bundleAgent } from './build.ts';
import type { SetupContext } from './context.ts';
import { ensureEngine } from './engine.ts';
import { refuseUnfitHost } from './host.ts';
import { raiseLimits } from './limits.ts';
import { migrateDatabase } from './migrate.ts';
import { ensurePool } from './pool.ts';
import { refuseTakenPorts } from './ports.ts';
import { ensureCluster, ensureExternalRoles, ensureRoles, waitForPostgres } from './postgres.ts';
import { databaseUrl, ensureDirectories, ensureSecrets, readMaster } from './secrets.ts';
import { servicesOf } from './services.ts';
import type { Step } from './steps.ts';

/** Waits for the web process to answer its health address. */
export async function waitForWeb(context: SetupContext, timeoutMs = 180_000): Promise<void> {
  const url = new URL('/healthz', localUrl(context));
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (await isHealthy(url)) return;
    if (Date.now() > deadline)
      throw new Error(`The web process does not answer at ${url.href}. Its log: ${join(context.paths.log, 'web.log')}`);
    await sleep(150);
  }
}

/** Whether something answers 200. Its certificate names the public address, not this one, and nothing secret is said: it is not judged. */
function isHealthy(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { timeout: 2_000, rejectUnauthorized: false, agent: false } as const;
    const get = url.protocol === 'https:' ? secureGet : plainGet;
    const request = get(url, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/** Where this machine itself reaches the portal, whatever its public address is. */
export function localUrl({ config }: SetupContext): string {
  const host =
    config.bind === '0.0.0.0'
      ? '127.0.0.1'
      : config.bind === '::'
        ? '[::1]'
        : config.bind.includes(':')
          ? `[${config.bind}]`
          : config.bind;
  return `${config.tls === undefined ? 'http' : 'https'}://${host}:${config.port}`;
}

export const baseSteps: readonly Step<SetupContext>[] = [
  {
    name: 'host',
    title: 'This machine is fit',
    async run(context) {
      await refuseUnfitHost();
      await refuseTakenPorts(context);
    },
  },
  {
    name: 'directories',
    title: 'State directory',
    needs: ['host'],
    run: (context) => ensureDirectories(context),
  },
  {
    name: 'limits',
    title: 'Host limits',
    needs: ['directories'],
    async run(context, say) {
      const raised = Object.keys(await raiseLimits(context.stateDir));
      if (raised.length > 0) say(`raised ${raised.length} (undone by purge)`);
    },
  },
  {
    name: 'secrets',
    title: 'Secrets and certificates',
    needs: ['directories'],
    run: (context) => ensureSecrets(context),
  },
  {
    name: 'engine',
    title: 'Engine: runc, criu, restic',
    needs: ['directories'],
    async run({ paths, repoDir }, say) {
      const { versions } = await ensureEngine({
        engineDir: paths.engine,
        lockFile: join(repoDir, 'engine.lock.json'),
        say,
      });
      say(`runc ${versions.runc}, criu ${versions.criu}, restic ${versions.restic}`);
    },
  },
  {
    name: 'pool',
    title: 'Pool for layers and volumes',
    needs: ['directories'],
    async run({ paths }, say) {
      const kind = await ensurePool(paths, process.env.BERTH_POOL_SIZE);
      say(kind === 'image' ? 'an XFS image of our own, with reflinks' : 'the state directory itself has reflinks');
      await mkdir(join(paths.pool, 'layers'), { recursive: true, mode: 0o700 });
    },
  },
  {
    name: 'agent-bundle',
    title: 'Agent built',
    needs: ['host'],
    async run({ repoDir }) {
      await bundleAgent(repoDir);
    },
  },
  {
    name: 'pages',
    title: 'Pages built',
    needs: ['host'],
    async run({ repoDir }, say) {
      say(await buildPages(repoDir, { say }));
    },
  },
  {
    name: 'database',
    title: 'Database',
    needs: ['secrets', 'pool'],
    async run(context) {
      const master = await readMaster(context);
      if (context.externalDatabaseUrl !== undefined) {
        await ensureExternalRoles(context.externalDatabaseUrl, master);
        return;
      }
      await ensureCluster(context);
      const services = servicesOf(context);
      await services.prepare();
      await services.start('postgres');
      await waitForPostgres(context);
      await ensureRoles(context, master);
    },
  },
  {
    name: 'migrations',
    title: 'Tables',
    needs: ['database'],
    async run(context) {
      await migrateDatabase(databaseUrl(context, 'owner', await readMaster(context)));
    },
  },
  {
    name: 'portal',
    title: 'Portal started',
    needs: ['migrations', 'pages'],
    async run(context) {
      const services = servicesOf(context);
      await services.prepare();
      for (const name of workerNames(context.config)) await services.restart(name);
      await services.restart('web');
      await services.restart('keeper');
      await waitForWeb(context);
    },
  },
];
