import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionArgs, ActionResult } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Progress, Repository } from '../adapters.ts';
import type { Core } from '../core.ts';
import { mountRoot, planOf } from '../reconcile/converge.ts';
import { discardPrepared } from '../reconcile/garbage.ts';
import type { ContainerRecord } from '../store/containers.ts';
import { CommandError } from '../sys/process.ts';
import { repositoryKey, repositoryOf } from './backup.ts';
import { capacity, defineAction, fetchLayers } from './definition.ts';

type Args = ActionArgs<'backup.test'>;
type Report = ActionResult<'backup.test'>;
type Boot = Report['boot'];

/** How much of the console and of a probe's output is kept: the end. */
const keptBytes = 8192;
const lookEveryMs = 500;

/**
 * prepare: the backup in a container of its own that no network and nobody else reaches; it is started, waited for, asked, and all of it
 * removed, whatever came of it · commit: the proof. A crash leaves what reconcile removes, as of every action that was not committed.
 */
export const test = defineAction<'backup.test', Report, Report>({
  verb: 'backup.test',
  lock: ({ args }) => args.trialId,
  cancellable: true,
  async prepare({ core, repositories, actionId, args, progress, signal, log }, secrets) {
    const repository = repositoryOf(core, args.repository, secrets);
    const startedAt = performance.now();
    const report: Report = {
      testedAt: new Date().toISOString(),
      passed: false,
      why: null,
      tookMs: 0,
      restored: null,
      boot: null,
      probe: null,
      log: '',
    };
    try {
      const record = await reserve(core, actionId, args, progress);
      await fetchLayers(core, repository, args.template.layers, progress);
      const back = () => fillFrom(core, repository, args, progress, signal);
      report.restored = await repositories.shared(repositoryKey(repository), back);
      if (report.restored === null) return { ...report, why: 'It cannot be fetched whole from its location.' };
      signal.throwIfAborted();
      progress('Starting it without a network', null);
      await boot(core, record, args, report, signal, progress);
      report.log = core.adapters.runtime.bootLog(args.trialId, keptBytes);
    } finally {
      await discardPrepared(core, actionId).catch((error: unknown) => log.error({ err: error }, 'leftovers of a test'));
    }
    return { ...report, passed: report.why === null, tookMs: Math.round(performance.now() - startedAt) };
  },
  commit: (_context, report) => report,
  finish: async (_context, report) => report,
});

async function reserve(core: Core, actionId: string, args: Args, progress: Progress): Promise<ContainerRecord> {
  const { store, adapters, config } = core;
  const { trialId: id, volumeId, resources, template, hostname } = args;
  const { diskBytes: bytes, inodes } = resources;
  const room = capacity(core);
  progress('Reserving storage', null);
  store.write('STORE:RESERVE', () => {
    const idBase = store.containers.freeIdBase(config.idBase);
    // It is never given the address; but one has to stand in the record, and no two may be the same.
    const address = adapters.network.allocate(store.containers.takenAddresses());
    const { tenantId } = args.repository;
    const row = { id, tenantId, name: 'test', hostname, idBase, address, volumeId, template, resources };
    store.containers.insertPreparing({ ...row, ownerAction: actionId });
    const volume = { id: volumeId, containerId: id, ownerAction: actionId, bytes, inodes, layers: template.layers };
    store.volumes.insertPreparing(volume, room);
  });
  await adapters.volumes.create(volumeId, { bytes, inodes });
  const record = store.containers.find(id);
  if (record === undefined) throw new Error('the row just written is gone');
  return record;
}

/** Null when the location does not give it back: that is what a test is there to find out. A restic that was killed has found out nothing. */
async function fillFrom(
  core: Core,
  repository: Repository,
  args: Args,
  progress: Progress,
  signal: AbortSignal,
): Promise<Report['restored']> {
  const { backups, volumes } = core.adapters;
  const target = await volumes.mount(args.volumeId);
  const startedAt = performance.now();
  await backups.ensureRepository(repository);
  try {
    const { files, bytes } = await backups.restore(repository, args.resticSnapshotId, target, progress, signal);
    return { files, bytes, tookMs: Math.round(performance.now() - startedAt) };
  } catch (error) {
    const gone = error instanceof BerthError && error.code === 'not_found';
    if (!signal.aborted && (gone || (error instanceof CommandError && error.code !== null))) return null;
    throw error;
  }
}

