/**
 * An agent of its own for one test: certificate authority, grant keys, state directory, for the real one a pool, and the
 * process itself, which can be killed and started again. Everything lies below one directory in /tmp and carries one instance
 * name; {@link TestAgent.cleanUp} leaves nothing of it, whatever state the agent was in.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { type AgentConfig, usualRestarts } from '#agent/config.ts';
import { createNetwork } from '#agent/network/apply.ts';
import { type ActionCall, type Patience, runAction, type Watcher } from '#lib/agent-client/actions.ts';
import { AgentConnection, type ClientIdentity } from '#lib/agent-client/connection.ts';
import { readHost, readInventory, readLog, runExec } from '#lib/agent-client/reads.ts';
import {
  type ActionArgsInput,
  type ActionResult,
  type ActionSecrets,
  type ActionVerb,
  actionVerbs,
  type InventoryItem,
  type TemplateRef,
} from '#lib/contract/agent.ts';
import { actionId } from '#lib/contract/ids.ts';
import { type GrantSigner, grantSigner } from '#lib/grants/sign.ts';
import { type CertificateAndKey, createCa, createRequest, issueHostCert, issueServiceCert } from '#lib/pki/ca.ts';
import { engineDir } from './engine.ts';
import { grantPair } from './fake-agent.ts';

export type Kind = 'sim' | 'real';
const MiB = 1024 * 1024;

const patience: Patience = { unreachableMs: 15_000, idleMs: 20_000, retries: 0, totalMs: 170_000 };

type Order<V extends ActionVerb> = {
  containerId?: string | null;
  generation?: number | null;
  args?: ActionArgsInput<V>;
  secrets?: ActionSecrets<V>;
  actionId?: string;
  fence?: number;
  watcher?: Watcher;
};

export const resources = {
  cpuCores: 1,
  cpuShares: 1024,
  memoryBytes: 128 * MiB,
  pids: 200,
  diskBytes: 256 * MiB,
  inodes: 16_384,
};

/** Makes everything an agent needs but does not start it. */
export async function prepareAgent(kind: Kind, change: Partial<AgentConfig> = {}, poolMiB = 3072): Promise<TestAgent> {
  await sweepAbandoned();
  const directory = mkdtempSync('/tmp/berth-agent-');
  writeFileSync(join(directory, 'owner'), String(process.pid));
  const dismiss = guard(directory);
  chmodSync(directory, 0o711);
  const number = randomBytes(2).readUInt16BE() % 1000;
  const instance = change.instance ?? `t${number.toString(36)}`.padEnd(3, '0');
  const [pkiDir, agentDir, poolPath, backupRoot] = ['pki', 'agent', 'pool', 'backups'].map((name) =>
    join(directory, name),
  ) as [string, string, string, string];
  for (const path of [pkiDir, agentDir, poolPath, backupRoot]) mkdirSync(path, { mode: 0o711 });
  const hostId = uuidv7();
  const ca = await createCa('test');
  const request = await createRequest();
  const [web, worker] = [grantPair(), grantPair()];
  const files = {
    'ca.pem': ca.certificate,
    'host.pem': await issueHostCert(ca, request.csr, hostId, ['127.0.0.1']),
    'host.key': request.key,
    'web.pem': web.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    'worker.pem': worker.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(pkiDir, name), content, { mode: 0o600 });
  if (kind === 'real') {
    const image = join(directory, 'pool.img');
    execFileSync('fallocate', ['-l', String(poolMiB * MiB), image]);
    execFileSync('mkfs.xfs', ['-q', '-m', 'reflink=1', image]);
    mountPool(directory);
  }
  const config: AgentConfig = {
    instance,
    agentDir,
    poolPath,
    poolReserveBytes: 64 * MiB,
    engineDir,
    listen: { host: '127.0.0.1', port: 0 },
    subnet: `10.${180 + (number % 60)}.${number % 250}.0/24`,
    idBase: 1_879_048_192 + 65_536 * (10_000 + number * 20),
    forwardAddress: '127.0.0.1',
    forwardPorts: { first: 21_000 + number * 10, last: 21_009 + number * 10 },
    backupRoot,
    hostId,
    identity: {
      certificate: join(pkiDir, 'host.pem'),
      key: join(pkiDir, 'host.key'),
      ca: join(pkiDir, 'ca.pem'),
    },
    grantKeys: { web: join(pkiDir, 'web.pem'), worker: join(pkiDir, 'worker.pem') },
    restarts: usualRestarts,
    ...change,
  };
  writeFileSync(join(agentDir, 'config.json'), JSON.stringify(config));
  const identity = async (name: 'web' | 'worker'): Promise<ClientIdentity> => ({
    ...(await issueServiceCert(ca, name)),
    ca: ca.certificate,
  });
  return new TestAgent({
    kind,
    directory,
    dismiss,
    config,
    ca,
    identities: { web: await identity('web'), worker: await identity('worker') },
    signers: { web: grantSigner('web', web.privatePem), worker: grantSigner('worker', worker.privatePem) },
    grantKeys: { web: web.privatePem, worker: worker.privatePem },
  });
}

