import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { decideDevice } from '#lib/auth/device.ts';
import { createApiToken } from '#lib/auth/tokens.ts';
import { UserCode } from '#lib/contract/device.ts';
import { withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts, lostCopies } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { startApiServer } from '#tests/support/api-server.ts';
import { actorFor, giveRoom, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { quietPanel } from '#tests/support/quiet.ts';

const asSystem = systemActor('test');
const main = join(import.meta.dirname, '../../../cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'berth-cli-'));
let portal: TestPortal;
let world: World;
let server: Awaited<ReturnType<typeof startApiServer>>;
const tokens: Record<'admin' | 'ownerA' | 'memberA', string> = { admin: '', ownerA: '', memberA: '' };
/** What becomes of an operation that is put in line. */
let outcome: 'succeeded' | 'failed' | null = 'succeeded';

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  quietPanel({ queue: { enqueue: async ({ operationId }) => void end(operationId) } });
  await withActor(portal.super, asSystem, async (tx) => {
    for (const who of ['admin', 'ownerA', 'memberA'] as const) {
      tokens[who] = await createApiToken(tx, world.people[who].id, 'test');
    }
  });
  await giveRoom(portal, world.ids.host);
  server = await startApiServer();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
  await portal.stop();
});
beforeEach(async () => {
  outcome = 'succeeded';
  server.state.requests.length = 0;
  await withActor(portal.super, asSystem, async (tx) => {
    await tx.update(operations).set({ state: 'cancelled', endedAt: new Date() });
    const seen = { observedPower: 'running' as const, observedAt: new Date(Date.now() + 3_600_000) };
    await tx.update(containers).set(seen);
  });
});

async function end(id: string): Promise<void> {
  if (outcome === null) return;
  const error = { code: 'action_failed' as const, detail: 'the disk said no', step: 'start', remedy: 'Try again.' };
  await new Promise((done) => setTimeout(done, 300));
  const more = outcome === 'failed' ? { error } : {};
  await withActor(portal.super, asSystem, (tx) =>
    tx
      .update(operations)
      .set({ state: outcome ?? 'failed', endedAt: new Date(), ...more })
      .where(eq(operations.id, id)),
  );
}

type Run = { exit: number | null; out: string; err: string };
function berth(who: keyof typeof tokens | null, args: string[], env: Record<string, string> = {}): Promise<Run> {
  const given = who === null ? {} : { BERTH_URL: server.url, BERTH_TOKEN: tokens[who] };
  const settings: NodeJS.ProcessEnv = {
    NODE_ENV: 'test',
    PATH: process.env.PATH,
    HOME: folder,
    BERTH_CONFIG: join(folder, 'account.json'),
    ...given,
    ...env,
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], { env: settings }, (_error, out, err) =>
      resolve({ exit: child.exitCode, out, err }),
    );
  });
}

describe('what a script relies on', () => {
  it('tables for people, JSON for programs, results alone on standard output', async () => {
    const list = await berth('ownerA', ['ct', 'list']);
    expect(list).toMatchObject({ exit: 0, err: '' });
    expect(list.out).toMatch(/^NAME +STATE +PLAN +SYSTEM +ADDRESS +TENANT\nweb-a +running +Small/);
    const json = await berth('ownerA', ['ct', 'list', '--json']);
    expect(JSON.parse(json.out)).toMatchObject([{ name: 'web-a', id: world.containers.a.id }]);
    expect((await berth('ownerA', ['ct', 'show', 'web-a'])).out).toMatch(/State +running/);
    for (const word of ['plan', 'template', 'op', 'audit', 'webhook']) {
      expect(await berth('ownerA', [word, 'list', '--json']), word).toMatchObject({ exit: 0 });
    }
    for (const word of ['tenant', 'reseller', 'server']) {
      expect(await berth('admin', [word, 'list']), word).toMatchObject({ exit: 0 });
    }
    const any = await berth('ownerA', ['api', 'GET', '/me']);
    expect(JSON.parse(any.out)).toMatchObject({ email: 'owner-a@example.test' });
  });

  it.each([
    ['2: no such verb', 'ownerA', ['ct', 'frobnicate'], 2],
    ['2: a wish without its container', 'ownerA', ['ct', 'start'], 2],
    ['2: a reinstall without --yes', 'ownerA', ['ct', 'reinstall', 'web-a'], 2],
    ['3: nobody', null, ['ct', 'list'], 3],
    ['4: not there', 'ownerA', ['ct', 'show', 'nowhere'], 4],
    ['4: another’s', 'ownerA', ['ct', 'show', 'web-b'], 4],
    ['4: not allowed', 'memberA', ['ct', 'reinstall', 'web-a', '--yes'], 4],
    ['5: refused as things are', 'ownerA', ['ct', 'start', 'web-a'], 5],
  ] as const)('exit status %s', async (_name, who, args, exit) => {
    const run = await berth(who, [...args]);
    expect(run, run.err).toMatchObject({ exit, out: '' });
    expect(run.err).not.toBe('');
  });

  it('exit status 3 for a token that is none, 7 where nobody is', async () => {
    const url = server.url;
    expect(await berth(null, ['ct', 'list'], { BERTH_URL: url, BERTH_TOKEN: 'berth_none' })).toMatchObject({ exit: 3 });
    const gone = { BERTH_URL: 'http://127.0.0.1:9', BERTH_TOKEN: 'berth_none' };
    expect(await berth(null, ['ct', 'list'], gone)).toMatchObject({ exit: 7 });
  });

  it('--wait ends as the operation does', async () => {
    const well = await berth('ownerA', ['ct', 'restart', 'web-a', '--wait']);
    expect(well, well.err).toMatchObject({ exit: 0, out: 'web-a: restart succeeded\n' });
    outcome = 'failed';
    const badly = await berth('ownerA', ['ct', 'stop', 'web-a', '--wait']);
    expect(badly).toMatchObject({ exit: 6, out: '' });
    expect(badly.err).toContain('stop failed: the disk said no\nTry again.');
  });

  it('creates, moves to a plan, clones nothing it was not asked for', async () => {
    const create = ['ct', 'create', 'fresh', '--plan', 'Small', '--template', 'tiny'];
    const made = await berth('admin', [...create, '--tenant', 'Tenant A', '--json', '--wait']);
    expect(made, made.err).toMatchObject({ exit: 0 });
    expect(JSON.parse(made.out)).toMatchObject({ kind: 'create', state: 'succeeded', containerName: 'fresh' });
    expect(await berth('admin', create)).toMatchObject({ exit: 2 });
    expect(await berth('admin', [...create, '--tenant', 'Tenant A'])).toMatchObject({ exit: 5 });
  });
});

