import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { defaultStateDir, type InstallationConfig, readConfig, statePaths } from '#lib/settings.ts';
import { backUpPanel, backupDirectory, backupsIn } from '#server/panel/backup.ts';
import { makeRecoveryKey } from '#server/panel/key.ts';
import { restorePanel } from '#server/panel/restore.ts';
import { verifyBackup } from '#server/panel/verify.ts';
import { type SetupContext, setupContext } from '#server/setup/context.ts';
import { readIfThere } from '#server/setup/files.ts';

function installation(): SetupContext {
  const stateDir = defaultStateDir();
  return setupContext(readConfig(stateDir), stateDir);
}

async function recoveryKey(options: { keyFile?: string }): Promise<string> {
  if (options.keyFile === undefined && process.stdin.isTTY) {
    console.error('The recovery key (AGE-SECRET-KEY-1…), then Ctrl-D:');
  }
  const given = options.keyFile === undefined ? await text(process.stdin) : await readFile(options.keyFile, 'utf8');
  // The file may have comments, as age's own key files do.
  const key = given.split('\n').find((line) => line.trim().startsWith('AGE-SECRET-KEY-'));
  if (key === undefined) throw new Error('That is no recovery key: it begins with AGE-SECRET-KEY-1.');
  return key.trim();
}

export async function backup(options: { to?: string }): Promise<void> {
  console.log(await backUpPanel(installation(), options.to === undefined ? {} : { directory: options.to }));
}

export async function verify(file: string | undefined, options: { keyFile?: string }): Promise<void> {
  const installed = (await readIfThere(statePaths(defaultStateDir()).config)) !== undefined;
  const context = installed ? installation() : undefined;
  const newest = context === undefined ? [] : await backupsIn(backupDirectory(context), context.config.name);
  const wanted = file ?? newest.at(-1);
  if (wanted === undefined) throw new Error('There is no backup here. Name a file.');
  const manifest = await verifyBackup(wanted, await recoveryKey(options), context);
  const rows = Object.values(manifest.rows).reduce((sum, n) => sum + n, 0);
  console.log(
    `${wanted} is whole: ${Object.keys(manifest.files).length} files, ${rows} rows of ${manifest.createdAt}.`,
  );
}

type RestoreFlags = { keyFile?: string; replace?: boolean } & Partial<
  Pick<InstallationConfig, 'port' | 'agentPort' | 'postgresPort'>
>;

export async function restore(file: string, options: RestoreFlags): Promise<void> {
  const { keyFile, replace, ...ports } = options;
  const identity = await recoveryKey(keyFile === undefined ? {} : { keyFile });
  const stateDir = defaultStateDir();
  const say = (line: string) => console.log(line);
  const manifest = await restorePanel({ file, identity, stateDir, ports, say, ...(replace ? { replace } : {}) });
  console.log(`\nThe panel is as it was at ${manifest.createdAt}. Now: ./berth up`);
  console.log(
    'Everybody signs in anew. Look at people, tokens and holds: what was changed after that instant is not known.',
  );
  console.log('Hosts are asked for what they have; containers that the copy does not know are listed under Hosts.');
}

export async function newKey(): Promise<void> {
  tellRecoveryKey(await makeRecoveryKey(installation()));
}

export function tellRecoveryKey(key: string): void {
  console.log(
    `Recovery key of the panel's backups. It is shown only now; keep it where this machine is not:\n  ${key}\n`,
  );
}