/** Mounts the pool of a test agent's directory, as set-up does after a boot. */
export function mountPool(directory: string): void {
  const [image, pool] = [join(directory, 'pool.img'), join(directory, 'pool')];
  execFileSync('mount', ['-o', 'loop,nosuid,nodev,discard', image, pool]);
}

export async function startTestAgent(
  kind: Kind,
  change: Partial<AgentConfig> = {},
  poolMiB?: number,
): Promise<TestAgent> {
  const agent = await prepareAgent(kind, change, poolMiB);
  try {
    await agent.start();
  } catch (error) {
    await agent.cleanUp();
    throw error;
  }
  return agent;
}

export type Made = {
  kind: Kind;
  directory: string;
  config: AgentConfig;
  ca: CertificateAndKey;
  identities: Record<'web' | 'worker', ClientIdentity>;
  signers: Record<'web' | 'worker', GrantSigner>;
  /** The signers' private keys (PKCS#8 PEM), for processes of the portal. */
  grantKeys: Record<'web' | 'worker', string>;
  /** Words before the agent's command that run it somewhere else, under the same process id: in other namespaces. */
  place?: readonly string[];
  /** Tells the guard that there is nothing to clean up any more. */
  dismiss: () => void;
};

export class TestAgent {
  readonly made: Made;
  readonly hostId: string;
  #process: ChildProcess | undefined;
  #connections: { web: AgentConnection; worker: AgentConnection } | undefined;
  #generation = 1;
  port = 0;
  log = '';
  /** How often each action was carried out with success. One that was joined, or answered from the ledger, does not count. */
  readonly carriedOut = new Map<string, number>();
  /** The program that {@link start} runs: this project's, or that of another release of it. */
  main = new URL('../../agent/main.ts', import.meta.url).pathname;

  constructor(made: Made) {
    this.made = made;
    this.hostId = made.config.hostId;
  }

  get config(): AgentConfig {
    return this.made.config;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Resolves when the agent serves. `env` is for fault points. Rejects, with its log, when it ends before that. */
  async start(env: Record<string, string> = {}): Promise<void> {
    const sim = this.made.kind === 'sim' ? ['--sim', '--pace', '0'] : [];
    const command = [process.execPath, this.main, '--config', join(this.config.agentDir, 'config.json'), ...sim];
    const [program = '', ...args] = [...(this.made.place ?? []), ...command];
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', ...env },
    });
    this.#process = child;
    writeFileSync(join(this.made.directory, 'agent.pid'), String(child.pid));
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    let partial = '';
    const read = (chunk: Buffer) => {
      this.log = (this.log + chunk.toString()).slice(-200_000);
      const lines = (partial + chunk.toString()).split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) {
        const ready = /^\{"event":"ready","port":(\d+)\}$/.exec(line);
        if (ready !== null) resolve(Number(ready[1]));
        if (line.includes('"msg":"done"')) this.#count(line);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code, signal) => reject(new AgentDied(code, signal, this.log.slice(-6000))));
    this.port = await promise;
    for (const connection of Object.values(this.#connections ?? {})) connection.close();
    const target = { hostId: this.hostId, address: `https://${this.config.listen.host}:${this.port}` };
    const { web, worker } = this.made.identities;
    this.#connections = { web: new AgentConnection(target, web), worker: new AgentConnection(target, worker) };
  }

  #count(line: string): void {
    const { actionId: id } = JSON.parse(line) as { actionId?: string };
    if (id !== undefined) this.carriedOut.set(id, (this.carriedOut.get(id) ?? 0) + 1);
  }

  /** {@link carriedOut} of one operation. The log may be a moment behind the answer. */
  effectsOf(operationId: string): Record<string, number> {
    return Object.fromEntries([...this.carriedOut].filter(([id]) => id.startsWith(operationId)));
  }

  /** Ends the process and waits until it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    child.once('exit', () => resolve());
    child.kill(signal);
    await promise;
  }

  /** Resolves when the process has ended by itself or been killed. */
  async ended(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => child.once('exit', () => resolve()));
  }