describe('several at once', () => {
  it('says beforehand, ends at the first refusal, goes on when told', async () => {
    await withActor(portal.super, asSystem, (tx) =>
      tx.update(containers).set({ observedPower: 'stopped' }).where(eq(containers.id, world.containers.b.id)),
    );
    const dry = await berth('admin', ['ct', 'start', 'web-a', 'web-b', '--dry-run']);
    expect(dry.out).toBe('would start web-a (running)\nwould start web-b (stopped)\n');
    expect(server.state.requests.filter((one) => one.startsWith('POST'))).toEqual([]);
    const first = await berth('admin', ['ct', 'start', 'web-a', 'web-b']);
    expect(first).toMatchObject({ exit: 5, out: '' });
    const on = await berth('admin', ['ct', 'start', 'web-a', 'web-b', '--keep-going']);
    expect(on).toMatchObject({ exit: 5, out: expect.stringMatching(/^web-b: start asked for/) });
    expect(on.err).toContain('web-a:');
  });

  it('does once what a broken connection made it ask twice', async () => {
    outcome = null;
    server.state.cutNext = 1;
    const run = await berth('ownerA', ['ct', 'backup', 'web-a']);
    expect(run, run.err).toMatchObject({ exit: 0 });
    expect(server.state.requests.filter((one) => one.startsWith('POST'))).toHaveLength(2);
    const made = await withActor(portal.super, asSystem, (tx) =>
      tx.select().from(operations).where(sql`${operations.kind} = 'backup' and ${operations.state} = 'queued'`),
    );
    expect(made).toHaveLength(1);
  });
});

describe('labels, holds and rights', () => {
  it('labels what is named or carries a label, and acts by it', async () => {
    expect(await berth('ownerA', ['ct', 'label', 'web-a', '--add', 'shop', 'eu'])).toMatchObject({
      exit: 0,
      out: 'web-a: eu, shop\n',
    });
    expect((await berth('ownerA', ['label', 'list'])).out).toMatch(/^LABEL +CONTAINERS\neu +1\nshop +1/);
    expect((await berth('ownerA', ['ct', 'list', '--label', 'shop', '--names'])).out).toBe('web-a\n');
    expect((await berth('ownerA', ['ct', 'restart', '--label', 'shop', '--dry-run'])).out).toBe(
      'would restart web-a (running)\n',
    );
    expect(await berth('ownerA', ['ct', 'label', '--label', 'shop', '--remove', 'shop', 'eu'])).toMatchObject({
      exit: 0,
      out: 'web-a: no labels\n',
    });
    for (const args of [['web-a'], ['web-a', '--add', 'Not One!'], ['web-a', '--all', '--add', 'x'], ['--add', 'x']]) {
      expect(await berth('ownerA', ['ct', 'label', ...args]), args.join(' ')).toMatchObject({ exit: 2, out: '' });
    }
    expect(await berth('memberA', ['ct', 'label', 'web-a', '--add', 'x'])).toMatchObject({ exit: 4 });
  });

  it('puts and lifts holds, by reason', async () => {
    const hold = ['hold', 'web-a', '--reason', 'abuse', '--message', 'spam', '--leave-running'];
    expect(await berth('admin', ['ct', ...hold])).toMatchObject({ exit: 0, out: 'web-a: on hold (abuse)\n' });
    expect((await berth('ownerA', ['ct', 'show', 'web-a'])).out).toMatch(/Hold +abuse: spam/);
    const why = await berth('ownerA', ['ct', 'why', 'web-a', 'container.stop']);
    expect(why).toMatchObject({ exit: 4, out: expect.stringContaining('There is a hold (abuse)') });
    expect(await berth('admin', ['ct', 'unhold', 'web-a', '--reason', 'billing'])).toMatchObject({ exit: 4 });
    expect(await berth('admin', ['ct', 'unhold', 'web-a', '--reason', 'abuse'])).toMatchObject({ exit: 0 });
    expect(await berth('ownerA', ['ct', 'why', 'web-a', 'container.stop'])).toMatchObject({ exit: 0 });
    const tenant = ['Tenant A', '--reason', 'billing'];
    expect(await berth('admin', ['tenant', 'hold', ...tenant, '--leave-running'])).toMatchObject({ exit: 0 });
    expect(await berth('admin', ['tenant', 'unhold', ...tenant])).toMatchObject({ exit: 0 });
    expect(await berth('ownerA', ['ct', 'hold', 'web-a', '--reason', 'billing'])).toMatchObject({ exit: 4 });
    expect(await berth('admin', ['ct', 'hold', 'web-a', '--reason', 'boredom'])).toMatchObject({ exit: 2 });
  });

  it('says who can, and which roles there are', async () => {
    const who = await berth('admin', ['who', 'container.console', 'web-a']);
    expect(who.out).toMatch(/owner-a +owner-a@example.test +Owner/);
    expect(await berth('ownerA', ['who', 'container.console', 'web-a'])).toMatchObject({ exit: 4 });
    expect(await berth('admin', ['who', 'container.dance', 'web-a'])).toMatchObject({ exit: 2 });
    expect((await berth('ownerA', ['role', 'list'])).out).toMatch(/Owner +tenant-owner/);
  });
});

