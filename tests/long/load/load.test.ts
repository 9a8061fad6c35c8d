/**
 * Many people at once on a real installation: signed in, reading pages and asking the interface, now and then starting, stopping and
 * backing up real containers. BERTH_LOAD_MINUTES (30), BERTH_LOAD_PEOPLE (500), BERTH_LOAD_CONTAINERS (200). Times are told beside
 * their targets and gate nothing, for they are the machine's; that nothing is lost, and nothing breaks, does.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Container } from '#lib/contract/containers.ts';
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
import { thisTree, writeRelease } from '#server/setup/release.ts';
import { demoToken } from '#server/setup/seed.ts';
import { servicesOf } from '#server/setup/services.ts';
import { runSteps } from '#server/setup/steps.ts';
import { baseSteps, localUrl } from '#server/setup/up.ts';
import { freePort } from '../../support/postgres.ts';
import { Random } from '../../support/random.ts';
import { makePeople, type Person, type Tally, work } from './people.ts';

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const minutes = number('BERTH_LOAD_MINUTES', 30);
const peopleCount = number('BERTH_LOAD_PEOPLE', 500);
const containerCount = number('BERTH_LOAD_CONTAINERS', 200);
const tenantCount = Math.max(1, Math.ceil(peopleCount / 10));
const thinkMs = 20_000;
const MiB = 1024 ** 2;
const env = { NODE_ENV: 'test' } as const;

let root: string;
let context: SetupContext;
let admin: PortalApi;
let people: Person[];
const containersOf = new Map<string, string[]>();

beforeAll(async () => {
  process.env.BERTH_POOL_SIZE = `${Math.ceil(4 + containerCount / 8)}G`;
  root = mkdtempSync('/var/tmp/berth-load-');
  await chmod(root, 0o711);
  const ports = { port: await freePort(), agentPort: await freePort(), postgresPort: await freePort() };
  const place = { subnet: '10.99.0.0/22', idBase: 2_080_374_784, forwardPorts: '33000-33099' };
  const stateDir = join(root, 'state');
  const config = await configure(stateDir, { instance: 'ld', name: 'load-test', ...ports, ...place }, env);
  context = setupContext(config, stateDir, env);
  const left = new Set(['template-debian-12', 'demo-container', 'limits']);
  const steps = [...baseSteps, ...finishSteps]
    .filter((step) => !left.has(step.name))
    .map((step) => ({ ...step, needs: (step.needs ?? []).filter((name) => !left.has(name)) }));
  await runSteps<FinishContext>(steps, { ...context, outcome: {} }, console.log);
  await writeRelease(stateDir, await thisTree(context));
  await makeRecoveryKey(context);
  const token = await demoToken(context, 'admin');
  admin = portalApi({ connectTo: localUrl(context), baseUrl: config.baseUrl, token });
  people = await makePeople(context, peopleCount, tenantCount);
  const resources = {
    cpuCores: 0.2,
    cpuShares: 1024,
    memoryBytes: 32 * MiB,
    pids: 50,
    diskBytes: 64 * MiB,
    inodes: 4096,
  };
  const plan = await admin.call('POST', '/plans', Plan, { name: 'Load', resources, maxBackups: 1000 });
  const [template] = (await admin.call('GET', '/templates', page(Template))).items;
  const tenantIds = [...new Set(people.map(({ tenantId }) => tenantId))];
  const make = async (n: number) => {
    const tenantId = tenantIds[n % tenantIds.length] ?? '';
    const wanted = { name: `load-${n}`, tenantId, planId: plan.id, templateId: template?.id };
    const done = await admin.finish(await admin.call('POST', '/containers', Operation, wanted), 300_000);
    containersOf.set(tenantId, [...(containersOf.get(tenantId) ?? []), done.containerId ?? '']);
  };
  const numbers = Array.from({ length: containerCount }, (_, n) => n).values();
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (const n of numbers) await make(n);
    }),
  );
}, 3_600_000);
afterAll(async () => {
  if (context !== undefined && existsSync(context.paths.config)) await runSteps(purgeSteps, context, console.log);
  rmSync(root, { recursive: true, force: true });
}, 600_000);

/** Resident memory of our processes, MiB, by name. */
async function memory(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { name, pid } of await servicesOf(context).status()) {
    if (pid === null || !['web', 'worker', 'agent'].includes(name)) continue;
    const [, kib = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    found[name] = Math.round(Number(kib) / 1024);
  }
  return found;
}

const p95 = (times: number[]) => {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN);
};

/** How every accepted operation ended; those that have not after `patienceMs` are lost. */
async function endings(ids: readonly string[], patienceMs: number): Promise<Record<string, number>> {
  const ends: Record<string, number> = {};
  const until = Date.now() + patienceMs;
  for (const id of ids) {
    for (;;) {
      const operation = await admin.call('GET', `/operations/${id}`, Operation);
      const over = operation.endedAt !== null || operation.state === 'stuck';
      const late = Date.now() > until;
      if (over || late) {
        const end = over ? operation.state : 'lost';
        ends[end] = (ends[end] ?? 0) + 1;
        if (end !== 'succeeded') console.log(`${operation.kind} ${end}: ${JSON.stringify(operation.error)}`);
        break;
      }
      await sleep(200);
    }
  }
  return ends;
}

it('holds while many people read and work', { timeout: (minutes + 30) * 60_000 }, async () => {
  const tally: Tally = { pageMs: [], apiMs: [], accepted: [], refused: 0, broken: [] };
  const agent = new Agent({ keepAlive: true, maxSockets: peopleCount });
  const seed = number('BERTH_SEED', 1);
  const began = Date.now();
  const until = began + minutes * 60_000;
  const shared = { baseUrl: localUrl(context), agent, tally, until, thinkMs };
  const all = people.map((person, n) =>
    work({ ...shared, random: new Random(seed * 10_000 + n) }, person, containersOf.get(person.tenantId) ?? []),
  );
  // Programs take their working set first; what counts is how it goes on from there.
  await sleep((minutes * 60_000) / 5);
  const before = await memory();
  await Promise.all(all);
  const after = await memory();
  const ends = await endings(tally.accepted, 5 * 60_000);
  agent.destroy();
  const { items } = await admin.call('GET', '/containers?limit=1', page(Container));
  expect(items).toHaveLength(1);

  const grown = Object.keys(after).map((name) => `${name} ${before[name]} → ${after[name]} MiB`);
  console.log(`load: ${peopleCount} people, ${containerCount} containers, ${minutes} minutes
  pages ${tally.pageMs.length}, p95 ${p95(tally.pageMs)} ms (target 500)
  interface ${tally.apiMs.length}, p95 ${p95(tally.apiMs)} ms (target 150)
  operations ${tally.accepted.length} accepted, ${tally.refused} refused in words, ${JSON.stringify(ends)}, ${ends.lost ?? 0} lost
  broken answers ${tally.broken.length}; memory ${grown.join(', ')}`);
  expect(tally.broken.slice(0, 5)).toEqual([]);
  expect(ends.lost ?? 0).toBe(0);
  expect(ends.stuck ?? 0).toBe(0);
  expect(tally.pageMs.length).toBeGreaterThan(peopleCount);
  if (minutes >= 20) for (const name of Object.keys(after)) expect(after[name]).toBeLessThan(1.3 * (before[name] ?? 0));
});
