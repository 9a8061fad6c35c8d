/**
 * A whole portal without pages for one test: PostgreSQL, an agent, the verbs in this process as the web's role, and the
 * worker as a process of its own that can be killed and started again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import type { AgentConfig } from '#agent/config.ts';
import { systemActor, type UserActor } from '#lib/access/actor.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { withActor } from '#lib/db/client.ts';
import { backupLocations } from '#lib/db/schema/backups.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { hostTemplates, templates } from '#lib/db/schema/templates.ts';
import { getOperation } from '#lib/operations/get.ts';
import { setSealKey } from '#lib/secrets/sealed-values.ts';
import { setServices } from '#lib/services.ts';
import { statePaths } from '#lib/settings.ts';
import { migrateDbos, openQueue } from '#lib/workflows/dbos.ts';
import { startTestAgent, type TestAgent } from './agent.ts';
import type { Kind } from './agent-place.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from './portal.ts';
import type { PostgresOptions } from './postgres.ts';

export type Bench = {
  portal: TestPortal;
  world: World;
  agent: TestAgent;
  worker: TestWorker;
  /** Another worker of the same installation, under a name of its own. The bench ends it, too. */
  addWorker(): TestWorker;
  owner: UserActor;
  admin: UserActor;
  /** When the host began each operation's last action, from its ledger; stop the agent first. */
  ledgerTimes(): Map<string, number>;
  /** Ids of an operation's actions in the order in which they began; stop the agent first. */
  ledgerActions(operationId: string): string[];
  /** Starts the agent again after it was stopped, at whatever port it gets. */
  restartAgent(): Promise<void>;
  stop(): Promise<void>;
};

/** A worker's process. */
export class TestWorker {
  readonly #stateDir: string;
  readonly #number: number;
  #process: ChildProcess | undefined;
  log = '';

  constructor(stateDir: string, number = 1) {
    this.#stateDir = stateDir;
    this.#number = number;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** How it ended; undefined while it runs. */
  get ended(): number | NodeJS.Signals | undefined {
    return this.#process?.exitCode ?? this.#process?.signalCode ?? undefined;
  }

  /** Resolves when it takes work. */
  async start(env: Record<string, string> = {}): Promise<void> {
    const main = new URL('../../server/worker.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        BERTH_STATE: this.#stateDir,
        BERTH_WORKER: String(this.#number),
        ...env,
      },
    });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        this.log += chunk.toString();
        if (chunk.toString().includes('"msg":"running"')) resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => reject(new Error(`the worker ended with ${code}:\n${this.log.slice(-4000)}`)));
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }
}

export function writeState(
  stateDir: string,
  agent: TestAgent,
  portal: TestPortal,
  sealKey: Buffer,
  keys: WorkerKeys,
): void {
  const paths = statePaths(stateDir);
  const directory = paths.role('worker');
  mkdirSync(directory, { recursive: true });
  mkdirSync(dirname(paths.caFile), { recursive: true });
  const config = {
    name: 'test',
    instance: agent.config.instance,
    bind: '127.0.0.1',
    port: 1,
    baseUrl: 'http://127.0.0.1:1',
    agentPort: 1,
    subnet: agent.config.subnet,
    idBase: agent.config.idBase,
    forwardAddress: '127.0.0.1',
    forwardPorts: agent.config.forwardPorts,
    demo: false,
  };
  const secrets = {
    databaseUrl: portal.pg.workerUrl,
    sealKey: sealKey.toString('base64'),
    kek: randomBytes(32).toString('base64'),
    recoveryPassword: randomBytes(24).toString('base64url'),
  };
  writeFileSync(paths.config, JSON.stringify(config));
  writeFileSync(join(directory, 'settings.json'), JSON.stringify(secrets));
  writeFileSync(join(directory, 'service.crt'), agent.made.identities.worker.certificate);
  writeFileSync(join(directory, 'service.key'), agent.made.identities.worker.key);
  writeFileSync(join(directory, 'grant.key'), keys.grantKey);
  writeFileSync(paths.caFile, agent.made.ca.certificate);
  writeFileSync(paths.caKeyFile, agent.made.ca.key);
  for (const role of ['web', 'worker'] as const) {
    writeFileSync(paths.grantPublicKeys[role], readFileSync(agent.config.grantKeys[role]));
  }
  chmodSync(stateDir, 0o755);
}

type WorkerKeys = { grantKey: string };

