/**
 * Everything that carries a secret, done and made to fail, with canaries for secrets; then everything is searched that somebody else
 * may come to read. `sim`: the sample of every day; `real`: with restic, runc and a kernel below.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import pg from 'pg';
import { systemActor } from '#lib/access/actor.ts';
import { createBackup } from '#lib/backups/create.ts';
import { listBackups } from '#lib/backups/list.ts';
import { removeBackup } from '#lib/backups/remove.ts';
import { repositoryAccess } from '#lib/backups/repository.ts';
import { restoreBackup } from '#lib/backups/restore.ts';
import { setAccess } from '#lib/containers/access.ts';
import { createContainer } from '#lib/containers/create.ts';
import { getContainer } from '#lib/containers/get.ts';
import { killContainer } from '#lib/containers/kill.ts';
import { reinstallContainer } from '#lib/containers/reinstall.ts';
import { removeContainer } from '#lib/containers/remove.ts';
import { restartContainer } from '#lib/containers/restart.ts';
import { stopContainer } from '#lib/containers/stop.ts';
import { withActor } from '#lib/db/client.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { retryOperation } from '#lib/operations/retry.ts';
import { undoOperation } from '#lib/operations/undo.ts';
import { statePaths } from '#lib/settings.ts';
import type { Kind } from '../../support/agent-place.ts';
import { Canaries, type Leak, watchProcesses } from '../../support/canaries.ts';
import { type Bench, ended, startBench, succeeded } from '../../support/operations.ts';

export type Searched = { leaks: Leak[]; canaries: number; verbs: number; files: number; tables: number; looks: number };

const body = (pem: string) => pem.split('\n').slice(1, 3).join('').slice(0, 60);

/** Runs it all. `plant` is called before the search with the bench and a canary: what it leaks must be found. */
export async function searchLife(
  kind: Kind,
  plant?: (bench: Bench, canary: string) => Promise<void>,
): Promise<Searched> {
  const canaries = new Canaries();
  const bench = await startBench(kind);
  const stateDir = join(bench.agent.made.directory, 'state');
  const settingsFile = join(statePaths(stateDir).role('worker'), 'settings.json');
  try {
    const keys = JSON.parse(readFileSync(settingsFile, 'utf8')) as Record<
      'sealKey' | 'kek' | 'recoveryPassword',
      string
    >;
    for (const name of ['sealKey', 'kek', 'recoveryPassword'] as const) canaries.add(name, keys[name]);
    for (const role of ['web', 'worker'] as const) {
      canaries.add(`grant key of ${role}`, body(bench.agent.made.grantKeys[role]));
      canaries.add(`key of ${role}`, body(bench.agent.made.identities[role].key));
    }
    canaries.add('key of the host', body(readFileSync(bench.agent.config.identity.key, 'utf8')));
    const worker = { kek: Buffer.from(keys.kek, 'base64'), recoveryPassword: keys.recoveryPassword };
    const { world } = bench;
    for (const tenantId of [world.ids.a, world.ids.b]) {
      const access = await withActor(bench.portal.worker, systemActor('test'), (tx) =>
        repositoryAccess(tx, tenantId, worker, { container: null }),
      );
      canaries.add(`repository of ${tenantId}`, access.secrets.repositoryPassword);
    }
    const passwords = ['create', 'access', 'reinstall', 'fails', 'retried'].map((name) => canaries.plant(name));
    const watch = await watchProcesses(canaries);
    const { verbs, shown } = await live(bench, passwords);
    if (plant !== undefined) await plant(bench, canaries.entries().find(([name]) => name === 'create')?.[1] ?? '');
    // The agent writes its ledger out, and its log is whole.
    await bench.agent.stop();
    await bench.worker.stop();
    const processes = await watch.end();
    const inDatabase = await canaries.findInDatabase(bench.portal.pg.superUrl);
    const cluster = canaries.findInFiles(await dataDirectory(bench), (path) => path.endsWith('postmaster.pid'));
    // What is secret by its place: the state's secrets, the test's own keys. Volumes and their backups are the tenant's own.
    const own = [statePaths(stateDir).secrets, join(bench.agent.made.directory, 'pki'), bench.agent.config.poolPath];
    const inFiles = canaries.findInFiles(
      bench.agent.made.directory,
      (path) => own.some((place) => path.startsWith(`${place}/`)) || path.endsWith('pool.img'),
    );
    const leaks = [
      ...processes.leaks,
      ...inDatabase.leaks,
      ...cluster.leaks,
      ...inFiles.leaks,
      ...canaries.find(bench.agent.log, "the agent's log"),
      ...canaries.find(bench.worker.log, "the worker's log"),
      ...canaries.find(shown, 'an answer to a person'),
    ];
    return {
      leaks,
      canaries: canaries.count,
      verbs,
      files: inFiles.files + cluster.files,
      tables: inDatabase.tables,
      looks: processes.looks,
    };
  } finally {
    await bench.stop();
  }
}

