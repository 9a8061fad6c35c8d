/**
 * The upgrade of an installation to the checkout this code is of, while it serves: what can be made beforehand is made first;
 * then a copy of the database, migrations that the version before can live with, worker, web, and the agent last. When anything
 * fails, the version before runs again; the database stays migrated.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AgentConfig } from '#agent/config.ts';
import { workerName } from '#lib/settings.ts';
import { backUpPanel } from '../panel/backup.ts';
import { buildPages, bundleAgent } from '../setup/build.ts';
import type { SetupContext } from '../setup/context.ts';
import { ensureEngine, keepPreviousEngine, putBackEngine } from '../setup/engine.ts';
import { refreshAgentConfig } from '../setup/join.ts';
import { migrateDatabase } from '../setup/migrate.ts';
import { type Release, readRelease, type Tree, thisTree, writeRelease } from '../setup/release.ts';
import { databaseUrl, ensureSecrets, readMaster } from '../setup/secrets.ts';
import { servicesOf } from '../setup/services.ts';
import { waitForWeb } from '../setup/up.ts';
import { type ServiceName, workerNames } from '../supervisor-services.ts';
import { refuseUpgrade } from './check.ts';

const patienceMs = 90_000;
/** A process that ends right after its start is no success. */
const settleMs = 3_000;

/** An upgrade that failed after something was changed. The version before runs again, unless `message` says otherwise. */
export class UpgradeFailed extends Error {}

type Part = Exclude<ServiceName, 'postgres'>;

export async function upgradeInstallation(context: SetupContext, say: (line: string) => void): Promise<void> {
  const to = await thisTree(context);
  const release = readRelease(context.stateDir);
  if (release === undefined) throw new Error('There is no whole installation here yet: run "./berth up".');
  // One that broke off is taken up where it began.
  const from: Tree = release.from ?? release;
  const owner = databaseUrl(context, 'owner', await readMaster(context));
  await refuseUpgrade(from, to, owner);

  say('building');
  await buildPages(context.repoDir, { say });
  await bundleAgent(context.repoDir);
  say(`a copy of the database and all secrets: ${await backUpPanel(context)}`);
  await migrateDatabase(owner, join(context.repoDir, 'drizzle'));
  say('migrated; the version before goes on with it');

  const touched: Part[] = [];
  try {
    await ensureSecrets(context);
    await switchTo(context, { ...to, from });
    for (const part of [...workerNames(context.config), 'web', 'keeper', 'agent'] as const) {
      if (part === 'agent' && !hasAgent(context)) continue;
      touched.push(part);
      if (part === 'agent') await renewEngine(context, say);
      await restart(context, part, owner);
      say(`${part} is version ${to.version}`);
    }
    await stayUp(context, touched);
    await writeRelease(context.stateDir, to);
  } catch (error) {
    say(`failed: ${error instanceof Error ? error.message : String(error)}`);
    await goBack(context, from, touched, owner, say);
    throw new UpgradeFailed(`The upgrade failed; version ${from.version} runs again. Nothing is lost.`, {
      cause: error,
    });
  }
}

const hasAgent = ({ paths }: SetupContext) => existsSync(join(paths.agentDir, 'config.json'));

/** From now on processes are started from this tree. */
async function switchTo(context: SetupContext, release: Release): Promise<void> {
  await writeRelease(context.stateDir, release);
  await servicesOf({ ...context, repoDir: release.repoDir }).prepare();
}

async function renewEngine(context: SetupContext, say: (line: string) => void): Promise<void> {
  await keepPreviousEngine(context.paths.engine);
  await ensureEngine({
    engineDir: context.paths.engine,
    lockFile: join(context.repoDir, 'engine.lock.json'),
    say,
  });
  await refreshAgentConfig(context);
}

/** Restarts one part and waits until it does its work. */
async function restart(context: SetupContext, part: Part, ownerUrl: string): Promise<void> {
  const since = await databaseTime(ownerUrl);
  await servicesOf(context).restart(part);
  if (part === 'web') await waitForWeb(context);
  const number = workerNames(context.config).findIndex((name) => name === part) + 1;
  if (number > 0) {
    const name = workerName(context.config, number);
    const sql = `select 1 from workers where started_at >= $1 and ended_at is null and name = '${name}'`;
    await until(ownerUrl, sql, since, part);
  }
  if (part === 'agent') {
    const text = await readFile(join(context.paths.agentDir, 'config.json'), 'utf8');
    const { hostId } = AgentConfig.parse(JSON.parse(text));
    await until(ownerUrl, `select 1 from hosts where last_seen_at > $1 and id = '${hostId}'`, since, part);
  }
}

async function databaseTime(ownerUrl: string): Promise<string> {
  return (await ask(ownerUrl, 'select clock_timestamp()::text as at'))[0]?.at ?? '';
}

async function ask(ownerUrl: string, sql: string, ...values: string[]): Promise<Record<string, string>[]> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    options: '-c berth.actor_scope=system',
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

async function until(ownerUrl: string, sql: string, since: string, part: Part): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while ((await ask(ownerUrl, sql, since)).length === 0) {
    if (Date.now() > deadline) throw new Error(`The new ${part} does not do its work. Look at "./berth logs ${part}".`);
    await sleep(250);
  }
}

async function stayUp(context: SetupContext, parts: readonly Part[]): Promise<void> {
  await sleep(settleMs);
  for (const { name, state, restarts, lastExit } of await servicesOf(context).status()) {
    if (!parts.some((part) => part === name)) continue;
    if (state !== 'running' || restarts > 0) throw new Error(`The new ${name} ended: ${lastExit ?? state}.`);
  }
}

/** The version before again, part by part in the reverse order. Goes on after a part that fails, and throws at its end. */
async function goBack(
  context: SetupContext,
  from: Tree,
  touched: readonly Part[],
  ownerUrl: string,
  say: (line: string) => void,
): Promise<void> {
  const before = { ...context, repoDir: from.repoDir };
  await switchTo(before, from);
  const failures: string[] = [];
  for (const part of touched.toReversed()) {
    try {
      if (part === 'agent') {
        await putBackEngine(context.paths.engine);
        await refreshAgentConfig(before);
      }
      await restart(before, part, ownerUrl);
      say(`${part} is version ${from.version} again`);
    } catch (error) {
      failures.push(`${part}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (failures.length > 0) {
    throw new UpgradeFailed(`The upgrade failed, and going back did not succeed everywhere:\n${failures.join('\n')}`);
  }
}
