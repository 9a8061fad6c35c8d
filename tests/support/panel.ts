/**
 * A panel that can be lost: an installation of its own (secrets, database cluster, worker under its supervisor) whose one
 * host, a simulated one, lives elsewhere and outlives it. Verbs are called in this process in the web's role.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { AgentConfig } from '#agent/config.ts';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import { readRecords } from '#lib/agent-client/reads.ts';
import type { HostRecord } from '#lib/contract/agent-state.ts';
import { EnrollRequest } from '#lib/contract/agent-trust.ts';
import { asActor, createDb, setDatabase } from '#lib/db/client.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { grantSigner } from '#lib/grants/sign.ts';
import { enrollHost } from '#lib/hosts/enroll.ts';
import { createHostToken } from '#lib/hosts/token.ts';
import { problemResponse } from '#lib/http/problem.ts';
import { setSealKey } from '#lib/secrets/sealed-values.ts';
import { setServices } from '#lib/services.ts';
import { loadSettings } from '#lib/settings.ts';
import { openQueue } from '#lib/workflows/dbos.ts';
import { backUpPanel } from '#server/panel/backup.ts';
import { makeRecoveryKey } from '#server/panel/key.ts';
import { restorePanel } from '#server/panel/restore.ts';
import { configure } from '#server/setup/configure.ts';
import { type SetupContext, setupContext } from '#server/setup/context.ts';
import { mountsBelow } from '#server/setup/pool.ts';
import { tryRun } from '#server/setup/run.ts';
import { ensureDirectories, ensureSecrets } from '#server/setup/secrets.ts';
import { asOwner, ensureDemoAccounts } from '#server/setup/seed.ts';
import { servicesOf } from '#server/setup/services.ts';
import { baseSteps } from '#server/setup/up.ts';
import { enroll } from '../integration/two-agents/installation.ts';
import { personWith } from './actor.ts';
import { prepareAgent, TestAgent } from './agent.ts';
import { TestWorker } from './operations.ts';
import { freePort } from './postgres.ts';

const env = { NODE_ENV: 'test' } as const;

export class PanelWorld {
  context: SetupContext;
  /** The recovery key of its backups. */
  readonly key: string;
  agent: TestAgent | undefined;
  admin!: UserActor;
  owner!: UserActor;
  readonly #root: string;
  #close: (() => Promise<unknown>)[] = [];
  #lives = 1;

  private constructor(root: string, context: SetupContext, key: string) {
    this.#root = root;
    this.context = context;
    this.key = key;
  }

  static async make(): Promise<PanelWorld> {
    const root = mkdtempSync('/tmp/berth-panel-world-');
    chmodSync(root, 0o711);
    const stateDir = join(root, 'life-1');
    const ports = { port: await freePort(), agentPort: await freePort(), postgresPort: await freePort() };
    const config = await configure(stateDir, { instance: 'pw', name: 'panel-test', ...ports }, env);
    const context = setupContext(config, stateDir, env);
    await ensureDirectories(context);
    await ensureSecrets(context);
    const world = new PanelWorld(root, context, await makeRecoveryKey(context));
    try {
      for (const name of ['database', 'migrations']) {
        await baseSteps.find((step) => step.name === name)?.run(context, () => undefined);
      }
      const demo = await ensureDemoAccounts(context);
      world.admin = { ...personWith('provider-admin', null), userId: demo.admin.userId };
      world.owner = { ...personWith('tenant-owner', demo.tenantId), userId: demo.tenant.userId };
      await world.#run();
      await world.#join();
    } catch (error) {
      await world.cleanUp();
      throw error;
    }
    return world;
  }

  /** The worker runs, and this process is the web. */
  async #run(): Promise<void> {
    await servicesOf(this.context).start('worker');
    const settings = loadSettings('web', this.context.stateDir);
    const text = (file: string) => readFileSync(file, 'utf8');
    const { certificateFile, keyFile, grantKeyFile } = settings.identity;
    const identity = { certificate: text(certificateFile), key: text(keyFile), ca: text(settings.caFile) };
    const db = createDb(settings.databaseUrl);
    setDatabase(db);
    setSealKey(settings.sealKey);
    const queue = await openQueue(settings.databaseUrl, settings.appVersion);
    const agents = new Agents(identity, grantSigner('web', text(grantKeyFile)));
    setServices({ agents, queue, log: { warn: (detail, message) => console.warn(message, detail) } });
    this.#close.push(
      () => db.$client.end(),
      () => queue.close(),
      async () => agents.close(),
    );
  }

  async #join(): Promise<void> {
    const prepared = await prepareAgent('sim');
    const { hostId: _, identity: __, grantKeys: ___, ...settings } = prepared.config;
    const listen = { host: '127.0.0.1', port: await freePort() };
    const file = join(prepared.made.directory, 'settings.json');
    writeFileSync(file, JSON.stringify({ ...settings, listen }));
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        void enrollHost(EnrollRequest.parse(JSON.parse(Buffer.concat(chunks).toString())))
          .then((joined) => Response.json(joined))
          .catch((error: unknown) => problemResponse(error, 'hosts.enroll'))
          .then(async (answer) => response.writeHead(answer.status).end(await answer.text()));
      });
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    try {
      const { token } = await createHostToken(this.admin, { name: 'far' });
      const files = { settings: file, into: settings.agentDir };
      await enroll(`http://127.0.0.1:${port}`, token, files, `https://127.0.0.1:${listen.port}`);
    } finally {
      server.close();
    }
    const config = AgentConfig.parse(JSON.parse(readFileSync(join(settings.agentDir, 'config.json'), 'utf8')));
    const read = (role: 'web' | 'worker', name: string) =>
      readFileSync(join(this.context.paths.role(role), name), 'utf8');
    const identity = (role: 'web' | 'worker') => ({
      certificate: read(role, 'service.crt'),
      key: read(role, 'service.key'),
      ca: readFileSync(this.context.paths.caFile, 'utf8'),
    });
    const grantKeys = { web: read('web', 'grant.key'), worker: read('worker', 'grant.key') };
    this.agent = new TestAgent({
      ...prepared.made,
      config,
      identities: { web: identity('web'), worker: identity('worker') },
      signers: { web: grantSigner('web', grantKeys.web), worker: grantSigner('worker', grantKeys.worker) },
      grantKeys,
    });
    await this.agent.start();
    await asOwner(this.context, (tx) => tx.update(backupLocations).set({ path: join(config.backupRoot, 'default') }));
    await this.heard();
  }

  get host(): TestAgent {
    if (this.agent === undefined) throw new Error('there is no host yet');
    return this.agent;
  }

  /** Resolves when the worker has taken the host's word, and after a restore its records. */
  async heard(timeoutMs = 60_000): Promise<void> {
    const since = Date.now();
    for (;;) {
      const [row] = await asActor(systemActor('test'), (tx) => tx.select().from(hosts).where(eq(hosts.name, 'far')));
      const { lastSeenAt, recordsWantedAt, info } = row ?? {};
      if (recordsWantedAt === null && info != null && (lastSeenAt?.getTime() ?? 0) > since) return;
      if (Date.now() - since > timeoutMs) {
        const log = join(this.context.paths.log, 'worker.log');
        throw new Error(`the host is not heard:\n${existsSync(log) ? readFileSync(log, 'utf8').slice(-3000) : ''}`);
      }
      await sleep(50);
    }
  }

  /** What the host has, by its own records, with each container's power and boot. */
  async truth(): Promise<Map<string, HostRecord & { power: string; bootId: string | null }>> {
    const { connection, made } = { connection: this.host.connection('worker'), made: this.host.made };
    const { containers } = await readRecords(connection, made.signers.worker, 10_000);
    const items = await this.host.inventory();
    return new Map(
      containers.map((record) => {
        const item = items.find((one) => one.containerId === record.containerId);
        return [record.containerId, { ...record, power: item?.power ?? '', bootId: item?.bootId ?? null }];
      }),
    );
  }

  /** The worker as a child of this process, with an environment of its own, instead of the supervised one. */
  async takeWorker(variables: Record<string, string>): Promise<void> {
    await servicesOf(this.context).stop('worker');
    const worker = new TestWorker(this.context.stateDir);
    this.#close.push(() => worker.stop());
    await worker.start(variables);
  }

  backup(): Promise<string> {
    return backUpPanel(this.context, { directory: this.#root });
  }

  /** The panel's machine is gone, with everything on it. */
  async lose(): Promise<void> {
    for (const close of this.#close.splice(0)) await close();
    await servicesOf(this.context).shutDown();
    for (const path of await mountsBelow(this.context.stateDir)) await tryRun('umount', ['--', path]);
    rmSync(this.context.stateDir, { recursive: true, force: true });
  }

  /** An empty machine becomes the panel again. */
  async restore(file: string): Promise<void> {
    this.#lives += 1;
    const stateDir = join(this.#root, `life-${this.#lives}`);
    await restorePanel({ file, identity: this.key, stateDir });
    this.context = setupContext(JSON.parse(readFileSync(join(stateDir, 'config.json'), 'utf8')), stateDir, env);
    await this.#run();
    await this.heard();
  }

  async cleanUp(): Promise<void> {
    await this.agent?.cleanUp();
    await this.lose();
    rmSync(this.#root, { recursive: true, force: true });
  }
}
