/** Two hosts in one portal; what belongs to one never serves for, stops at, or slows the other. */
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { AgentConnection } from '#lib/agent-client/connection.ts';
import { createBackup } from '#lib/backups/create.ts';
import { listBackups } from '#lib/backups/list.ts';
import { createContainer } from '#lib/containers/create.ts';
import { execInContainer } from '#lib/containers/exec.ts';
import { addForward } from '#lib/containers/forwards.ts';
import { getContainer } from '#lib/containers/get.ts';
import { listContainers } from '#lib/containers/list.ts';
import { startContainer } from '#lib/containers/start.ts';
import { stopContainer } from '#lib/containers/stop.ts';
import { undeleteContainer } from '#lib/containers/undelete.ts';
import { argsHash } from '#lib/contract/args-hash.ts';
import { actionId } from '#lib/contract/ids.ts';
import { observationLimitMs } from '#lib/contract/states.ts';
import { getDashboard } from '#lib/dashboard/get.ts';
import { withActor } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { enrollTokens, hosts } from '#lib/db/schema/hosts.ts';
import { enrollHost } from '#lib/hosts/enroll.ts';
import { listHosts } from '#lib/hosts/list.ts';
import { loseHost } from '#lib/hosts/lose.ts';
import { createHostToken, hashToken, issueHostToken } from '#lib/hosts/token.ts';
import { adoptOrphan } from '#lib/orphans/adopt.ts';
import { listOrphans } from '#lib/orphans/list.ts';
import { createRequest } from '#lib/pki/ca.ts';
import { buildTemplate } from '#lib/templates/build.ts';
import type { TestAgent } from '../../support/agent.ts';
import { succeeded } from '../../support/operations.ts';
import { groupsOf } from '../../support/sweep.ts';
import { enroll, type Installation, startInstallation } from './installation.ts';

const timeoutMs = 10_000;
let site: Installation;
const ids = { one: '', two: '' };
const names = ['one', 'two'] as const;

const asSystem = <T>(work: Parameters<typeof withActor<T>>[2]) =>
  withActor(site.portal.super, systemActor('test'), work);
const stateOf = async (name: 'one' | 'two') => (await getContainer(site.owner, ids[name])).state;

beforeAll(async () => {
  site = await startInstallation();
}, 300_000);
afterAll(async () => {
  await site?.stop();
}, 120_000);

describe('joining', () => {
  it('two hosts join with a token each and are known by what they are', async () => {
    await expect
      .poll(async () => (await listHosts(site.admin, {})).items.filter((host) => host.health === 'ok').length, {
        timeout: 15_000,
      })
      .toBe(2);
    const { items } = await listHosts(site.admin, {});
    for (const name of names) {
      const agent = site.agents[name];
      expect(items.find((host) => host.name === name)).toMatchObject({ id: agent.hostId, simulated: false });
    }
  });

  it('a token serves once: neither again, nor for two at the same time', async () => {
    const into = mkdtempSync('/tmp/berth-twice-');
    try {
      const settings = join(into, 'settings.json');
      writeFileSync(settings, '{}');
      const files = { settings, into: join(into, 'agent') };
      for (const token of [site.tokens.one, site.tokens.two, 'a token that nobody has ever made']) {
        await expect(enroll(site.enrollUrl, token, files, 'https://127.0.0.1:1')).rejects.toThrow(/answered 403/);
      }
      expect(existsSync(files.into)).toBe(false);
    } finally {
      rmSync(into, { recursive: true, force: true });
    }
    const { token } = await createHostToken(site.admin, { name: 'three' });
    const ask = async () => {
      const { csr } = await createRequest();
      return enrollHost({ token, csr, hostname: 'three', address: 'https://127.0.0.1:1' });
    };
    const answers = await Promise.allSettled([ask(), ask(), ask()]);
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
    await asSystem((tx) => tx.update(hosts).set({ status: 'disabled' }).where(eq(hosts.name, 'three')));
    const addresses = await asSystem((tx) => tx.select({ address: hosts.address }).from(hosts));
    const { one, two } = site.agents;
    expect(addresses.map((row) => row.address)).toEqual(
      expect.arrayContaining([`https://127.0.0.1:${one.port}`, `https://${two.config.listen.host}:${two.port}`]),
    );
  });
});