/** Everything up, with the `tiny` template built and one template, plan and two tenants to work with. */
export async function startBench(
  kind: Kind,
  { agent: change = {}, ...options }: PostgresOptions & { agent?: Partial<AgentConfig> } = {},
): Promise<Bench> {
  const portal = await startPortal(options);
  await migrateDbos(portal.pg.ownerUrl);
  const world = await seedWorld(portal);
  const agent = await startTestAgent(kind, change);
  const sealKey = randomBytes(32);
  setSealKey(sealKey);
  const { web } = agent.made.identities;
  const agents = new Agents(web, agent.made.signers.web);
  const queue = await openQueue(portal.pg.webUrl, '1');
  setServices({ agents, queue, log: { warn: (detail, message) => console.warn(message, detail) } });
  const stateDir = join(agent.made.directory, 'state');
  writeState(stateDir, agent, portal, sealKey, { grantKey: agent.made.grantKeys.worker });
  const template = await agent.template('tiny');
  const host = await agent.host();
  await withActor(portal.super, systemActor('test'), async (tx) => {
    const values = {
      id: agent.hostId,
      name: 'host-2',
      address: `https://127.0.0.1:${agent.port}`,
      status: 'ok' as const,
    };
    await tx.insert(hosts).values({ ...values, lastSeenAt: new Date(), info: host });
    await tx.update(hosts).set({ status: 'disabled' }).where(eq(hosts.id, world.ids.host));
    await tx.update(containers).set({ deletedAt: new Date() });
    await tx
      .update(templates)
      .set({ version: template.version, layers: template.layers, init: template.init })
      .where(eq(templates.id, world.ids.template));
    await tx.insert(hostTemplates).values({ hostId: agent.hostId, templateId: world.ids.template });
    await tx.update(backupLocations).set({ path: join(agent.config.backupRoot, 'default') });
  });
  const worker = new TestWorker(stateDir);
  await worker.start();
  const others: TestWorker[] = [];
  // On a busy machine the start may have taken longer than a host may be silent.
  await seenByWorker(portal, agent.hostId, new Date());
  return {
    portal,
    world,
    agent,
    worker,
    addWorker: () => {
      const other = new TestWorker(stateDir, others.length + 2);
      others.push(other);
      return other;
    },
    owner: actorFor(world, 'ownerA'),
    admin: actorFor(world, 'admin'),
    ledgerTimes: () => new Map(readLedger(agent).map((row) => [row.id.split('.')[0] ?? '', row.startedAt])),
    ledgerActions: (operationId) =>
      readLedger(agent).flatMap((row) => (row.id.startsWith(operationId) ? [row.id] : [])),
    restartAgent: async () => {
      await agent.start();
      const address = `https://127.0.0.1:${agent.port}`;
      await withActor(portal.super, systemActor('test'), (tx) =>
        tx.update(hosts).set({ address }).where(eq(hosts.id, agent.hostId)),
      );
    },
    stop: async () => {
      await Promise.all([worker, ...others].map((one) => one.stop('SIGKILL')));
      agents.close();
      await queue.close();
      await agent.cleanUp();
      await portal.stop();
    },
  };
}

async function seenByWorker(portal: TestPortal, hostId: string, since: Date): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
    const [host] = await withActor(portal.super, systemActor('test'), (tx) =>
      tx.select().from(hosts).where(eq(hosts.id, hostId)),
    );
    if (host?.lastSeenAt != null && host.lastSeenAt > since) return;
  }
  throw new Error('the worker does not look at the host');
}

/** The agent's ledger, oldest first. The agent must be stopped: it keeps its ledger locked. */
function readLedger(agent: TestAgent): { id: string; startedAt: number }[] {
  const ledger = new DatabaseSync(join(agent.config.agentDir, 'agent.db'), { readOnly: true });
  try {
    const rows = ledger.prepare('select id, started_at from actions order by started_at, rowid').all();
    return rows.map((row) => ({ id: String(row.id), startedAt: Date.parse(String(row.started_at)) }));
  } finally {
    ledger.close();
  }
}

/** Waits for an operation's end, or for `state`. */
export async function ended(actor: UserActor, asked: Operation, timeoutMs = 60_000): Promise<Operation> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const operation = await getOperation(actor, asked.id);
    if (operation.endedAt !== null || operation.state === 'stuck') return operation;
    if (Date.now() > until) throw new Error(`${operation.kind} does not end: ${JSON.stringify(operation, null, 1)}`);
    await sleep(15);
  }
}

/** Waits for success and says what went wrong instead. */
export async function succeeded(actor: UserActor, asked: Operation, timeoutMs?: number): Promise<Operation> {
  const operation = await ended(actor, asked, timeoutMs);
  if (operation.state === 'succeeded') return operation;
  throw new Error(
    `${operation.kind} ${operation.state}: ${JSON.stringify({ ...operation, actor: undefined }, null, 1)}`,
  );
}