  connection(name: 'web' | 'worker'): AgentConnection {
    const connections = this.#connections;
    if (connections === undefined) throw new Error('the agent was never started');
    return connections[name];
  }

  /** The next generation: what the portal would count up for every exclusive operation. */
  nextGeneration(): number {
    this.#generation += 1;
    return this.#generation;
  }

  call<V extends ActionVerb>(verb: V, order: Order<V> = {}): ActionCall<V> {
    const onHost = actionVerbs[verb].scope.containerId.safeParse(null).success;
    const operationId = uuidv7();
    return {
      verb,
      actionId: order.actionId ?? actionId(operationId, 1, 'step'),
      operationId,
      fence: order.fence ?? 1,
      containerId: onHost ? null : (order.containerId ?? null),
      generation: onHost ? null : (order.generation ?? this.#generation),
      subject: 'system',
      args: (order.args ?? {}) as ActionArgsInput<V>,
      secrets: (order.secrets ?? {}) as ActionSecrets<V>,
    };
  }

  /** Carries out one action and gives its result; rejects with ActionError. */
  act<V extends ActionVerb>(verb: V, order: Order<V> = {}): Promise<ActionResult<V>> {
    return this.send(this.call(verb, order), order.watcher);
  }

  send<V extends ActionVerb>(call: ActionCall<V>, watcher: Watcher = {}): Promise<ActionResult<V>> {
    return runAction(this.connection('worker'), this.made.signers.worker, call, watcher, patience);
  }

  async inventory(): Promise<InventoryItem[]> {
    return (await readInventory(this.connection('worker'), this.made.signers.worker, 10_000)).containers;
  }

  async item(containerId: string): Promise<InventoryItem | undefined> {
    return (await this.inventory()).find((item) => item.containerId === containerId);
  }

  host() {
    return readHost(this.connection('worker'), this.made.signers.worker, 10_000);
  }

  bootLog(containerId: string) {
    const target = { subject: 'system', containerId, generation: this.#generation };
    return readLog(this.connection('web'), this.made.signers.web, target, 10_000);
  }

  exec(containerId: string, argv: string[], options: { execId?: string; timeoutMs?: number } = {}) {
    const target = { subject: 'system', containerId, generation: this.#generation, execId: options.execId ?? uuidv7() };
    return runExec(this.connection('web'), this.made.signers.web, target, {
      argv,
      timeoutMs: options.timeoutMs ?? 10_000,
    });
  }

  /** What a command said, without the last line break; throws when it failed. */
  async sh(containerId: string, script: string): Promise<string> {
    const result = await this.exec(containerId, ['/bin/sh', '-c', script]);
    if (result.exitCode !== 0) throw new Error(`exit ${result.exitCode}: ${result.stderr}`);
    return result.stdout.replace(/\n$/, '');
  }

  async template(name = 'tiny'): Promise<TemplateRef> {
    return (await this.act('template.build', { args: { name } })).template;
  }

  /** A container of the given template, stopped. */
  async container(template: TemplateRef, change: Partial<ActionArgsInput<'container.create'>> = {}) {
    const [containerId, volumeId, tenantId] = [uuidv7(), uuidv7(), uuidv7()];
    const args = { tenantId, name: 'web-1', hostname: 'web-1', volumeId, template, resources, ...change };
    const { address, idBase } = await this.act('container.create', { containerId, args });
    return { containerId, volumeId: args.volumeId, tenantId: args.tenantId, address, idBase };
  }

  repository(tenantId: string) {
    const location = { kind: 'directory' as const, id: this.hostId, path: join(this.config.backupRoot, 'default') };
    return {
      args: { tenantId, location },
      secrets: { repositoryPassword: 'a repository password', recoveryPassword: 'a recovery password' },
    };
  }

  /** Ends the agent and removes all that it made, of this instance only. */
  async cleanUp(): Promise<void> {
    await this.stop('SIGKILL');
    const keep = process.env.BERTH_AGENT_LOG;
    if (keep !== undefined) appendFileSync(keep, this.log);
    for (const connection of Object.values(this.#connections ?? {})) connection.close();
    await removeAll(this.made.directory, this.config);
    this.made.dismiss();
  }
}

/**
 * Starts what cleans up after us if we do not get to it ourselves: a shell that reads from us, and so learns of our end however
 * it comes about. It is in a session of its own, out of reach of an interrupted terminal.
 */
function guard(directory: string): () => void {
  const sweeper = new URL('./sweeper.ts', import.meta.url).pathname;
  const script = 'read -r _ && exit; exec "$@"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', process.execPath, sweeper, directory], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  (child.stdin as unknown as Socket).unref();
  child.stdin.on('error', () => undefined); // it may be gone, as whoever ended it wanted
  return () => void (child.stdin.writableEnded || child.stdin.end('done\n'));
}

/** Everything of one test agent, which does not run any more. */
async function removeAll(directory: string, config: AgentConfig): Promise<void> {
  const pidFile = join(directory, 'agent.pid');
  const pid = existsSync(pidFile) ? readFileSync(pidFile, 'utf8') : '';
  const commandLine = `/proc/${pid}/cmdline`;
  if (pid !== '' && existsSync(commandLine) && readFileSync(commandLine, 'utf8').includes(directory)) {
    process.kill(Number(pid), 'SIGKILL');
  }
  if (process.getuid?.() === 0 && existsSync(join(directory, 'pool.img'))) {
    await killGroups(config.instance);
    await createNetwork(config).tearDown();
    await unmountBelow(directory);
    removeGroups(config.instance);
  }
  await endPrograms(directory);
  rmSync(directory, { recursive: true, force: true });
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

/** A backup program of a killed agent lives on for a moment, and would write into what is being removed. */
async function endPrograms(directory: string): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const alive = readdirSync('/proc').some(
      (pid) => /^\d+$/.test(pid) && commandOf(pid).includes(`${directory}/backups`),
    );
    if (!alive) return;
  }
}

/** Makes an abandoned directory ours, so that it is swept once; false when its owner lives or another was quicker. */
function claim(owner: string): boolean {
  try {
    const pid = readFileSync(owner, 'utf8');
    if (existsSync(`/proc/${pid}`)) return false;
    renameSync(owner, `${owner}.${pid}`);
    writeFileSync(owner, String(process.pid));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Removes what tests that were interrupted have left: directories whose owning process is gone. Returns them. */
export async function sweepAbandoned(): Promise<string[]> {
  const swept: string[] = [];
  for (const name of readdirSync('/tmp').filter((entry) => entry.startsWith('berth-agent-'))) {
    const directory = join('/tmp', name);
    const [owner, config] = [join(directory, 'owner'), join(directory, 'agent/config.json')];
    if (!claim(owner)) continue;
    if (existsSync(config)) await removeAll(directory, JSON.parse(readFileSync(config, 'utf8')) as AgentConfig);
    else rmSync(directory, { recursive: true, force: true });
    swept.push(directory);
  }
  return swept;
}

export class AgentDied extends Error {
  constructor(code: number | null, signal: string | null, log: string) {
    super(`the agent ended with ${code ?? signal}:\n${log}`);
  }
}

const cgroupBase = '/sys/fs/cgroup';

/** Every control group of an instance in every hierarchy, deepest first. */
export function groupsOf(instance: string): string[] {
  const found: string[] = [];
  const walk = (path: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true }))
      if (entry.isDirectory()) walk(join(path, entry.name));
    found.push(path);
  };
  for (const hierarchy of [cgroupBase, ...readdirSync(cgroupBase).map((name) => join(cgroupBase, name))]) {
    const group = join(hierarchy, `berth-${instance}`);
    if (existsSync(group)) walk(group);
  }
  return found;
}

export async function killGroups(instance: string): Promise<void> {
  for (let pass = 0; pass < 100; pass += 1) {
    const pids = new Set(
      groupsOf(instance).flatMap((group) => readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n')),
    );
    pids.delete('');
    if (pids.size === 0) return;
    for (const pid of pids) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // gone already
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`processes of ${instance} do not end`);
}

export function removeGroups(instance: string): void {
  for (const group of groupsOf(instance)) execFileSync('rmdir', ['--', group]);
}

export function mountsBelow(directory: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((target) => target.startsWith(`${directory}/`));
}

export async function unmountBelow(directory: string): Promise<void> {
  for (let pass = 0; pass < 600; pass += 1) {
    const targets = mountsBelow(directory);
    if (targets.length === 0) return;
    for (const target of targets.reverse()) {
      try {
        execFileSync('umount', ['--', target], { stdio: 'ignore' });
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50)); // its last user may still be ending
      }
    }
  }
  throw new Error(`still mounted: ${mountsBelow(directory).join(' ')}`);
}
