/** The worker process: runs operations, watches the hosts, clears up, sends mail. Any number of copies may run. */
import { existsSync, readFileSync } from 'node:fs';
import pino from 'pino';
import { systemActor } from '#lib/access/actor.ts';
import { defaultPatience } from '#lib/agent-client/actions.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import { sendHeads } from '#lib/audit/heads.ts';
import { sealEntries } from '#lib/audit/seal.ts';
import { ensureDefaultLocation } from '#lib/backups/repository.ts';
import { runChecks } from '#lib/backups/run-checks.ts';
import { runSchedules } from '#lib/backups/run-schedules.ts';
import { runTests } from '#lib/backups/run-tests.ts';
import { endServices } from '#lib/billing/terminate.ts';
import { watchKeys } from '#lib/brands/dkim-watch.ts';
import { createDb, setDatabase, withActor } from '#lib/db/client.ts';
import { sweepHandovers } from '#lib/handovers/sweep.ts';
import { enforceHolds } from '#lib/holds/enforce.ts';
import { admitHosts } from '#lib/hosts/admit.ts';
import { settleLosses, tellOfLosses } from '#lib/hosts/settle-losses.ts';
import { watchHosts } from '#lib/hosts/watch.ts';
import { loadLanguages } from '#lib/language/load.ts';
import { takeInCredentials } from '#lib/locations/credentials.ts';
import { mailSender } from '#lib/mail/send.ts';
import { tellOfOutages, watchOutages } from '#lib/outages/watch.ts';
import { setSealKey } from '#lib/secrets/sealed-values.ts';
import { setServices } from '#lib/services.ts';
import { loadSettings, statePaths } from '#lib/settings.ts';
import { collectLayers } from '#lib/templates/collect.ts';
import { tellOfLateTickets, tellOfTickets } from '#lib/tickets/notify.ts';
import { collectDeliveries } from '#lib/webhooks/collect.ts';
import { openDoor } from '#lib/webhooks/door.ts';
import { forgetDeliveries } from '#lib/webhooks/send.ts';
import { Sender } from '#lib/webhooks/sender.ts';
import { beatEveryMs, Lease } from '#lib/workers/lease.ts';
import { launchWorkflows, openQueue, stopWorkflows } from '#lib/workflows/dbos.ts';
import type { ExecutionTools } from '#lib/workflows/execution.ts';
import { requeueLostClaims, requeueOfTheDead } from '#lib/workflows/ownership.ts';
import { runningWorkflows, runOperation } from '#lib/workflows/run.ts';
import {
  endOverdueRepairs,
  endUndelete,
  enqueueForgotten,
  findBrokenOff,
  forgetOld,
  purgeRemoved,
  releaseExpired,
  releaseForRoom,
  releaseRecoveries,
} from '#lib/workflows/sweeps.ts';
import { clientIdentity, followIdentity, followingSigner } from './reload.ts';

const log = pino({ name: 'berth-worker', timestamp: pino.stdTimeFunctions.isoTime });
const settings = loadSettings('worker');
const { config } = settings;
/** What still runs then goes on when the worker starts again. The supervisor kills at 30 s. */
const patienceMs = 15_000;

const db = createDb(settings.databaseUrl, { max: 15, applicationName: 'berth worker' });
const pem = (file: string) => readFileSync(file, 'utf8');
const signer = followingSigner('worker', settings.identity.grantKeyFile);
const agents = new Agents(clientIdentity(settings.identity, settings.caFile), signer);
const stopFollowing = followIdentity(agents, signer, settings, log);
/** Read anew for each use: grant keys change while we run. */
const authority = () => ({
  ca: { certificate: pem(settings.caFile), key: pem(settings.caKeyFile) },
  grantKeys: { web: pem(settings.grantPublicKeys.web), worker: pem(settings.grantPublicKeys.worker) },
  grantKeySet: existsSync(settings.grantKeySetFile) ? pem(settings.grantKeySetFile) : undefined,
});
const queue = await openQueue(settings.databaseUrl, settings.appVersion);
setDatabase(db);
setSealKey(settings.sealKey);
loadLanguages();
setServices({ agents, queue, log });

