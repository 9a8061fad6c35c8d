import { existsSync } from 'node:fs';
import { type InstallationConfig, readConfig, statePaths } from '#lib/settings.ts';
import { repoDir, setupContext } from './context.ts';
import { certificates } from './doctor/certificates.ts';
import { type Check, type Examiner, examined, fine, wrong } from './doctor/check.ts';
import { figures } from './doctor/figures.ts';
import { clock, kernel, limits, packages, ports } from './doctor/machine.ts';
import { mail } from './doctor/mail.ts';
import { orphans } from './doctor/objects.ts';
import { panelBackups } from './doctor/panel.ts';
import { database, network, services } from './doctor/running.ts';
import { engine, locks, mounts, permissions, room, secrets } from './doctor/state.ts';
import { servedCertificates } from './doctor/tls.ts';

/** Everything of an installation that is looked at, in the order in which faults are best mended. */
const examiners: readonly (readonly [string, Examiner])[] = [
  ['secrets', secrets],
  ['permissions', permissions],
  ['limits', limits],
  ['clock', clock],
  ['engine', engine],
  ['mounts', mounts],
  ['room', room],
  ['locks', locks],
  ['ports', ports],
  ['services', services],
  ['database', database],
  ['mail', mail],
  ['panel-backups', panelBackups],
  ['certificates', certificates],
  ['tls', servedCertificates],
  ['orphans', orphans],
  ['network', network],
  ['own-figures', figures],
];

/** Everything about this machine and the installation on it, if there is one. Changes nothing that stays. */
export async function examine(stateDir: string, checkout = repoDir): Promise<Check[]> {
  const unseen = (id: string) => ({ id, why: 'What nobody has looked at is not known to be well.' });
  const checks = [
    ...(await examined(unseen('kernel'), kernel)),
    ...(await examined(unseen('packages'), () => packages(checkout))),
  ];
  const about = { id: 'installation', why: 'Everything else is read from its config.json.' };
  const file = statePaths(stateDir).config;
  if (!existsSync(file)) return [...checks, fine(about, `none at ${stateDir}`)];
  let config: InstallationConfig;
  try {
    config = readConfig(stateDir);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const mend = `Correct ${file}, or remove it and run "./berth up" with the options it was first set up with.`;
    return [...checks, wrong(about, found.includes(file) ? found : `${file}: ${found}`, mend)];
  }
  const context = setupContext(config, stateDir);
  checks.push(fine(about, `${config.name} at ${stateDir}, from ${repoDir}`));
  for (const [id, look] of examiners) checks.push(...(await examined(unseen(id), () => look(context))));
  return checks;
}

/** What became of a fault that has a safe fix. */
export type Mended = { id: string; command: string; error: string | null };

/** Applies every safe fix of what is wrong, in order; one that fails does not keep the others back. */
export async function mend(checks: readonly Check[]): Promise<Mended[]> {
  const done: Mended[] = [];
  for (const { id, ok, fix } of checks) {
    if (ok || fix === null) continue;
    const error = await fix.apply().then(
      () => null,
      (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
    );
    done.push({ id, command: fix.command, error });
  }
  return done;
}
