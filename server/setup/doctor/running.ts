/** What runs: our processes, the database behind them, and what the agent keeps in the kernel for all containers. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { isForwarding } from '#agent/network/forwarding.ts';
import { type ServiceName, servicesHere } from '../../supervisor-services.ts';
import type { SetupContext } from '../context.ts';
import { hostObjects } from '../leftovers.ts';
import { ensureRoles, waitForPostgres } from '../postgres.ts';
import { databaseUrl, readMaster } from '../secrets.ts';
import { servicesOf } from '../services.ts';
import { unitName } from '../systemd.ts';
import { type Check, fine, verdict, wrong } from './check.ts';
import { askAgent } from './objects.ts';

const whyOf: Record<Exclude<ServiceName, `worker-${number}`>, string> & Record<string, string> = {
  postgres: 'The panel keeps everything in it.',
  worker: 'Nothing that is asked for is done, and hosts count as silent.',
  web: 'Nobody reaches the panel.',
  keeper: 'No nightly backup of the panel is made, and certificates run out in the end.',
  agent: 'Containers run on, but nobody can start, stop or back up any, and none is started again.',
};

export async function services(context: SetupContext): Promise<Check[]> {
  const services = servicesOf(context);
  const found = new Map((await services.status()).map((service) => [service.name, service]));
  return servicesHere(context.config).map(({ name }) => {
    const about = { id: `service-${name}`, why: whyOf[name] ?? 'Another does its work meanwhile, and slower.' };
    const service = found.get(name);
    if (service?.state === 'running') return fine(about, `runs, ${service.restarts} restarts`);
    const end = service?.lastExit == null ? '' : `, last end: ${service.lastExit}`;
    const log = join(context.paths.log, `${name}.log`);
    return wrong(
      about,
      `${service?.state ?? 'stopped'}${end}`,
      `Start it; if it ends again, its log says why: ${log}`,
      {
        command: services.kind === 'systemd' ? `systemctl start ${unitName(context.config.name, name)}` : './berth up',
        async apply() {
          await services.prepare();
          await services.start(name);
          await untilRunning(context, name);
        },
      },
    );
  });
}

/** A process that has just been started may end at once: told as not mended. */
async function untilRunning(context: SetupContext, name: ServiceName): Promise<void> {
  if (name === 'postgres') return waitForPostgres(context);
  const deadline = Date.now() + 30_000;
  for (;;) {
    const state = (await servicesOf(context).status()).find((service) => service.name === name)?.state;
    const ready = name === 'agent' ? (await askAgent(context)) !== undefined : state === 'running';
    if (ready) return;
    if (Date.now() > deadline) throw new Error(`${name} was started and is ${state ?? 'not there'}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** That web and worker can reach the database as the roles they have, and that these are no more than they should be. */
export async function database(context: SetupContext): Promise<Check[]> {
  const master = await readMaster(context);
  const [rolesAbout, tablesAbout] = [
    {
      id: 'database-roles',
      why: 'Row-level security binds these roles; with more rights every tenant’s rows are open to them, with fewer nothing works.',
    },
    { id: 'database-tables', why: 'Programs and tables must be of one version.' },
  ];
  const owner = new pg.Client({
    connectionString: databaseUrl(context, 'owner', master),
    connectionTimeoutMillis: 5_000,
  });
  const faults: string[] = [];
  for (const role of ['web', 'worker'] as const) {
    const client = new pg.Client({
      connectionString: databaseUrl(context, role, master),
      connectionTimeoutMillis: 5_000,
    });
    await client.connect().catch((error: Error) => faults.push(`berth_${role} cannot sign in: ${error.message}`));
    await client.end().catch(() => undefined);
  }
  const fix =
    context.externalDatabaseUrl === undefined
      ? { command: './berth up', apply: () => ensureRoles(context, master) }
      : null;
  const mend = 'Give the roles their passwords and rights again.';
  const connected = await owner.connect().then(
    () => true,
    (error: Error) => {
      faults.push(`the owner cannot sign in: ${error.message}`);
      return false;
    },
  );
  if (!connected) return [verdict(rolesAbout, faults, '', mend, fix)];
  try {
    const strong = await owner.query<{ rolname: string }>(
      "SELECT rolname FROM pg_roles WHERE rolname IN ('berth_web', 'berth_worker') AND (rolbypassrls OR rolsuper OR rolcreaterole)",
    );
    faults.push(...strong.rows.map(({ rolname }) => `${rolname} may pass row-level security`));
    const { rows } = await owner.query<{ n: number }>('SELECT count(*)::int AS n FROM drizzle.__drizzle_migrations');
    const wanted = readdirSync(join(context.repoDir, 'drizzle')).filter((name) => name.endsWith('.sql')).length;
    const has = rows[0]?.n ?? 0;
    const tables = has === wanted ? [] : [`${has} of ${wanted} migrations were run`];
    return [
      verdict(rolesAbout, faults, 'as they should be', mend, fix),
      verdict(
        tablesAbout,
        tables,
        `${has} migrations`,
        has > wanted ? 'This checkout is older than its database: bring it up to date.' : 'Run "./berth up".',
      ),
    ];
  } finally {
    await owner.end();
  }
}

/** Bridge, rules and resolver, which the agent makes at its start and at every change. */
export async function network(context: SetupContext): Promise<Check> {
  const about = { id: 'network', why: 'Without them containers have no network, or reach what they must not.' };
  const status = await askAgent(context);
  if (status === undefined || status.simulated)
    return fine(about, status === undefined ? 'the agent does not run' : 'simulated');
  const { instance } = context.config;
  const objects = await hostObjects(context.stateDir, instance);
  const faults = ['inet', 'bridge']
    .filter((family) => !objects.nftTables.some((table) => table.family === family))
    .map((family) => `the nft table ${family} berth_${instance} is missing`);
  if (!objects.interfaces.includes(`berth-${instance}`)) faults.push(`the bridge berth-${instance} is missing`);
  if (!isForwarding()) faults.push('packets are not routed (net.ipv4.ip_forward is 0)');
  return verdict(
    about,
    faults,
    'bridge and rules are there',
    'Start the agent again: it makes them. Containers run on.',
    {
      command: './berth up',
      async apply() {
        await servicesOf(context).restart('agent');
        await untilRunning(context, 'agent');
      },
    },
  );
}
