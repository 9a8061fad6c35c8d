import type { Logger } from 'pino';
import type { Adapters } from './adapters.ts';
import type { AgentConfig } from './config.ts';
import type { Loans } from './reconcile/loans.ts';
import type { Locks } from './reconcile/locks.ts';
import type { OpenedBackups } from './reconcile/opened.ts';
import type { Alarms } from './reconcile/restarts.ts';
import type { Store } from './store/store.ts';

/** What actions, reconcile and HTTP share: one agent's memory, machine and manners. */
export type Core = {
  config: AgentConfig;
  adapters: Adapters;
  store: Store;
  locks: Locks;
  /** Roots of stopped containers that are mounted because somebody looks into them. */
  loans: Loans;
  /** Backups that somebody looks into. */
  opened: OpenedBackups;
  /** Ring when a container is to be started by itself. */
  alarms: Alarms;
  /** Wait for their turn to be started. */
  queued: Set<string>;
  log: Logger;
  /** Containers on their way up or down, for the inventory. */
  phases: Map<string, 'starting' | 'stopping'>;
  simulated: boolean;
  startedAt: Date;
  /**
   * When the portal last asked anything, null: not since this agent started; and whether it has said that of what runs here, or is to run,
   * nothing is to be stopped.
   */
  heard: { portalAt: Date | null; settled: boolean };
};
