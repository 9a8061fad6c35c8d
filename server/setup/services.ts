import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askSupervisor } from '../supervisor-client.ts';
import { startTicks } from '../supervisor-process.ts';
import { type ServiceName, serviceNames, servicesHere, stopOrder } from '../supervisor-services.ts';
import { nodeBinary, type SetupContext } from './context.ts';
import { readIfThere } from './files.ts';
import { ensureMounts } from './mounts.ts';
import { systemdServices } from './systemd.ts';

export type ServiceState = {
  name: string;
  state: string;
  pid: number | null;
  since: string | null;
  restarts: number;
  lastExit: string | null;
};

/** Our processes on this machine, whoever supervises them. */
export type Services = {
  kind: 'systemd' | 'supervisor';
  /** Makes supervision itself ready, and ends workers that are no part of the installation any more. Idempotent. */
  prepare(): Promise<void>;
  start(name: ServiceName): Promise<void>;
  restart(name: ServiceName): Promise<void>;
  stop(name: ServiceName): Promise<void>;
  status(): Promise<ServiceState[]>;
  /** Stops everything of ours in order, then supervision itself. Containers keep running. Idempotent. */
  shutDown(): Promise<void>;
  /** Takes back what `prepare` put outside the state directory. */
  forget(): Promise<void>;
};

/** systemd where it is process 1; elsewhere our own supervisor. */
export function servicesOf(context: SetupContext): Services {
  if (context.services !== undefined) return context.services;
  return existsSync('/run/systemd/system') ? systemdServices(context) : supervisorServices(context);
}

function supervisorServices(context: SetupContext): Services {
  const { paths, stateDir, repoDir } = context;
  const ask = (request: Parameters<typeof askSupervisor>[1]) => askSupervisor(paths.supervisorSocket, request);
  const need = async (request: Parameters<typeof askSupervisor>[1]) => {
    if ((await ask(request)) === undefined) throw new Error('The supervisor is not running.');
  };
  return {
    kind: 'supervisor',
    async prepare() {
      await ensureMounts(context);
      const running = await ask({ verb: 'status' });
      if (running !== undefined) {
        const wanted = new Set<string>(servicesHere(context.config).map(({ name }) => name));
        const there = new Set(running.services.map(({ name }) => name));
        for (const service of serviceNames) {
          if (there.has(service) && !wanted.has(service)) await ask({ verb: 'stop', service });
        }
        return;
      }
      const logFile = join(paths.log, 'supervisor.log');
      const log = openSync(logFile, 'a', 0o600);
      const child = spawn(
        nodeBinary,
        ['--disable-warning=ExperimentalWarning', join(repoDir, 'server/supervisor.ts'), stateDir],
        {
          // A session of its own: it must outlive the terminal.
          detached: true,
          cwd: '/',
          stdio: ['ignore', log, log],
          // Not ours: what was typed for "up" may hold the database's password, and would stand there for as long as it runs.
          env: {
            PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
            LANG: 'C.UTF-8',
            NODE_ENV: 'production',
            BERTH_STATE: stateDir,
          },
        },
      );
      closeSync(log);
      let ended = false;
      child.on('exit', () => {
        ended = true;
      });
      child.unref();
      const deadline = Date.now() + 20_000;
      while ((await ask({ verb: 'status' })) === undefined) {
        if (ended || Date.now() > deadline) {
          const said = ((await readIfThere(logFile)) ?? '').trim().split('\n').slice(-5).join('\n');
          throw new Error(`The supervisor does not start:\n${said}`);
        }
        await sleep(50);
      }
    },
    start: (service) => need({ verb: 'start', service }),
    restart: (service) => need({ verb: 'restart', service }),
    async stop(service) {
      await ask({ verb: 'stop', service });
    },
    async status() {
      const answer = await ask({ verb: 'status' });
      return answer?.services ?? [];
    },
    async shutDown() {
      const answer = await ask({ verb: 'status' });
      if (answer !== undefined) {
        process.kill(answer.pid, 'SIGTERM');
        const ticks = startTicks(answer.pid);
        while (ticks !== undefined && startTicks(answer.pid) === ticks) await sleep(50);
      }
      await endLeftOvers(paths.run);
    },
    async forget() {},
  };
}

/** Ends what a supervisor left behind that was itself killed: known by process id and starting time. */
async function endLeftOvers(runDir: string): Promise<void> {
  for (const name of stopOrder.filter((item) => serviceNames.includes(item))) {
    const file = join(runDir, `${name}.pid`);
    const [pid, ticks] = ((await readIfThere(file)) ?? '').trim().split(' ');
    if (pid !== undefined && ticks !== undefined && startTicks(Number(pid)) === ticks) {
      process.kill(Number(pid), name === 'postgres' ? 'SIGINT' : 'SIGTERM');
      const deadline = Date.now() + 30_000;
      while (startTicks(Number(pid)) === ticks) {
        if (Date.now() > deadline) process.kill(Number(pid), name === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
        await sleep(50);
      }
    }
    await rm(file, { force: true });
  }
}
