import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig, statePaths } from '#lib/settings.ts';
import { backupFaults, readRecord } from '../panel/record.ts';
import { repoDir, type SetupContext, setupContext } from './context.ts';
import { inspectEngine, selfTest } from './engine.ts';
import { readIfThere } from './files.ts';
import { type Finding, inspectHost } from './host.ts';
import { describeObjects, hostObjects } from './leftovers.ts';
import { kernelSysctl, limitsToRaise } from './limits.ts';
import { hasReflinks } from './pool.ts';
import { tryRun } from './run.ts';
import { servicesOf } from './services.ts';
import { versionIn } from './versions.ts';

const GiB = 1024 ** 3;
const tools: readonly [string, string[]][] = [
  ['conmon', ['--version']],
  ['mmdebstrap', ['--version']],
  ['mkfs.erofs', ['--version']],
  ['mkfs.ext4', ['-V']],
  ['mkfs.xfs', ['-V']],
  ['nft', ['--version']],
  ['ip', ['-Version']],
  ['dnsmasq', ['--version']],
  ['patchelf', ['--version']],
];

async function inspectTools(): Promise<Finding[]> {
  return Promise.all(
    tools.map(async ([program, args]) => {
      const said = await tryRun(program, args).catch(() => undefined);
      const found =
        said === undefined
          ? 'missing'
          : (versionIn(said.stdout + said.stderr) ?? said.stdout.trim().split('\n')[0] ?? 'there');
      return {
        name: program,
        ok: said !== undefined,
        found,
        ...(said === undefined ? { remedy: 'Run "./berth up": it installs the packages.' } : {}),
      };
    }),
  );
}

async function inspectBundle(engineDir: string): Promise<Finding> {
  const remedy = 'Run "./berth up": it makes the bundle anew.';
  const inspected = await inspectEngine(engineDir);
  if ('fault' in inspected) return { name: 'engine', ok: false, found: inspected.fault, remedy };
  try {
    const versions = await selfTest(engineDir);
    return {
      name: 'engine',
      ok: true,
      found: Object.entries(versions)
        .map((pair) => pair.join(' '))
        .join(', '),
    };
  } catch (error) {
    return { name: 'engine', ok: false, found: error instanceof Error ? error.message : String(error), remedy };
  }
}

async function inspectSpace(name: string, path: string, wantedBytes: number): Promise<Finding> {
  const { bavail, bsize, blocks } = await statfs(path);
  const free = bavail * bsize;
  const found = `${(free / GiB).toFixed(1)} of ${((blocks * bsize) / GiB).toFixed(1)} GiB free`;
  return {
    name,
    ok: free >= wantedBytes,
    found,
    ...(free >= wantedBytes ? {} : { remedy: 'Free some space or give it more.' }),
  };
}

/** Everything about this machine and the installation on it, if there is one. Changes nothing that stays. */
export async function examine(stateDir: string): Promise<Finding[]> {
  const paths = statePaths(stateDir);
  const findings = [...(await inspectHost()), ...(await inspectTools())];
  if (!existsSync(paths.config)) {
    findings.push({ name: 'installation', ok: true, found: `none at ${stateDir}` });
    return findings;
  }
  const context = setupContext(readConfig(stateDir), stateDir);
  findings.push({ name: 'installation', ok: true, found: `${context.config.name} at ${stateDir}, from ${repoDir}` });
  findings.push(await inspectBundle(paths.engine));
  const low = Object.keys(await limitsToRaise(kernelSysctl));
  findings.push({
    name: 'host limits',
    ok: low.length === 0,
    found: low.length === 0 ? 'raised' : `too low: ${low.join(', ')}`,
    ...(low.length === 0 ? {} : { remedy: 'Run "./berth up".' }),
  });
  const reflinks = existsSync(paths.pool) && (await hasReflinks(paths.pool));
  findings.push({
    name: 'pool',
    ok: reflinks,
    found: `${existsSync(paths.poolImage) ? 'XFS image of our own' : 'directory'}, ${reflinks ? 'with' : 'without'} reflinks`,
    ...(reflinks ? {} : { remedy: 'Run "./berth up": it mounts the pool.' }),
  });
  if (existsSync(paths.pool)) findings.push(await inspectSpace('pool space', paths.pool, 512 * 1024 ** 2));
  findings.push(await inspectSpace('disk space', stateDir, GiB));

  for (const service of await servicesOf(context).status()) {
    const ok = service.state === 'running';
    findings.push({
      name: `service ${service.name}`,
      ok,
      found: `${service.state}, ${service.restarts} restarts${service.lastExit === null ? '' : `, last end: ${service.lastExit}`}`,
      ...(ok ? {} : { remedy: `Look at ${join(paths.log, `${service.name}.log`)}; "./berth up" starts it.` }),
    });
  }
  findings.push(await inspectPanelBackups(context));
  findings.push(await stalePids(paths.run));
  const objects = describeObjects(await hostObjects(stateDir, context.config.instance));
  findings.push({
    name: 'objects on this host',
    ok: true,
    found: `${objects.length} (processes, mounts, interfaces, tables, groups)`,
  });
  return findings;
}

async function inspectPanelBackups(context: SetupContext): Promise<Finding> {
  const record = await readRecord(context);
  const faults = backupFaults(record);
  const [first] = faults;
  return {
    name: 'panel backups',
    ok: first === undefined,
    found: faults.map((fault) => fault.found).join('; ') || `newest of ${record.backup?.at}, verified`,
    ...(first === undefined ? {} : { remedy: first.remedy }),
  };
}

async function stalePids(runDir: string): Promise<Finding> {
  const text = await readIfThere(join(runDir, 'supervisor.pid'));
  const stale = text !== undefined && !existsSync(`/proc/${text.trim()}`);
  return {
    name: 'process ids',
    ok: !stale,
    found: stale ? `supervisor.pid names ${text.trim()}, which does not run` : 'none stale',
    ...(stale ? { remedy: 'Run "./berth up": it ends what was left behind and starts again.' } : {}),
  };
}