/** Starts it and fills the report; `why` stays null when all is as it should be. */
async function boot(
  core: Core,
  record: ContainerRecord,
  args: Args,
  report: Report,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const { runtime } = core.adapters;
  const root = await mountRoot(core, record);
  const startedAt = performance.now();
  // No hook: its network namespace has nothing but a loopback interface that is down.
  const plan = { ...planOf(core, record, root, null), network: { hookPath: '', hookArgs: [], resolvConf: '' } };
  const starts = async () => {
    try {
      await runtime.start(plan);
      return true;
    } catch (error) {
      core.log.warn({ err: error, containerId: record.id }, 'a backup that is tested does not start');
      return false;
    }
  };
  if (!(await starts())) {
    // What failed once may have been the host's doing; of the backup it says something when it fails again.
    await runtime.cleanUp(record.id, 'run');
    if (!(await starts())) {
      report.why = 'Its init cannot be started.';
      return;
    }
  }
  progress('Waiting for its init', null);
  report.boot = await reached(core, record, startedAt + args.bootTimeoutMs, startedAt, signal);
  if (report.boot.state === 'ended') report.why = 'Its init ended by itself.';
  if (report.boot.state === 'timeout') report.why = 'Its init was not done in time.';
  if (report.why !== null || args.probe === null) return;
  progress('Running the probe', null);
  const { argv, timeoutMs } = args.probe;
  const beganAt = performance.now();
  const asked = runtime.exec(record.id, argv, { timeoutMs, maxBytes: keptBytes });
  const { exitCode, timedOut, stdout, stderr } = await unlessAborted(asked, signal);
  const output = `${stdout}${stderr}`.slice(-keptBytes);
  report.probe = { exitCode, timedOut, output, tookMs: Math.round(performance.now() - beganAt) };
  if (timedOut) report.why = 'The probe did not end in time.';
  else if (exitCode !== 0) report.why = `The probe ended with exit code ${exitCode}.`;
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const give = () => reject(new BerthError('cancelled'));
  signal.addEventListener('abort', give, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', give);
    work.catch(() => {});
  }
}

/** How far its init has come at `deadline`, or earlier when it is done. */
async function reached(
  core: Core,
  record: ContainerRecord,
  deadline: number,
  startedAt: number,
  signal: AbortSignal,
): Promise<NonNullable<Boot>> {
  const { runtime } = core.adapters;
  const tookMs = () => Math.round(performance.now() - startedAt);
  for (;;) {
    signal.throwIfAborted();
    if (!runtime.state(record.id).running) return { state: 'ended', tookMs: tookMs(), failedUnits: [] };
    const state = await askInit(core, record).catch(() => null);
    if (state !== null) {
      const failedUnits = state === 'degraded' ? await failed(core, record) : [];
      return { state, tookMs: tookMs(), failedUnits };
    }
    if (performance.now() > deadline) return { state: 'timeout', tookMs: tookMs(), failedUnits: [] };
    await sleep(lookEveryMs, undefined, { signal }).catch(() => {});
  }
}

async function askInit(core: Core, record: ContainerRecord): Promise<'running' | 'degraded' | 'up' | null> {
  const ask = (argv: readonly string[]) => core.adapters.runtime.exec(record.id, argv, { timeoutMs: 10_000 });
  if (record.template.init !== 'systemd') return (await ask(['true'])).exitCode === 0 ? 'up' : null;
  const word = (await ask(['systemctl', 'is-system-running'])).stdout.trim();
  return word === 'running' || word === 'degraded' ? word : null;
}

async function failed(core: Core, record: ContainerRecord): Promise<string[]> {
  const argv = ['systemctl', 'list-units', '--state=failed', '--plain', '--no-legend', '--no-pager'];
  const { stdout } = await core.adapters.runtime.exec(record.id, argv, { timeoutMs: 10_000 });
  const names = stdout.split('\n').map((line) => line.trim().split(/\s/)[0] ?? '');
  return names
    .filter((name) => name !== '')
    .map((name) => name.slice(0, 200))
    .slice(0, 20);
}
