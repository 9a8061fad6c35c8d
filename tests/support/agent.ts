/**
 * An agent of its own for one test: certificate authority, grant keys, state directory, for the real one a pool, and the
 * process itself, which can be killed and started again. Everything lies below one directory in /tmp and carries one instance
 * name; {@link TestAgent.cleanUp} leaves nothing of it, whatever state the agent was in.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { AgentConfig } from '#agent/config.ts';
import { type ActionCall, cancelAction, type Patience, runAction, type Watcher } from '#lib/agent-client/actions.ts';
import { AgentConnection } from '#lib/agent-client/connection.ts';
import { callFiles } from '#lib/agent-client/files.ts';
import { readHost, readInventory, readLog, runExec } from '#lib/agent-client/reads.ts';
import {
  type ActionArgsInput,
  type ActionResult,
  type ActionSecrets,
  type ActionVerb,
  actionVerbs,
} from '#lib/contract/agent.ts';
import type { InventoryItem } from '#lib/contract/agent-state.ts';
import type { FileOp, FileOrderOf } from '#lib/contract/files.ts';
import { actionId } from '#lib/contract/ids.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { type Kind, type Made, makeAgentPlace } from './agent-place.ts';
import { agentProgram } from './agent-program.ts';
import { removeAll } from './sweep.ts';

const MiB = 1024 * 1024;

/** Limits, not waits: a busy machine may be this slow. */
const patience: Patience = { unreachableMs: 15_000, idleMs: 60_000, retries: 0, totalMs: 170_000 };
const readTimeoutMs = 30_000;

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
  return new TestAgent(await makeAgentPlace(kind, change, poolMiB));
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

export class TestAgent {
  readonly made: Made;
  readonly hostId: string;
  #process: ChildProcess | undefined;
  #connections: { web: AgentConnection; worker: AgentConnection } | undefined;
  #generation = 1;
  /** Of every container an order was given for. */
  readonly containerIds = new Set<string>();
  port = 0;
  log = '';
  /** How often each action was carried out with success. One that was joined, or answered from the ledger, does not count. */
  readonly carriedOut = new Map<string, number>();
  /** The program that {@link start} runs, if it is that of another release of this project. */
  main: string | undefined;

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

  /** Changes the configuration of an agent that has not started yet. */
  configure(change: Partial<AgentConfig>): void {
    Object.assign(this.made.config, change);
    writeFileSync(join(this.config.agentDir, 'config.json'), JSON.stringify(this.config));
  }

  /** Resolves when the agent serves. `env` is for fault points. Rejects, with its log, when it ends before that. */
  async start(env: Record<string, string> = {}): Promise<void> {
    const sim = this.made.kind === 'sim' ? ['--sim', '--pace', '0'] : [];
    const main = this.main ?? (await agentProgram());
    const command = [process.execPath, main, '--config', join(this.config.agentDir, 'config.json'), ...sim];
    const [program = '', ...args] = [...(this.made.place ?? []), ...command];
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...env },
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
    if (typeof order.containerId === 'string') this.containerIds.add(order.containerId);
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

  send<V extends ActionVerb>(
    call: ActionCall<V>,
    watcher: Watcher = {},
    change: Partial<Patience> = {},
  ): Promise<ActionResult<V>> {
    return runAction(this.connection('worker'), this.made.signers.worker, call, watcher, { ...patience, ...change });
  }

  /** Asks the agent to give an action up; false when it is over or cannot be. */
  cancel(call: ActionCall<ActionVerb>): Promise<boolean> {
    return cancelAction(this.connection('worker'), this.made.signers.worker, call);
  }

  async inventory(): Promise<InventoryItem[]> {
    return (await readInventory(this.connection('worker'), this.made.signers.worker, readTimeoutMs)).containers;
  }

  async item(containerId: string): Promise<InventoryItem | undefined> {
    return (await this.inventory()).find((item) => item.containerId === containerId);
  }

  host() {
    return readHost(this.connection('worker'), this.made.signers.worker, readTimeoutMs);
  }

  bootLog(containerId: string) {
    const target = { subject: 'system', containerId, generation: this.#generation };
    return readLog(this.connection('web'), this.made.signers.web, target, readTimeoutMs);
  }

  exec(
    containerId: string,
    argv: string[],
    { execId = uuidv7(), timeoutMs = 30_000, ended }: { execId?: string; timeoutMs?: number; ended?: AbortSignal } = {},
  ) {
    const target = { subject: 'system', containerId, generation: this.#generation, execId };
    return runExec(this.connection('web'), this.made.signers.web, target, { argv, timeoutMs }, ended);
  }

  /** One call on a container's files, or on those of a backup that is open: the head of the answer, and its content. */
  async files<O extends FileOp>(
    containerId: string,
    op: O,
    order: FileOrderOf<O>,
    content?: AsyncIterable<Uint8Array>,
    backupId?: string,
  ) {
    const target = { subject: 'system', containerId, generation: this.#generation };
    const options = {
      ...(content === undefined ? {} : { content }),
      ...(backupId === undefined ? {} : { backupId }),
    };
    const { answer, body } = await callFiles(this.connection('web'), this.made.signers.web, target, op, order, options);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return { answer, bytes: Buffer.concat(chunks) };
  }

  /** Begins to read a file and goes before the helper for it has answered. */
  async leaveInTheMiddle(containerId: string, path: string): Promise<void> {
    const target = { subject: 'system', containerId, generation: this.#generation };
    const gone = new AbortController();
    setTimeout(() => gone.abort(), 150);
    const reading = callFiles(
      this.connection('web'),
      this.made.signers.web,
      target,
      'archive',
      { path },
      { signal: gone.signal },
    );
    const { body } = await reading.catch(() => ({ body: undefined }));
    await body?.return(undefined);
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

export class AgentDied extends Error {
  constructor(code: number | null, signal: string | null, log: string) {
    super(`the agent ended with ${code ?? signal}:\n${log}`);
  }
}
