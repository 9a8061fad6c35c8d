import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import type { QueueName, WorkflowQueue } from '#lib/services.ts';
import { engineGrants } from './engine-grants.ts';

/** Shared by everybody who enqueues and everybody who runs; a worker takes only workflows of its own application version. */
export const applicationName = 'berth';
export const operationWorkflow = 'operation';

/**
 * Lines per host: `perHost` is how many operations of one kind of line run at the same time on one host. A person's start
 * has its own line, so it never waits behind scheduled backups; a silent host fills its own line only.
 */
export const queues = {
  interactive: { perHost: 16, pollMs: 25 },
  background: { perHost: 2, pollMs: 200 },
  // Looking after what is there: nobody's backup waits behind it.
  care: { perHost: 1, pollMs: 500 },
} as const satisfies Record<QueueName, { perHost: number; pollMs: number }>;

/**
 * Creates or updates DBOS's own schema with the owner's rights: the worker may do everything there, the web put work in
 * line. Run before any worker starts (two first launches at a time deadlock). Repeating is harmless.
 */
export async function migrateDbos(ownerUrl: string) {
  await DBOS.migrate(ownerUrl, { applicationRole: 'berth_worker' });
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(engineGrants);
  } finally {
    await client.end();
  }
}

/** The line into which verbs put workflows. `close` when the process ends. */
export async function openQueue(
  databaseUrl: string,
  appVersion: string,
): Promise<WorkflowQueue & { close(): Promise<void> }> {
  const quiet = () => undefined;
  const client = await DBOSClient.create({
    systemDatabaseUrl: databaseUrl,
    systemDatabasePoolSize: 3,
    applicationName,
    logger: { info: quiet, debug: quiet, warn: quiet, error: quiet },
  });
  return {
    enqueue: async ({ operationId, attempt, hostId, queue }) => {
      await client.enqueue(
        {
          queueName: queue,
          workflowName: operationWorkflow,
          workflowID: `${operationId}.${attempt}`,
          queuePartitionKey: hostId,
          appVersion,
        },
        operationId,
        attempt,
      );
    },
    close: () => client.destroy(),
  };
}

export type WorkerOptions = {
  databaseUrl: string;
  appVersion: string;
  /** Of this process and no other: the one that its lease names. */
  executorId: string;
  run: (operationId: string, attempt: number) => Promise<void>;
};

/** Starts taking workflows from the lines. Call once per process. */
export async function launchWorkflows(options: WorkerOptions): Promise<void> {
  DBOS.setConfig({
    name: applicationName,
    systemDatabaseUrl: options.databaseUrl,
    systemDatabasePoolSize: 10,
    applicationVersion: options.appVersion,
    executorID: options.executorId,
    runMigrations: false,
    logLevel: 'warn',
    maxConcurrentQueueDispatches: 2,
  });
  DBOS.registerWorkflow(options.run, { name: operationWorkflow });
  await DBOS.launch();
  for (const [name, { perHost, pollMs }] of Object.entries(queues)) {
    await DBOS.registerQueue(name, {
      partitionConcurrency: perHost,
      minPollingIntervalMs: pollMs,
      onConflict: 'always_update',
    });
  }
}

/** Takes no more work and waits up to `waitMs` for what runs; the rest goes on at the next start. */
export async function stopWorkflows(waitMs: number): Promise<void> {
  await DBOS.shutdown({ workflowCompletionTimeoutMS: waitMs });
}

/** Does `work` once within the running workflow: after a crash its stored result is taken instead. */
export function durably<T>(name: string, work: () => Promise<T>): Promise<T> {
  return DBOS.runStep(work, { name });
}
