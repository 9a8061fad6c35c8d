import { existsSync } from 'node:fs';
import { defaultStateDir, readConfig, statePaths } from '#lib/settings.ts';
import { setupContext } from '#server/setup/context.ts';
import { type ServiceState, servicesOf } from '#server/setup/services.ts';
import { serviceDefinitions } from '#server/supervisor-services.ts';

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
  const rows: (ServiceState & { title: string })[] = (await serviceDefinitions(context)).map(({ name, title }) => ({
    ...nobody,
    ...found.get(name),
    name,
    title,
  }));
  const whole = rows.every((row) => row.state === 'running');
  if (!whole) process.exitCode = 3;
  const { name, baseUrl, demo } = context.config;
  if (options.json) {
    console.log(
      JSON.stringify(
        { installed: true, stateDir, name, baseUrl, demo, supervisedBy: services.kind, whole, services: rows },
        null,
        2,
      ),
    );
    return;
  }
  console.log(
    `${name} at ${baseUrl}, kept running by ${services.kind === 'systemd' ? 'systemd' : 'its own supervisor'}`,
  );
  for (const row of rows) {
    const since = row.since === null ? '' : ` since ${row.since}`;
    const trouble =
      row.restarts === 0 && row.state === 'running'
        ? ''
        : `, ${row.restarts} restarts${row.lastExit === null ? '' : `, last end: ${row.lastExit}`}`;
    console.log(`  ${row.name.padEnd(9)} ${row.state}${row.pid === null ? '' : ` (pid ${row.pid})`}${since}${trouble}`);
  }
}
