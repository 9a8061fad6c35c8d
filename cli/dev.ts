import { join } from 'node:path';
import { statePaths } from '#lib/settings.ts';
import { configure } from '#server/setup/configure.ts';
import { nodeBinary, repoDir, setupContext } from '#server/setup/context.ts';
import { type FinishContext, finishSteps } from '#server/setup/finish.ts';
import { postgresBin } from '#server/setup/postgres.ts';
import { readDemo } from '#server/setup/seed.ts';
import type { Services } from '#server/setup/services.ts';
import { runSteps } from '#server/setup/steps.ts';
import { baseSteps } from '#server/setup/up.ts';
import { SupervisedProcess } from '#server/supervisor-process.ts';
import { type ServiceDefinition, type ServiceName, stopOrder } from '#server/supervisor-services.ts';

/** What development leaves out: it has no real containers, and Next builds pages as they are asked for. */
const left = new Set(['host', 'limits', 'engine', 'pool', 'agent-bundle', 'pages']);

/** The portal with hot reload over a simulated host; no root. All state is in `.build/dev`, or where BERTH_STATE says. */
export async function dev(options: { port: number }): Promise<void> {
  if (process.getuid?.() === 0) console.log('Running as root, which "dev" does not need.');
  const stateDir = process.env.BERTH_STATE || join(repoDir, '.build', 'dev');
  // A DATABASE_URL of the shell is not meant for this.
  const env = { NODE_ENV: 'development' } as const;
  const ports = { port: options.port, agentPort: options.port + 1, postgresPort: options.port + 2 };
  const config = await configure(stateDir, { name: 'dev', instance: 'dv', ...ports }, env);
  const base = setupContext(config, stateDir, env);
  const services = developmentServices(stateDir, await postgresBin(base.paths.pg));
  const context: FinishContext = { ...base, services, outcome: {} };
  const end = () => void services.shutDown().then(() => process.exit(0));
  process.on('SIGINT', end);
  process.on('SIGTERM', end);

  const all = [...baseSteps, ...finishSteps].filter((step) => !left.has(step.name));
  const steps = all.map((step) => ({ ...step, needs: (step.needs ?? []).filter((name) => !left.has(name)) }));
  try {
    await runSteps<FinishContext>(steps, context, console.log);
  } catch (error) {
    await services.shutDown();
    throw error;
  }
  const demo = await readDemo(context);
  console.log(`\n${config.baseUrl} (a simulated host; Ctrl-C ends it; logs in ${statePaths(stateDir).log})`);
  if (demo !== undefined) {
    for (const who of ['admin', 'tenant'] as const) console.log(`  ${demo[who].email}  ${demo[who].password}`);
  }
}

/** Our processes as children of this one, started from the sources and again when these change. */
function developmentServices(stateDir: string, pgBin: string): Services {
  const paths = statePaths(stateDir);
  const { NODE_OPTIONS: _ignored, ...inherited } = process.env;
  const definition = (
    name: ServiceName,
    argv: [string, ...string[]],
    env: 'development' | 'production',
  ): ServiceDefinition => ({
    name,
    title: name,
    argv,
    cwd: repoDir,
    env: {
      ...(inherited as Record<string, string>),
      NODE_ENV: env,
      NEXT_TELEMETRY_DISABLED: '1',
      BERTH_STATE: stateDir,
    },
    stopSignal: name === 'postgres' ? 'SIGINT' : 'SIGTERM',
    stopTimeoutMs: 10_000,
    killSignal: name === 'postgres' ? 'SIGQUIT' : 'SIGKILL',
  });
  const node: [string, ...string[]] = [nodeBinary, '--disable-warning=ExperimentalWarning'];
  const become =
    process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--'] : [];
  const agent = join(repoDir, 'agent', 'main.ts');
  const [postgres = '', ...postgresArgs] = [...become, join(pgBin, 'postgres'), '-D', paths.pg];
  const definitions = [
    definition('postgres', [postgres, ...postgresArgs], 'production'),
    definition('worker', [...node, '--watch', join(repoDir, 'server', 'worker.ts')], 'development'),
    definition('web', [...node, join(repoDir, 'server', 'web.ts'), '--dev'], 'development'),
    definition(
      'agent',
      [...node, '--watch', agent, '--config', join(paths.agentDir, 'config.json'), '--sim'],
      'development',
    ),
  ];
  const processes = new Map(definitions.map((item) => [item.name, new SupervisedProcess(item, paths)]));
  const find = (name: ServiceName) => {
    const found = processes.get(name);
    if (found === undefined) throw new Error(`there is no service ${name}`);
    return found;
  };
  return {
    kind: 'supervisor',
    async prepare() {},
    start: (name) => find(name).start(),
    stop: (name) => find(name).stop(),
    async restart(name) {
      // Nothing of development is worth a nightly backup.
      if (name === 'keeper') return;
      await find(name).stop();
      await find(name).start();
    },
    status: async () => [...processes.values()].map((item) => item.status()),
    async shutDown() {
      for (const name of stopOrder) await processes.get(name)?.stop();
    },
    async forget() {},
  };
}
