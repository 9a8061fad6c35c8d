/** `berth local …` with the portal gone: everything the verbs do, who may, and that the portal hears of it once. */
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { listAudit } from '#lib/audit/list.ts';
import { createContainer } from '#lib/containers/create.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { getContainer } from '#lib/containers/get.ts';
import { startContainer } from '#lib/containers/start.ts';
import { Inventory } from '#lib/contract/agent-state.ts';
import { localSocketPath } from '#lib/contract/local.ts';
import { withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { events } from '#lib/db/schema/events.ts';
import { observe } from '#lib/hosts/observe.ts';
import { repoDir } from '#server/setup/context.ts';
import { type Bench, startBench, succeeded } from '#tests/support/operations.ts';

let bench: Bench;
let id: string;
type Said = { code: number; json: Record<string, unknown> & { ok: boolean } };

/** The command as an operator gives it, in another process. */
function berth(...args: string[]): Promise<Said> {
  const env = { ...process.env, NODE_OPTIONS: '', BERTH_STATE: bench.agent.made.directory };
  const argv = ['--disable-warning=ExperimentalWarning', join(repoDir, 'cli/main.ts'), 'local', ...args, '--json'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, argv, { env }, (error, stdout, stderr) => {
      if (stdout === '') return reject(new Error(`nothing said: ${stderr}`));
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, json: JSON.parse(stdout) });
    });
  });
}

const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) =>
  withActor(bench.portal.super, systemActor('test'), work);
const power = async () => (await bench.agent.item(id))?.power;
const deeds = () =>
  asSystem((tx) =>
    tx.select().from(auditLog).where(sql`${auditLog.detail} ? 'localActionId'`).orderBy(auditLog.at, auditLog.id),
  );

beforeAll(async () => {
  bench = await startBench('real');
  const { admin, world } = bench;
  const wish = { name: 'web-1', tenantId: world.ids.a, planId: world.ids.plan, templateId: world.ids.template };
  const made = await succeeded(admin, await createContainer(admin, { ...wish, sshKeys: [], start: true }));
  id = made.containerId ?? '';
  await bench.worker.stop('SIGKILL');
});
afterAll(() => bench?.stop());

it('lists what is there and says how it is', async () => {
  const { json } = await berth('list');
  expect(json).toMatchObject({
    ok: true,
    containers: [{ containerId: id, name: 'web-1', power: 'running', busy: false }],
  });
  expect((await berth('status', 'web-1')).json).toMatchObject({ container: { containerId: id, desired: 'running' } });
  expect((await berth('status')).json).toMatchObject({ host: { containers: { total: 1, running: 1 }, untold: 0 } });
  const logs = await berth('logs', id.slice(0, 13));
  expect(logs.json).toMatchObject({ ok: true, containerId: id, log: expect.any(String) });
});

it('stops, and the container stays stopped when the agent is killed and reconciles', async () => {
  const generation = (await bench.agent.item(id))?.generation;
  expect((await berth('stop', 'web-1', '--timeout', '5')).json).toMatchObject({ ok: true, result: { how: 'clean' } });
  expect(await power()).toBe('stopped');
  await bench.agent.stop('SIGKILL');
  await bench.restartAgent();
  expect((await berth('status')).json).toMatchObject({ host: { untold: 1, portalHeardAt: null } });
  expect(await bench.agent.item(id)).toMatchObject({ power: 'stopped', desired: 'stopped', generation });
});

it('starts and kills', async () => {
  expect((await berth('start', id)).json).toMatchObject({ ok: true });
  expect(await power()).toBe('running');
  expect((await berth('kill', id)).json).toMatchObject({ ok: true });
  expect(await bench.agent.item(id)).toMatchObject({ power: 'stopped', lastExit: { cause: 'killed' } });
  expect((await berth('start', id)).json).toMatchObject({ ok: true });
});

it('thaws a volume that was left frozen, and the writer inside goes on', async () => {
  const mounted = execFileSync('findmnt', ['-rn', '-o', 'TARGET'], { encoding: 'utf8' }).split('\n');
  const volume = mounted.find((path) => path.startsWith(`${bench.agent.config.agentDir}/mnt/volumes/`)) ?? '';
  execFileSync('fsfreeze', ['--freeze', volume]);
  const writing = bench.agent.sh(id, 'echo written > /root/frozen && cat /root/frozen');
  try {
    expect((await berth('thaw', 'web-1')).json).toMatchObject({ ok: true, result: { thawed: 1 } });
  } finally {
    // A failed test must not leave a disk that nobody can let go of.
    try {
      execFileSync('fsfreeze', ['--unfreeze', volume], { stdio: 'ignore' });
    } catch {
      // not frozen any more
    }
  }
  expect(await writing).toBe('written');
  expect((await berth('thaw', 'web-1')).json).toMatchObject({ ok: true, result: { thawed: 0 } });
});

