/** The worker process: runs operations, watches the hosts, clears up, sends mail. Any number of copies may run. */
import { readFileSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import pino from 'pino';
import { systemActor } from '#lib/access/actor.ts';
import { defaultPatience } from '#lib/agent-client/actions.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import { ensureDefaultLocation } from '#lib/backups/repository.ts';
import { createDb, setDatabase, withActor } from '#lib/db/client.ts';
import { serviceHeartbeats } from '#lib/db/schema/services.ts';
import { grantSigner } from '#lib/grants/sign.ts';
import { admitHosts } from '#lib/hosts/admit.ts';
import { watchHosts } from '#lib/hosts/watch.ts';
import { mailSender } from '#lib/mail/send.ts';
import { setSealKey } from '#lib/secrets/sealed-values.ts';
import { setServices } from '#lib/services.ts';
import { loadSettings, statePaths } from '#lib/settings.ts';
import { launchWorkflows, openQueue, stopWorkflows } from '#lib/workflows/dbos.ts';
import type { ExecutionTools } from '#lib/workflows/execution.ts';
import { runOperation } from '#lib/workflows/run.ts';
import { enqueueForgotten, forgetOld, releaseExpired } from '#lib/workflows/sweeps.ts';

const log = pino({ name: 'berth-worker', timestamp: pino.stdTimeFunctions.isoTime });
const settings = loadSettings('worker');
const { config, executorId } = settings;
const heartbeatMs = 5_000;
/** What still runs then goes on when the worker starts again. The supervisor kills at 30 s. */
const patienceMs = 15_000;

const db = createDb(settings.databaseUrl, { max: 15, applicationName: 'berth worker' });
const pem = (file: string) => readFileSync(file, 'utf8');
const { identity } = settings;
const agents = new Agents(
  { certificate: pem(identity.certificateFile), key: pem(identity.keyFile), ca: pem(settings.caFile) },
  grantSigner('worker', pem(identity.grantKeyFile)),
);
const authority = {
  ca: { certificate: pem(settings.caFile), key: pem(settings.caKeyFile) },
  grantKeys: { web: pem(settings.grantPublicKeys.web), worker: pem(settings.grantPublicKeys.worker) },
};
const queue = await openQueue(settings.databaseUrl, settings.appVersion);
setDatabase(db);
setSealKey(settings.sealKey);
setServices({ agents, queue, log });

const system = systemActor('worker');
await withActor(db, system, (tx) => ensureDefaultLocation(tx, statePaths(settings.stateDir).backups));
const tools: ExecutionTools = {
  db,
  agents,
  keys: { kek: settings.kek, recoveryPassword: settings.recoveryPassword },
  patience: defaultPatience,
  log,
};
await launchWorkflows({
  databaseUrl: settings.databaseUrl,
  appVersion: settings.appVersion,
  executorId,
  run: (operationId, attempt) => runOperation(tools, operationId, attempt),
});

const startedAt = new Date();
const beat = () =>
  withActor(db, system, (tx) =>
    tx
      .insert(serviceHeartbeats)
      .values({ name: executorId, kind: 'worker', startedAt, beatAt: sql`now()`, version: settings.appVersion })
      .onConflictDoUpdate({ target: serviceHeartbeats.name, set: { startedAt, beatAt: sql`now()` } }),
  );
const { smtp } = config;
const mail =
  smtp === undefined
    ? undefined
    : mailSender({
        host: smtp.host,
        port: smtp.port,
        secure: smtp.secure,
        from: smtp.from,
        ...(smtp.user === undefined ? {} : { user: smtp.user }),
        ...(settings.smtpPassword === undefined ? {} : { password: settings.smtpPassword }),
      });

/** Repeats work with a pause between its end and its next start; a failure is logged and the next turn tries again. */
function repeatedly(name: string, everyMs: number, work: () => Promise<unknown>): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  let turn = Promise.resolve();
  const next = () => {
    turn = work()
      .then(
        () => undefined,
        (error: unknown) => log.warn({ err: error }, `${name} failed`),
      )
      .then(() => {
        if (!ended) timer = setTimeout(next, everyMs);
      });
  };
  next();
  return async () => {
    ended = true;
    clearTimeout(timer);
    await turn;
  };
}

const loops = [
  watchHosts({ db, agents, log }),
  repeatedly('heartbeat', heartbeatMs, beat),
  repeatedly('admission of hosts', 250, () => admitHosts(db, authority)),
  repeatedly('sweep of forgotten operations', 2_000, enqueueForgotten),
  repeatedly('release of kept volumes', 5_000, () => releaseExpired(log)),
  repeatedly('clearing up', 60_000, () => forgetOld(db)),
  ...(mail === undefined ? [] : [repeatedly('mail', 2_000, () => mail.sendDue())]),
];
log.info({ executorId }, 'running');

let ending = false;
async function end(signal: string): Promise<void> {
  if (ending) return;
  ending = true;
  log.info({ signal }, 'ending');
  await Promise.all(loops.map((stop) => stop()));
  await stopWorkflows(patienceMs);
  mail?.close();
  agents.close();
  await queue.close();
  await db.$client.end();
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    end(signal).catch((error: unknown) => {
      log.error({ err: error }, 'did not end well');
      process.exit(1);
    });
  });
}
