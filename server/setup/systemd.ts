import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ServiceDefinition,
  type ServiceName,
  serviceDefinitions,
  serviceNames,
  servicesHere,
  stopOrder,
} from '../supervisor-services.ts';
import { nodeBinary, type SetupContext } from './context.ts';
import { readIfThere, writeFileDurably } from './files.ts';
import { ensureMounts } from './mounts.ts';
import { run, tryRun } from './run.ts';
import type { Services } from './services.ts';

const unitDir = '/etc/systemd/system';

/** A word of a command line as systemd reads it: `%` and `$` are its own. */
export function quoteForUnit(word: string): string {
  const safe = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(safe) ? safe : `"${safe.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/**
 * The unit of one service. Pure. One that ends is started again after 2 s, and under systemd 254 and newer ever later, up to 30 s: older ones
 * (Debian 12 has 252) know no steps, so the first pause is long enough that a broken service does not keep a processor busy.
 */
export function unitText(
  definition: ServiceDefinition,
  options: { installation: string; logFile: string; mountsUnit: string; after: readonly string[] },
): string {
  const isAgent = definition.name === 'agent';
  return [
    '# Written by "berth up".',
    '[Unit]',
    `Description=Berth ${options.installation}: ${definition.title}`,
    `After=network.target ${[options.mountsUnit, ...options.after].join(' ')}`,
    `Requires=${options.mountsUnit}`,
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${definition.argv.map(quoteForUnit).join(' ')}`,
    `WorkingDirectory=${definition.cwd}`,
    ...Object.entries(definition.env).map(([name, value]) => `Environment=${quoteForUnit(`${name}=${value}`)}`),
    `KillSignal=${definition.stopSignal}`,
    `TimeoutStopSec=${definition.stopTimeoutMs / 1000}`,
    // Containers and their monitors are children of the agent's; they outlive it.
    `KillMode=${isAgent ? 'process' : 'mixed'}`,
    ...(isAgent ? ['Delegate=yes', 'OOMScoreAdjust=-900', 'TasksMax=infinity', 'LimitNOFILE=1048576'] : []),
    'Restart=always',
    'RestartSec=2',
    'RestartSteps=8',
    'RestartMaxDelaySec=30',
    `StandardOutput=append:${options.logFile}`,
    `StandardError=append:${options.logFile}`,
    'UMask=0077',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

export const unitName = (installation: string, service: string) =>
  installation === 'berth' ? `berth-${service}.service` : `berth-${installation}-${service}.service`;

export function systemdServices(context: SetupContext): Services {
  const { config, paths, repoDir, stateDir } = context;
  const unit = (name: string) => unitName(config.name, name);
  const mountsUnit = unit('mounts');

  async function units(): Promise<Map<string, string>> {
    const definitions = await serviceDefinitions(context);
    const texts = new Map<string, string>();
    texts.set(
      mountsUnit,
      [
        '# Written by "berth up".',
        '[Unit]',
        `Description=Berth ${config.name}: pool, limits`,
        // Both may lie on file systems of their own.
        `RequiresMountsFor=${[stateDir, repoDir].map(quoteForUnit).join(' ')}`,
        '[Service]',
        'Type=oneshot',
        'RemainAfterExit=yes',
        `Environment=${quoteForUnit(`BERTH_STATE=${stateDir}`)}`,
        `ExecStart=${[nodeBinary, join(repoDir, 'cli/main.ts'), 'mounts'].map(quoteForUnit).join(' ')}`,
        '[Install]',
        'WantedBy=multi-user.target',
        '',
      ].join('\n'),
    );
    for (const definition of definitions) {
      const after = definition.name === 'postgres' || config.postgresPort === undefined ? [] : [unit('postgres')];
      const logFile = join(paths.log, `${definition.name}.log`);
      texts.set(unit(definition.name), unitText(definition, { installation: config.name, logFile, mountsUnit, after }));
    }
    return texts;
  }

  /** Units of workers that are no part of the installation any more. */
  const surplus = (wanted: ReadonlyMap<string, string>) =>
    serviceNames.map(unit).filter((name) => !wanted.has(name) && existsSync(join(unitDir, name)));
  const control = (...args: string[]) => run('systemctl', args, { timeoutMs: 600_000 });
  return {
    kind: 'systemd',
    async prepare() {
      await ensureMounts(context);
      let changed = false;
      const wanted = await units();
      for (const name of surplus(wanted)) {
        await tryRun('systemctl', ['disable', '--now', name]);
        await rm(join(unitDir, name), { force: true });
        changed = true;
      }
      for (const [name, text] of wanted) {
        const file = join(unitDir, name);
        if ((await readIfThere(file)) === text) continue;
        await writeFileDurably(file, text, { mode: 0o644 });
        changed = true;
      }
      if (changed) await control('daemon-reload');
      await control('enable', '--now', mountsUnit);
    },
    async start(name: ServiceName) {
      await control('enable', '--now', unit(name));
    },
    async restart(name: ServiceName) {
      await control('enable', unit(name));
      await control('restart', unit(name));
    },
    async stop(name: ServiceName) {
      await tryRun('systemctl', ['stop', unit(name)]);
    },
    async status() {
      return Promise.all(
        servicesHere(config).map(async ({ name }) => {
          const properties = 'MainPID,ActiveState,NRestarts,StateChangeTimestamp,ExecMainStatus';
          const text = await run('systemctl', ['show', '--timestamp=unix', `--property=${properties}`, unit(name)]);
          const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '';
          const pid = Number(value('MainPID'));
          const active = value('ActiveState');
          const changedAt = Number(value('StateChangeTimestamp').replace('@', ''));
          return {
            name,
            state: active === 'active' ? 'running' : active === 'activating' ? 'waiting' : 'stopped',
            pid: pid === 0 ? null : pid,
            since: changedAt > 0 ? new Date(changedAt * 1000).toISOString() : null,
            restarts: Number(value('NRestarts')),
            lastExit: pid === 0 ? `status ${value('ExecMainStatus')}` : null,
          };
        }),
      );
    },
    async shutDown() {
      for (const name of stopOrder.filter((item) => existsSync(join(unitDir, unit(item)))))
        await tryRun('systemctl', ['disable', '--now', unit(name)]);
    },
    async forget() {
      const wanted = await units();
      for (const name of [...wanted.keys(), ...surplus(wanted)]) {
        await tryRun('systemctl', ['disable', '--now', name]);
        await rm(join(unitDir, name), { force: true });
      }
      await control('daemon-reload');
    },
  };
}