describe('a web process that was taken over', () => {
  const token = 'a token that the web made for itself';
  const values = { name: 'one', tokenHash: hashToken(token), expiresAt: new Date(Date.now() + 60_000) };

  it('cannot make itself a host that is known: neither by name, nor by a token to join again', async () => {
    const before = await listHosts(site.admin, {});
    await expect(createHostToken(site.admin, { name: 'one' })).rejects.toMatchObject({ code: 'conflict' });
    const asWeb = (work: Parameters<typeof withActor>[2]) => withActor(site.portal.web, systemActor('test'), work);
    await expect(asWeb((tx) => tx.insert(enrollTokens).values({ ...values, rejoin: true }))).rejects.toMatchObject({
      cause: { message: expect.stringContaining('by a token from set-up') },
    });
    await asWeb((tx) => tx.insert(enrollTokens).values(values));
    const { csr } = await createRequest();
    const ask = { token, csr, hostname: 'one', address: 'https://127.0.0.1:1' };
    await expect(enrollHost(ask)).rejects.toMatchObject({ code: 'conflict' });
    await expect(asWeb((tx) => tx.update(hosts).set({ address: ask.address }))).rejects.toMatchObject({
      cause: { message: expect.stringContaining('permission denied') },
    });
    const ids = (list: typeof before) => list.items.map(({ id, address }) => ({ id, address }));
    expect(ids(await listHosts(site.admin, {}))).toEqual(ids(before));
  });

  it('while set-up lets a known host join again under its id', async () => {
    const { one } = site.agents;
    const issued = await asSystem((tx) => issueHostToken(tx, systemActor('test'), { name: 'one', rejoin: true }));
    const { csr } = await createRequest();
    const address = `https://127.0.0.1:${one.port}`;
    const joined = await enrollHost({ token: issued.token, csr, hostname: 'one', address });
    expect(joined.hostId).toBe(one.hostId);
    expect(new X509Certificate(joined.certificate).subjectAltName).toContain(`berth:host:${one.hostId}`);
    // It takes containers again once it has been heard.
    const status = () => asSystem((tx) => tx.select().from(hosts).where(eq(hosts.id, one.hostId)));
    await expect.poll(async () => (await status())[0]?.status, { timeout: 15_000 }).toBe('ok');
  });
});

describe('containers on both', () => {
  it('are made where it was wished, and run there and nowhere else', async () => {
    const { admin, world, owner } = site;
    for (const name of names) {
      const hostId = site.agents[name].hostId;
      const built = await succeeded(admin, await buildTemplate(admin, { hostId, name: 'tiny' }), 120_000);
      const templateId = String(built.result.templateId);
      const about = { tenantId: world.ids.a, planId: world.ids.plan, templateId, sshKeys: [], start: true };
      const done = await succeeded(admin, await createContainer(admin, { ...about, name: `web-${name}`, hostId }));
      ids[name] = done.containerId ?? '';
    }
    for (const name of names) {
      expect((await site.agents[name].inventory()).map((item) => item.containerId)).toEqual([ids[name]]);
      const said = await execInContainer(owner, ids[name], { argv: ['hostname'], timeoutMs });
      expect(said).toMatchObject({ exitCode: 0, stdout: `web-${name}\n` });
    }
    const [one, two] = await Promise.all(names.map((name) => getContainer(owner, ids[name])));
    expect(one?.hostId).not.toBe(two?.hostId);
    expect(one?.addresses).not.toEqual(two?.addresses);
  });

  it('answer through their hosts’ forwarded ports, each with its own voice', async () => {
    for (const name of names) {
      await succeeded(site.owner, await addForward(site.owner, ids[name], { protocol: 'tcp', containerPort: 8080 }));
      const script = `(while :; do echo voice-${name} | nc -l -p 8080; done) >/dev/null 2>&1 </dev/null &`;
      await execInContainer(site.owner, ids[name], { argv: ['/bin/sh', '-c', script], timeoutMs });
      await expect.poll(() => listenTo(name), { timeout: 10_000 }).toBe(`voice-${name}\n`);
    }
  });
});