const system = systemActor('worker');
await withActor(db, system, (tx) => ensureDefaultLocation(tx, statePaths(settings.stateDir).backups));
/** A connection of its own: beats must not wait behind the work they vouch for. */
const leaseDb = createDb(settings.databaseUrl, {
  max: 1,
  applicationName: 'berth worker lease',
  queryTimeoutMs: 5_000,
});
const lease = await Lease.take({
  db: leaseDb,
  name: settings.workerName,
  version: settings.appVersion,
  onLost: () => {
    log.fatal('another worker has taken over; what this one was doing is not its own any more');
    process.exit(1);
  },
});
const { executorId } = lease;
const beats = repeatedly('heartbeat', beatEveryMs, () => lease.beat());
const tools: ExecutionTools = {
  db,
  agents,
  executorId,
  signer: lease.signer(agents.signer),
  mayAct: () => lease.held(),
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

/** Takes up what dead workers left, this one's own earlier self among them, and what PostgreSQL lost for us. */
async function takeOver(): Promise<void> {
  const dead = await lease.takeOver();
  if (dead.length > 0) log.warn({ dead }, 'taking over from workers that are silent');
  const left = await requeueOfTheDead(db);
  const lost = await requeueLostClaims(db, executorId, runningWorkflows());
  if (left.length + lost.length > 0) log.info({ left, lost }, 'back in line');
  const broken = await findBrokenOff();
  if (broken.length > 0) log.error({ broken }, 'operations that nobody would have ended');
}

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

const hooks = new Sender(openDoor());
const stopHooks = repeatedly('webhooks', 1_000, () => hooks.begin());
const loops = [
  watchHosts({ db, agents, log, renewal: authority }),
  repeatedly('taking over', 2_000, takeOver),
  repeatedly('admission of hosts', 250, () => admitHosts(db, authority())),
  repeatedly('sweep of forgotten operations', 2_000, enqueueForgotten),
  repeatedly('holds', 1_000, () => enforceHolds(log)),
  repeatedly('end of terminated services', 5_000, () => endServices(log)),
  repeatedly('release of kept volumes', 5_000, () => releaseExpired(log)),
  repeatedly('end of repairs', 5_000, () => endOverdueRepairs(log)),
  repeatedly('release of snapshots before recoveries', 30_000, () => releaseRecoveries(log)),
  repeatedly('release for want of room', 5_000, () => releaseForRoom(log)),
  repeatedly('scheduled backups', 5_000, () => runSchedules({ baseUrl: settings.baseUrl, log })),
  repeatedly('containers of lost hosts', 1_000, () => settleLosses(log).then(() => tellOfLosses(settings.baseUrl))),
  repeatedly('end of deleted containers', 30_000, endUndelete),
  repeatedly('handovers', 2_000, () => sweepHandovers(log)),
  repeatedly('checks of backups', 10_000, () => runChecks({ baseUrl: settings.baseUrl, log })),
  repeatedly('restore tests', 10_000, () => runTests({ baseUrl: settings.baseUrl, log })),
  repeatedly('purge of deleted backups', 5_000, () => purgeRemoved(log)),
  repeatedly('collection of layers', 60_000, () => collectLayers(tools)),
  repeatedly('mails about tickets', 2_000, () => tellOfTickets(settings.baseUrl)),
  repeatedly('late tickets', 30_000, () => tellOfLateTickets(settings.baseUrl)),
  repeatedly('outages', 5_000, () => watchOutages()),
  repeatedly('mails about outages', 2_000, () => tellOfOutages(settings.baseUrl)),
  repeatedly('sealing of the audit record', 1_000, () => sealEntries(db)),
  repeatedly('heads of the audit record', 20_000, () =>
    sendHeads({ db, agents, caKey: () => pem(settings.caKeyFile), baseUrl: settings.baseUrl, log }),
  ),
  repeatedly('taking in credentials', 2_000, () => takeInCredentials(db, settings.kek)),
  repeatedly('collecting for webhooks', 1_000, collectDeliveries),
  () => stopHooks().then(() => hooks.settled()),
  repeatedly('records of mail keys', 60_000, () => watchKeys()),
  repeatedly('clearing up', 60_000, () => forgetOld(db).then(forgetDeliveries)),
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
  await beats();
  await lease.release();
  mail?.close();
  stopFollowing();
  agents.close();
  await queue.close();
  await Promise.all([db.$client.end(), leaseDb.$client.end()]);
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
