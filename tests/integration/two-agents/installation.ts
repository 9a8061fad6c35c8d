/**
 * One portal with two real agents, each on a "host" of its own: the first on this machine's network, the second in a network
 * namespace. Both join by the real program with a single-use token; the verb behind it is the portal's.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { AgentConfig } from '#agent/config.ts';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import { EnrollRequest } from '#lib/contract/agent-trust.ts';
import { withActor } from '#lib/db/client.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { plans } from '#lib/db/schema/plans.ts';
import { grantSigner } from '#lib/grants/sign.ts';
import { type Authority, admitHosts } from '#lib/hosts/admit.ts';
import { enrollHost } from '#lib/hosts/enroll.ts';
import { createHostToken } from '#lib/hosts/token.ts';
import { problemResponse } from '#lib/http/problem.ts';
import { createCa, issueServiceCert } from '#lib/pki/ca.ts';
import { setSealKey } from '#lib/secrets/sealed-values.ts';
import { setServices } from '#lib/services.ts';
import { statePaths } from '#lib/settings.ts';
import { migrateDbos, openQueue } from '#lib/workflows/dbos.ts';
import { prepareAgent, TestAgent } from '../../support/agent.ts';
import { grantPair } from '../../support/fake-agent.ts';
import { TestWorker, writeState } from '../../support/operations.ts';
import { makeOtherHost, type OtherHost } from '../../support/other-host.ts';
import { actorFor, seedWorld, smallResources, startPortal, type TestPortal, type World } from '../../support/portal.ts';
import { freePort } from '../../support/postgres.ts';

export type Installation = {
  portal: TestPortal;
  world: World;
  admin: UserActor;
  owner: UserActor;
  agents: { one: TestAgent; two: TestAgent };
  /** Where the second agent's host is reached. */
  otherHost: OtherHost;
  /** The token each has joined with. */
  tokens: { one: string; two: string };
  enrollUrl: string;
  /** What the operator has exported: opens every tenant's backups. */
  recoveryPassword: string;
  worker: TestWorker;
  stop(): Promise<void>;
};

const main = join(import.meta.dirname, '../../../agent/enroll.ts');

/** Runs the program that joins a host. Rejects with its words when it fails. */
export async function enroll(portalUrl: string, token: string, files: { settings: string; into: string }, to: string) {
  const tokenFile = `${files.settings}.token`;
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const args = ['--portal', portalUrl, '--token-file', tokenFile, '--settings', files.settings, '--address', to];
  await promisify(execFile)(process.execPath, [main, ...args, '--config-dir', files.into]);
}

