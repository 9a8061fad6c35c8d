import { existsSync } from 'node:fs';
import { defaultStateDir, readConfig, statePaths } from '#lib/settings.ts';
import { setupContext } from '#server/setup/context.ts';
import { readRelease, thisTree } from '#server/setup/release.ts';
import { type ServiceState, servicesOf } from '#server/setup/services.ts';
import { versionWords } from '#server/setup/versions.ts';
import { servicesHere } from '#server/supervisor-services.ts';

/** What runs. Exit status 0: everything; 3: something does not; 4: there is no installation. */
export async function status(options: { json?: boolean }): Promise<void> {
  const stateDir = defaultStateDir();
  if (!existsSync(statePaths(stateDir).config)) {
    console.log(
      options.json ? JSON.stringify({ installed: false, stateDir }) : `There is no installation at ${stateDir}.`,
    );
    process.exitCode = 4;
    return;
  }
  const context = setupContext(readConfig(stateDir), stateDir);
  const services = servicesOf(context);
  const found = new Map((await services.status()).map((service) => [service.name, service]));
  const nobody = { state: 'stopped', pid: null, since: null, restarts: 0, lastExit: null };
  const rows: (ServiceState & { title: string })[] = servicesHere(context.config).map(({ name, title }) => ({
    ...nobody,
    ...found.get(name),
    name,
    title,
  }));
  const whole = rows.every((row) => row.state === 'running');
  if (!whole) process.exitCode = 3;
  const { name, baseUrl, demo } = context.config;
  // What runs is what was there at the last "up", not what has been fetched since.
  const release = readRelease(stateDir) ?? (await thisTree(context));
  if (options.json) {
    const { version, commit = null } = release;
    const told = { installed: true, stateDir, name, version, commit, baseUrl, demo };
    console.log(JSON.stringify({ ...told, supervisedBy: services.kind, whole, services: rows }, null, 2));
    return;
  }
  const by = services.kind === 'systemd' ? 'systemd' : 'its own supervisor';
  console.log(`${name} at ${baseUrl}, version ${versionWords(release)}, kept running by ${by}`);
  for (const row of rows) {
    const since = row.since === null ? '' : ` since ${row.since}`;
    const trouble =
      row.restarts === 0 && row.state === 'running'
        ? ''
        : `, ${row.restarts} restarts${row.lastExit === null ? '' : `, last end: ${row.lastExit}`}`;
    console.log(`  ${row.name.padEnd(9)} ${row.state}${row.pid === null ? '' : ` (pid ${row.pid})`}${since}${trouble}`);
  }
}