describe('what is meant for one host', () => {
  it('is refused by the other: a grant, though everything else in it is right', async () => {
    const [row] = await asSystem((tx) => tx.select().from(containers).where(eq(containers.id, ids.two)));
    const generation = row?.generation ?? 0;
    const send = async (aud: string) => {
      const [operationId, seconds] = [uuidv7(), Math.floor(Date.now() / 1000)];
      const jti = actionId(operationId, 1, 'kill');
      const order = { verb: 'container.kill' as const, containerId: ids.two, generation };
      const argsOf = argsHash({ args: {}, secrets: {} });
      const about = { sub: 'system', operationId, argsHash: argsOf, jti, iat: seconds, exp: seconds + 60 };
      const grant = await site.agents.two.made.signers.worker.sign({ ...order, ...about, aud });
      const body = JSON.stringify({ ...order, args: {}, secrets: {} });
      const connection = site.agents.two.connection('worker');
      const answer = await connection.send({ method: 'PUT', path: `/v1/actions/${jti}`, grant, body });
      return { status: answer.statusCode, text: await connection.readAll(answer) };
    };
    const refused = await send(site.agents.one.hostId);
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'grant_refused' });
    expect((await site.agents.two.item(ids.two))?.power).toBe('running');
    // The same for its own host is obeyed, so it was the host that was wrong.
    expect(await send(site.agents.two.hostId)).toMatchObject({ status: 200 });
    expect((await site.agents.two.item(ids.two))?.power).toBe('stopped');
    await expect.poll(() => stateOf('two'), { timeout: 10_000 }).toBe('stopped');
    await succeeded(site.owner, await startContainer(site.owner, ids.two));
  });

  it('is refused by the other: a certificate', async () => {
    const { one, two } = site.agents;
    const { identity } = one.config;
    const address = `https://${two.config.listen.host}:${two.port}`;
    const asHost = {
      certificate: readFileSync(identity.certificate, 'utf8'),
      key: readFileSync(identity.key, 'utf8'),
      ca: one.made.ca.certificate,
    };
    const seconds = Math.floor(Date.now() / 1000);
    const grant = await two.made.signers.worker.sign({
      ...{ aud: two.hostId, sub: 'system', verb: 'inventory.read', containerId: null, generation: null },
      ...{ operationId: null, argsHash: argsHash({}), jti: uuidv7(), iat: seconds, exp: seconds + 20 },
    });
    const ask = async (connection: AgentConnection) => {
      const answer = await connection.send({ method: 'GET', path: '/v1/inventory', grant });
      await connection.readAll(answer);
      connection.close();
      return answer.statusCode;
    };
    // A host's certificate is not one for clients: TLS ends before anything can be asked.
    const other = new AgentConnection({ hostId: two.hostId, address }, asHost);
    await expect(ask(other)).rejects.toMatchObject({ code: 'host_unreachable', cause: { code: 'ECONNRESET' } });
    expect(await ask(new AgentConnection({ hostId: two.hostId, address }, two.made.identities.worker))).toBe(200);
    // And we do not take one host for the other, whatever its address says.
    const mistaken = new AgentConnection({ hostId: one.hostId, address }, two.made.identities.worker);
    await expect(ask(mistaken)).rejects.toMatchObject({ code: 'host_unreachable' });
  });
});