it('answers what cannot be with a reason and status 1', async () => {
  expect(await berth('start', 'nobody')).toMatchObject({ code: 1, json: { ok: false, error: { code: 'not_found' } } });
  const env = { ...process.env, NODE_OPTIONS: '', BERTH_STATE: '/nonexistent' };
  const argv = [join(repoDir, 'cli/main.ts'), 'local', 'list', '--json'];
  expect(() => execFileSync(process.execPath, argv, { env, stdio: 'pipe' })).toThrow();
});

it('is root’s alone: by the socket’s place and mode, and by what the kernel says of the caller', async () => {
  const socket = localSocketPath(bench.agent.config.agentDir);
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  expect([mode(socket), mode(dirname(socket))]).toEqual(['600', '700']);
  const script = `const r = require('node:http').get({ socketPath: ${JSON.stringify(socket)}, path: '/local/status' },
    (a) => { console.log(a.statusCode); a.resume(); }); r.on('error', (e) => console.log(e.code));`;
  const asNobody = () =>
    execFileSync(
      'setpriv',
      ['--reuid=65534', '--regid=65534', '--clear-groups', '--', '/usr/bin/env', 'node', '-e', script],
      {
        encoding: 'utf8',
        env: { PATH: '/usr/local/bin:/usr/bin:/bin', NODE_ENV: 'test' },
      },
    ).trim();
  expect(asNobody()).toBe('EACCES');
  chmodSync(dirname(socket), 0o755);
  chmodSync(dirname(dirname(socket)), 0o755);
  chmodSync(socket, 0o666);
  expect(asNobody()).toBe('403');
});

it('is told to the portal once it is back: in the audit record and in events, once, also when it hears it twice', async () => {
  expect(await deeds()).toEqual([]);
  // The portal takes the deeds and dies before it can say so; the host tells them again.
  const text = { deeds: (await localDeeds()).deeds };
  for (let time = 0; time < 2; time += 1) {
    const inventory = Inventory.parse({ time: new Date().toISOString(), bootId: 'b', containers: [], ...text });
    await observe(bench.portal.worker, bench.agent.hostId, inventory, new Date(), false);
  }
  await bench.worker.start();
  await expect
    .poll(() => berth('status').then(({ json }) => json), { timeout: 30_000 })
    .toMatchObject({ host: { untold: 0, portalHeardAt: expect.any(String) } });
  const rows = await deeds();
  expect(rows.map((row) => row.verb)).toEqual(
    expect.arrayContaining(['container.stop', 'container.start', 'container.kill', 'container.thaw']),
  );
  expect(rows).toHaveLength(6);
  expect(rows.every((row) => row.actorName.startsWith('host root') && row.targetName === 'web-1')).toBe(true);
  // Whose container it is reads it too.
  const read = await listAudit(bench.owner, { limit: 50 });
  expect(read.items.filter((item) => item.actor.name.startsWith('host root'))).toHaveLength(6);
  const told = await asSystem((tx) => tx.select().from(events).where(sql`${events.data} ? 'local'`));
  expect(told).toHaveLength(6);
});

it('leaves the portal able to go on: its picture follows, and what it decides next is obeyed', async () => {
  const row = async () => (await asSystem((tx) => tx.select().from(containers).where(eq(containers.id, id))))[0];
  await berth('stop', 'web-1', '--timeout', '5');
  await expect.poll(row, { timeout: 20_000 }).toMatchObject({ desired: 'stopped', observedPower: 'stopped' });
  await expect.poll(async () => (await deeds()).length, { timeout: 20_000 }).toBe(7);
  await succeeded(bench.owner, await startContainer(bench.owner, id));
  expect((await getContainer(bench.owner, id)).state).toBe('running');
  expect(await execInContainer(bench.owner, id, { argv: ['echo', 'here'], timeoutMs: 5_000 })).toMatchObject({
    stdout: 'here\n',
  });
});

/** What the host tells in its inventory now. */
async function localDeeds(): Promise<Pick<Inventory, 'deeds'>> {
  const { readInventory } = await import('#lib/agent-client/reads.ts');
  return readInventory(bench.agent.connection('worker'), bench.agent.made.signers.worker, 10_000);
}

it('leaves no socket behind', async () => {
  await bench.agent.stop();
  expect(existsSync(localSocketPath(bench.agent.config.agentDir))).toBe(false);
});