describe('berth login', () => {
  it('is let in by the browser, keeps the token to itself, and forgets it', async () => {
    const env: NodeJS.ProcessEnv = {
      NODE_ENV: 'test',
      PATH: process.env.PATH,
      HOME: folder,
      BERTH_CONFIG: join(folder, 'account.json'),
    };
    const child = spawn(process.execPath, [main, 'login', server.url], { env });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await expect.poll(() => said, { timeout: 30_000 }).toMatch(/[B-Z]{4}-[B-Z]{4}\. Waiting/);
    const userCode = UserCode.parse(/([B-Z]{4}-[B-Z]{4})\. Waiting/.exec(said)?.[1]);
    await decideDevice(actorFor(world, 'ownerA'), { userCode, approve: true });
    expect(await ended).toBe(0);
    const file = join(folder, 'account.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { token } = JSON.parse(readFileSync(file, 'utf8'));
    expect(said).not.toContain(token);
    expect((await berth(null, ['whoami'])).out).toContain('owner-a@example.test');
    expect(await berth(null, ['ct', 'list', '--names'])).toMatchObject({
      exit: 0,
      out: expect.stringContaining('web-a'),
    });
    await berth(null, ['logout']);
    expect(await berth(null, ['whoami'])).toMatchObject({ exit: 3 });
  });

  it('sends no token in clear to another machine', async () => {
    expect(await berth(null, ['login', 'http://panel.example.net'])).toMatchObject({ exit: 2 });
  });
});

it('says what is lost with a server that is gone, and marks it so by its name alone', async () => {
  expect(await berth('ownerA', ['server', 'lost', 'host-1'])).toMatchObject({ exit: 4 });
  const told = await berth('admin', ['server', 'lost', 'host-1']);
  expect(told).toMatchObject({ exit: 0, out: expect.stringMatching(/web-a .*nothing: all of it is lost/) });
  expect(told.out).toContain('Nothing was done.');
  const lost = (name: string) => berth('admin', ['server', 'lost', 'host-1', '--name', name, '--container', 'web-a']);
  expect(await lost('host-1')).toMatchObject({ exit: 5, err: expect.stringContaining('It answers') });
  const silent = new Date(Date.now() - 3_600_000);
  await withActor(portal.super, asSystem, (tx) => tx.update(hosts).set({ lastSeenAt: silent }));
  expect(await lost('host-2')).toMatchObject({ exit: 5 });
  expect(await lost('host-1')).toMatchObject({ exit: 0 });
  const rows = await withActor(portal.super, asSystem, (tx) => tx.select().from(lostCopies));
  expect(rows.map((row) => row.hostId)).toEqual([world.ids.host]);
});

it('completion is a script that bash takes, with every verb', async () => {
  const { out } = await berth(null, ['completion', 'bash']);
  for (const verb of ['ct', 'login', 'reinstall', '--keep-going']) expect(out).toContain(verb);
  const script = join(folder, 'completion.sh');
  writeFileSync(script, out);
  const words = `source ${script}; COMP_WORDS=(berth ct re) COMP_CWORD=2; _berth; declare -p COMPREPLY`;
  const said = execFileSync('bash', ['-c', words], { encoding: 'utf8' });
  for (const verb of ['restart', 'restore', 'reinstall']) expect(said).toContain(`"${verb}"`);
});