describe('a host whose agent hangs', () => {
  it('keeps its containers alive, is shown as unknown with what was last known, and holds up nobody', async () => {
    const { owner, admin, agents } = site;
    const calm = await timesOfPages();
    process.kill(agents.one.pid, 'SIGSTOP');
    try {
      const stopped = Date.now();
      await expect.poll(() => stateOf('one'), { timeout: observationLimitMs + 5_000, interval: 200 }).toBe('unknown');
      expect(Date.now() - stopped).toBeGreaterThan(observationLimitMs - 3_000);
      const shown = await getContainer(owner, ids.one);
      expect(shown.lastKnown?.state).toBe('running');
      expect(Date.parse(shown.lastKnown?.at ?? '')).toBeLessThan(stopped + 1_000);
      expect((await listHosts(admin, {})).items.find((host) => host.name === 'one')?.health).toBe('silent');
      expect(pidsOf(agents.one).length).toBeGreaterThan(0);
      expect(await listenTo('one')).toBe('voice-one\n');

      const held = await timesOfPages();
      console.log(`pages: ${calm.toFixed(0)} ms, with a hanging host ${held.toFixed(0)} ms`);
      expect(held).toBeLessThan(Math.max(2000, calm * 3));
      expect(await stateOf('two')).toBe('running');
      const at = Date.now();
      await succeeded(owner, await stopContainer(owner, ids.two, { timeoutMs }), 20_000);
      await succeeded(owner, await startContainer(owner, ids.two), 20_000);
      expect(Date.now() - at).toBeLessThan(15_000);

      const asked = Date.now();
      await expect(startContainer(owner, ids.one)).rejects.toMatchObject({ code: 'state' });
      await expect(execInContainer(owner, ids.one, { argv: ['true'], timeoutMs })).rejects.toMatchObject({
        code: expect.stringMatching(/state|host_unreachable/),
      });
      expect(Date.now() - asked).toBeLessThan(5_000);
    } finally {
      process.kill(agents.one.pid, 'SIGCONT');
    }
    await expect.poll(() => stateOf('one'), { timeout: 15_000 }).toBe('running');
    const said = await execInContainer(owner, ids.one, { argv: ['hostname'], timeoutMs });
    expect(said.stdout).toBe('web-one\n');
  });
});

