/**
 * An agent within the test's own process, over the simulated machine: the same HTTP, grants, ledger, actions and reconcile as
 * ever, and a test can look into its records and its world. Its ledger lies in memory (/dev/shm), so that thousands of runs are
 * not thousands of waits for a disk.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Runner } from '#agent/actions/runner.ts';
import type { Adapters } from '#agent/adapters.ts';
import type { Core } from '#agent/core.ts';
import { type AgentServer, serve } from '#agent/http/server.ts';
import { Loans } from '#agent/reconcile/loans.ts';
import { Locks } from '#agent/reconcile/locks.ts';
import { OpenedBackups } from '#agent/reconcile/opened.ts';
import { reconcileAtStart, reconcileOnce } from '#agent/reconcile/reconcile.ts';
import { Alarms } from '#agent/reconcile/restarts.ts';
import { simulatedAdapters } from '#agent/sim/simulator.ts';
import { World } from '#agent/sim/world.ts';
import { openStore } from '#agent/store/store.ts';
import { prepareAgent, type TestAgent } from './agent.ts';

export type SimHost = {
  made: TestAgent;
  core: Core;
  runner: Runner;
  server: AgentServer;
  world: World;
  /** What the agent would have done within the next minute: waits for what is under way, then one pass of reconcile. */
  settle(): Promise<void>;
  stop(): Promise<void>;
};

export async function startSimHost(wrap: (adapters: Adapters) => Adapters = (adapters) => adapters): Promise<SimHost> {
  const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const agentDir = mkdtempSync(join(memory, 'berth-agent-'));
  const made = await prepareAgent('sim', { agentDir, forwardPorts: { first: 30_000, last: 39_999 } });
  const { config } = made;
  const world = new World(agentDir, 0);
  const adapters = wrap(simulatedAdapters(world, '10.0.0.0/16'));
  const core: Core = {
    config,
    adapters,
    store: openStore(join(agentDir, 'agent.db')),
    locks: new Locks(),
    loans: new Loans(0),
    opened: new OpenedBackups(adapters),
    alarms: new Alarms(),
    queued: new Set(),
    log: pino({ level: process.env.BERTH_LOG ?? 'silent' }),
    phases: new Map(),
    simulated: true,
    startedAt: new Date(),
    heard: { portalAt: null, settled: false },
  };
  const runner = new Runner(core);
  await reconcileAtStart(core, runner);
  const server = await serve(core, runner);
  return {
    made,
    core,
    runner,
    server,
    world,
    async settle() {
      const ids = () => core.store.containers.list().map((record) => record.id);
      while (runner.active() > 0) await new Promise((resolve) => setTimeout(resolve, 2));
      for (const id of ids()) await core.locks.run(id, { cancellable: false }, async () => {});
      await reconcileOnce(core);
    },
    async stop() {
      await runner.close(1_000);
      await server.close();
      core.store.close();
      rmSync(agentDir, { recursive: true, force: true });
      await made.cleanUp();
    },
  };
}
