import { join } from 'node:path';
import type { Logger } from 'pino';
import { Runner } from './actions/runner.ts';
import type { Adapters } from './adapters.ts';
import type { AgentConfig } from './config.ts';
import type { Core } from './core.ts';
import { type AgentServer, serve } from './http/server.ts';
import { Loans } from './reconcile/loans.ts';
import { Locks } from './reconcile/locks.ts';
import { OpenedBackups } from './reconcile/opened.ts';
import { reconcileAtStart, reconcileForever } from './reconcile/reconcile.ts';
import { Alarms } from './reconcile/restarts.ts';
import { openStore } from './store/store.ts';
import { makeDirectory } from './sys/files.ts';

export type RunningAgent = {
  core: Core;
  server: AgentServer;
  /** Waits a while for actions under way, leaves the rest to the next agent, and every container running. */
  stop(): Promise<void>;
};

/** How long actions under way may take to end by themselves before the process goes. */
const drainMs = 10_000;

/** One agent over the given adapters: memory opened, world reconciled, then serving. */
export async function startAgent(
  config: AgentConfig,
  adapters: Adapters,
  options: { log: Logger; simulated: boolean },
): Promise<RunningAgent> {
  makeDirectory('AGENT:DIRECTORY', config.agentDir, 0o711);
  const store = openStore(join(config.agentDir, 'agent.db'));
  const core: Core = {
    config,
    adapters,
    store,
    locks: new Locks(),
    loans: new Loans(),
    opened: new OpenedBackups(adapters),
    alarms: new Alarms(),
    queued: new Set(),
    log: options.log,
    phases: new Map(),
    simulated: options.simulated,
    startedAt: new Date(),
    heard: { portalAt: null, settled: false },
  };
  const runner = new Runner(core);
  await reconcileAtStart(core, runner);
  const server = await serve(core, runner);
  options.log.info({ port: server.port, instance: config.instance, simulated: options.simulated }, 'serving');
  const ending = new AbortController();
  const loop = reconcileForever(core, ending.signal);
  return {
    core,
    server,
    async stop() {
      ending.abort();
      await runner.close(drainMs);
      await server.close();
      // Each may wait for a program that hangs at a backup location.
      for (const last of [core.opened.closeAll(), loop])
        await Promise.race([last, new Promise((resolve) => setTimeout(resolve, drainMs).unref())]);
      if (runner.active() === 0) store.close();
    },
  };
}