/** The verbs, those with a secret above all, also such as fail, are undone, and are tried again. */
async function live(bench: Bench, passwords: string[]): Promise<{ verbs: number; shown: string }> {
  const { admin, owner, world } = bench;
  const [created = '', changed = '', again = '', failing = '', retried = ''] = passwords;
  const answers: unknown[] = [];
  const done = async (asked: Parameters<typeof succeeded>[1]) => {
    const operation = await succeeded(owner, asked);
    answers.push(operation);
    return operation;
  };
  const wish = { tenantId: world.ids.a, planId: world.ids.plan, templateId: world.ids.template, sshKeys: [] };
  await heard(bench);
  const made = await succeeded(
    admin,
    await createContainer(admin, { ...wish, name: 'c1', rootPassword: created, start: true }),
  );
  const id = made.containerId ?? '';
  await done(await setAccess(owner, id, { rootPassword: changed }));
  const backup = await done(await createBackup(owner, id, { note: 'note' }));
  const [kept] = (await listBackups(owner, id, {})).items;
  const restored = await done(await restoreBackup(owner, kept?.id ?? ''));
  await done(await undoOperation(owner, restored.id));
  await done(await reinstallContainer(owner, id, { keepOld: true, reset: true, rootPassword: again }));
  await done(await restartContainer(owner, id, { timeoutMs: 5_000 }));
  // The host is away in the middle: what carries the secret waits, is sent again, or fails and is tried again.
  await bench.agent.stop('SIGKILL');
  const waiting = await setAccess(owner, id, { rootPassword: retried });
  await bench.restartAgent();
  const end = await ended(owner, waiting);
  if (end.state === 'failed') await ended(owner, await retryOperation(owner, end.id));
  await done(await stopContainer(owner, id, { timeoutMs: 5_000 }));
  // A layer that no host has: it fails on the host, with the password in its hands.
  const doomed = bench.agent.act('container.create', {
    containerId: '01890000-0000-7000-8000-000000000001',
    args: {
      tenantId: world.ids.a,
      name: 'x',
      hostname: 'x',
      volumeId: '01890000-0000-7000-8000-000000000002',
      resources: (await getContainer(owner, id)).resources,
      template: { name: 'none', version: '1', layers: [`sha256:${'0'.repeat(64)}`], init: 'busybox' },
    },
    secrets: { rootPassword: failing },
  });
  answers.push(
    await doomed.then(
      () => 'unexpected',
      (error: unknown) => String(error),
    ),
  );
  answers.push(await getContainer(owner, id), await listBackups(owner, id, {}), backup);
  await done(await killContainer(owner, id).catch(() => stopped(bench, id)));
  if (kept !== undefined) await done(await removeBackup(owner, kept.id));
  await succeeded(admin, await removeContainer(admin, id));
  return { verbs: 13, shown: JSON.stringify(answers) };
}

/** Until the portal has just heard from the host: on a busy machine that takes its time. */
async function heard(bench: Bench): Promise<void> {
  for (const since = Date.now(); Date.now() < since + 60_000; ) {
    const [host] = await withActor(bench.portal.super, systemActor('test'), (tx) =>
      tx.select({ at: hosts.lastSeenAt }).from(hosts).where(eq(hosts.id, bench.agent.hostId)),
    );
    if ((host?.at?.getTime() ?? 0) > since) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the portal does not hear from the host');
}

/** A container that is stopped cannot be killed: it is started and stopped again instead. */
async function stopped(bench: Bench, id: string) {
  const { startContainer } = await import('#lib/containers/start.ts');
  return startContainer(bench.owner, id);
}

async function dataDirectory(bench: Bench): Promise<string> {
  const client = new pg.Client({ connectionString: bench.portal.pg.superUrl });
  await client.connect();
  try {
    await client.query('CHECKPOINT');
    return String((await client.query('SHOW data_directory')).rows[0]?.data_directory);
  } finally {
    await client.end();
  }
}

/** Leaks of several kinds, as careless code would make them. */
export async function leakEverywhere(bench: Bench, canary: string): Promise<void> {
  writeFileSync(join(bench.agent.config.agentDir, 'careless.log'), `password=${canary}\n`);
  const client = new pg.Client({ connectionString: bench.portal.pg.superUrl });
  await client.connect();
  await client.query('UPDATE operations SET result = result || $1::jsonb', [JSON.stringify({ note: canary })]);
  await client.end();
  const { execFile } = await import('node:child_process');
  await new Promise((resolve) => execFile('sleep', ['0.5'], { env: { NODE_ENV: 'test', SECRET: canary } }, resolve));
}