/** The one address of the portal that joining needs, with the portal's own verb behind it. */
async function enrolServer(portal: TestPortal, authority: Authority): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = async () => {
        if (request.url !== '/api/v1/hosts/enroll') return new Response(null, { status: 404 });
        const body = EnrollRequest.parse(JSON.parse(Buffer.concat(chunks).toString()));
        const joined = enrollHost(body);
        let open = true;
        joined.finally(() => (open = false)).catch(() => undefined);
        // The worker, which answers in an installation, may not run yet.
        for (; open; await sleep(20)) await admitHosts(portal.worker, authority);
        return Response.json(await joined);
      };
      void answer()
        .catch((error: unknown) => problemResponse(error, 'hosts.enroll'))
        .then(async (result) => response.writeHead(result.status).end(await result.text()));
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${port}`, server };
}

export async function startInstallation(): Promise<Installation> {
  const undo: (() => Promise<unknown> | unknown)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const portal = await startPortal();
    undo.push(() => portal.stop());
    await migrateDbos(portal.pg.ownerUrl);
    const world = await seedWorld(portal);
    const admin = actorFor(world, 'admin');
    await withActor(portal.super, systemActor('test'), async (tx) => {
      await tx.update(containers).set({ deletedAt: new Date() });
      await tx.update(plans).set({ resources: { ...smallResources, diskBytes: 256 * 1024 * 1024, inodes: 16_384 } });
      await tx.update(hosts).set({ status: 'disabled' }).where(eq(hosts.id, world.ids.host));
    });

    const ca = await createCa('test');
    const pairs = { web: grantPair(), worker: grantPair() };
    const publicKey = (name: 'web' | 'worker') =>
      pairs[name].publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const { url: enrollUrl, server } = await enrolServer(portal, {
      ca,
      grantKeys: { web: publicKey('web'), worker: publicKey('worker') },
    });
    undo.push(() => server.close());
    const service = async (name: 'web' | 'worker') => ({
      ...(await issueServiceCert(ca, name)),
      ca: ca.certificate,
    });
    const shared = {
      ca,
      identities: { web: await service('web'), worker: await service('worker') },
      signers: {
        web: grantSigner('web', pairs.web.privatePem),
        worker: grantSigner('worker', pairs.worker.privatePem),
      },
      grantKeys: { web: pairs.web.privatePem, worker: pairs.worker.privatePem },
    };

    /** Both hosts have the same directory for backups, as hosts with one mounted share have. */
    const backupRoot = mkdtempSync('/tmp/berth-backups-');
    undo.push(() => rmSync(backupRoot, { recursive: true, force: true }));

    const joinHost = async (name: string, change: Partial<AgentConfig>, place?: readonly string[]) => {
      const prepared = await prepareAgent('real', { backupRoot, ...change });
      undo.push(() => prepared.cleanUp());
      const { hostId: _, identity: __, grantKeys: ___, ...settings } = prepared.config;
      const file = join(prepared.made.directory, 'settings.json');
      writeFileSync(file, JSON.stringify(settings));
      const { token } = await createHostToken(admin, { name });
      const { host, port } = settings.listen;
      const files = { settings: file, into: settings.agentDir };
      await enroll(enrollUrl, token, files, `https://${host}:${port}`);
      const config = AgentConfig.parse(JSON.parse(readFileSync(join(settings.agentDir, 'config.json'), 'utf8')));
      const made = { ...prepared.made, ...shared, config, ...(place === undefined ? {} : { place }) };
      const agent = new TestAgent(made);
      undo.push(() => agent.stop('SIGKILL'));
      await agent.start();
      return { agent, token };
    };

    const run = randomBytes(1).toString('hex');
    const own = (n: 1 | 2) => ({
      instance: `${n === 1 ? 'x' : 'y'}${run}`,
      subnet: `10.${170 + n}.${Number.parseInt(run, 16)}.0/24`,
      idBase: 1_879_048_192 + 65_536 * (31_000 + 1000 * n),
    });
    const one = await joinHost('one', { ...own(1), listen: { host: '127.0.0.1', port: await freePort() } });
    const otherHost = makeOtherHost();
    undo.push(() => otherHost.remove());
    const there = { host: otherHost.address, port: 7443 };
    const two = await joinHost('two', { ...own(2), listen: there, forwardAddress: otherHost.address }, otherHost.place);

    const sealKey = randomBytes(32);
    setSealKey(sealKey);
    const agents = new Agents(shared.identities.web, shared.signers.web);
    undo.push(() => agents.close());
    const queue = await openQueue(portal.pg.webUrl, '1');
    undo.push(() => queue.close());
    setServices({ agents, queue, log: { warn: (detail, message) => console.warn(message, detail) } });
    await withActor(portal.super, systemActor('test'), (tx) =>
      tx.update(backupLocations).set({ path: join(backupRoot, 'default') }),
    );
    const stateDir = join(one.agent.made.directory, 'state');
    writeState(stateDir, one.agent, portal, sealKey, { grantKey: shared.grantKeys.worker });
    const secrets = readFileSync(join(statePaths(stateDir).role('worker'), 'settings.json'), 'utf8');
    const worker = new TestWorker(stateDir);
    undo.push(() => worker.stop('SIGKILL'));
    await worker.start();
    return {
      portal,
      world,
      admin,
      owner: actorFor(world, 'ownerA'),
      agents: { one: one.agent, two: two.agent },
      otherHost,
      tokens: { one: one.token, two: two.token },
      enrollUrl,
      recoveryPassword: z.object({ recoveryPassword: z.string() }).parse(JSON.parse(secrets)).recoveryPassword,
      worker,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