describe('a host that is gone', () => {
  it('is written off for a container, which comes back on the other; back again, it starts the rest and never that one', async () => {
    const { owner, admin, world, agents } = site;
    const { hostId } = agents.one;
    await execInContainer(owner, ids.one, { argv: ['/bin/sh', '-c', 'echo kept > /root/note; sync'], timeoutMs });
    await succeeded(owner, await createBackup(owner, ids.one, {}), 60_000);
    await execInContainer(owner, ids.one, { argv: ['/bin/sh', '-c', 'echo late > /root/late; sync'], timeoutMs });
    const { template } = await getContainer(owner, ids.one);
    const about = { tenantId: world.ids.a, planId: world.ids.plan, templateId: template.id, sshKeys: [], start: true };
    const stays = await succeeded(admin, await createContainer(admin, { ...about, name: 'stays', hostId }));
    await expect(loseHost(admin, hostId, { name: 'one' })).rejects.toMatchObject({ code: 'state' });

    // The machine is off: the agent and all that ran there. It is off for an hour, by what both sides remember.
    await agents.one.stop('SIGKILL');
    for (const group of groupsOf(agents.one.config.instance)) killAll(group);
    const store = new DatabaseSync(join(agents.one.config.agentDir, 'agent.db'));
    const hourAgo = new Date(Date.now() - 3_600_000);
    store
      .prepare(
        "insert into settings values ('panel-heard-at', ?) on conflict (key) do update set value = excluded.value",
      )
      .run(hourAgo.toISOString());
    store.close();
    await asSystem((tx) => tx.update(hosts).set({ lastSeenAt: hourAgo }).where(eq(hosts.id, hostId)));

    const lost = await loseHost(admin, hostId, { name: 'one', containerIds: [ids.one] });
    expect(lost.containers).toMatchObject([{ id: ids.one, inDirectory: true }]);
    await expect.poll(() => stateOf('one'), { timeout: 10_000 }).toBe('deleted');
    expect((await getContainer(owner, ids.one)).deleted).toMatchObject({ lost: true, backups: 1, addressKept: false });
    await expect(undeleteContainer(owner, ids.one, { acceptNewAddress: false, start: true })).rejects.toMatchObject({
      code: 'state',
    });
    // For all the panel knows its backup is gone with the host; here both have the directory, so naming it brings it back.
    const moved = { acceptNewAddress: true, start: true };
    await expect(undeleteContainer(owner, ids.one, moved)).rejects.toMatchObject({ code: 'state' });
    const [backup] = (await listBackups(owner, ids.one, {})).items;
    const asked = await undeleteContainer(owner, ids.one, { ...moved, backupId: backup?.id ?? '' });
    await succeeded(owner, asked, 60_000);
    const back = await getContainer(owner, ids.one);
    expect(back).toMatchObject({ hostId: agents.two.hostId, name: 'web-one', deleted: null });
    const said = await execInContainer(owner, ids.one, { argv: ['/bin/sh', '-c', 'cat /root/*'], timeoutMs });
    expect(said.stdout).toBe('kept\n');

    await agents.one.start();
    const stateOfStays = async () => (await getContainer(owner, stays.containerId ?? '')).state;
    // What was written off is stopped for good before anything else is started.
    await expect
      .poll(() => agents.one.item(stays.containerId ?? ''), { timeout: 20_000 })
      .toMatchObject({ power: 'running' });
    expect(await agents.one.item(ids.one)).toMatchObject({ power: 'stopped', desired: 'stopped', bootId: null });
    await expect.poll(stateOfStays, { timeout: 20_000 }).toBe('running');
    const order = agents.one.log.indexOf('the panel has not been heard for long');
    expect(order).toBeGreaterThan(-1);
    expect(agents.one.log.slice(order)).toMatch(/"containers":1,"msg":"starting what is down and wanted running"/);
    // Nothing of it is deleted, and it cannot be taken for the container that lives.
    await expect
      .poll(async () => (await listOrphans(admin)).items.map((one) => [one.id, one.power]), { timeout: 10_000 })
      .toEqual([[ids.one, 'stopped']]);
    await expect(adoptOrphan(admin, ids.one, { planId: world.ids.plan })).rejects.toMatchObject({ code: 'conflict' });
    expect(await stateOf('one')).toBe('running');
    const still = await execInContainer(owner, ids.one, { argv: ['cat', '/root/note'], timeoutMs });
    expect(still.stdout).toBe('kept\n');
    // What was asked for before is refused there from now on.
    const old = agents.one.act('container.start', { containerId: ids.one, generation: 1 });
    await expect(old).rejects.toMatchObject({ code: 'stale' });
  }, 120_000);
});

/** Whoever is in a control group, and may be gone by the time it is their turn. */
function killAll(group: string): void {
  for (const pid of readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** The median of what the pages of a list, a container and the dashboard ask for. */
async function timesOfPages(): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 7; i += 1) {
    const at = performance.now();
    await Promise.all([listContainers(site.owner, {}), getContainer(site.owner, ids.one), getDashboard(site.admin)]);
    times.push(performance.now() - at);
  }
  return times.sort((a, b) => a - b)[3] ?? 0;
}

function pidsOf(agent: TestAgent): string[] {
  const groups = groupsOf(agent.config.instance);
  return groups.flatMap((group) => readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean));
}

/** What the container's forwarded port says. */
async function listenTo(name: 'one' | 'two'): Promise<string> {
  const { forwards } = await getContainer(site.owner, ids[name]);
  const port = forwards[0]?.hostPort ?? 0;
  return await new Promise((resolve) => {
    const socket = connect(port, site.agents[name].config.forwardAddress);
    let text = '';
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', (error) => {
      text ||= error.message;
    });
    socket.on('close', () => resolve(text));
  });
}
