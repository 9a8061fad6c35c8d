/** Where baseline.sh works: a pool, the mounted layer of `tiny`, a bridge, and a runtime configuration like ours. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ociConfig } from '#agent/runtime/plan.ts';
import { mountsBelow } from '#agent/sys/mountinfo.ts';
import { engineDir } from '#tests/support/engine.ts';

export type Baseline = { directory: string; run(verb: string, name: string): Promise<void>; cleanUp(): void };

const call = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: 'pipe' });

/** `layer` is the image file of the template. */
export function makeBaseline(layer: string): Baseline {
  const directory = mkdtempSync(join(tmpdir(), 'berth-baseline-'));
  const [bridge, group] = ['berthbb0', `berth-bb${process.pid}`];
  for (const name of ['pool', 'layer', 'run', 'skeleton/upper', 'skeleton/work']) {
    mkdirSync(join(directory, name), { recursive: true });
  }
  const cleanUp = () => {
    call('sh', '-c', 'cat /sys/fs/cgroup/*/"$0"/*/cgroup.procs 2>/dev/null | sort -u | xargs -r kill -9 || :', group);
    execFileSync('sleep', ['0.3']);
    for (const { target } of mountsBelow(directory).reverse()) call('umount', '--', target);
    try {
      call('ip', 'link', 'delete', bridge);
      call('nft', 'delete', 'table', 'bridge', bridge);
    } catch {
      // not made yet
    }
    for (const hierarchy of readdirSync('/sys/fs/cgroup')) {
      try {
        call('find', `/sys/fs/cgroup/${hierarchy}/${group}`, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';');
      } catch {
        // no such hierarchy, or none of ours in it
      }
    }
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const image = join(directory, 'pool.img');
    call('fallocate', '-l', String(3 * 1024 ** 3), image);
    call('mkfs.xfs', '-q', '-m', 'reflink=1', image);
    call('mount', '-o', 'loop,nosuid,nodev,discard', image, join(directory, 'pool'));
    call('mount', '-o', 'ro,nosuid,nodev', layer, join(directory, 'layer'));
    symlinkSync(join(engineDir, 'bin/runc'), join(directory, 'runc'));
    call('ip', 'link', 'add', bridge, 'type', 'bridge');
    call('ip', 'link', 'set', bridge, 'up');
    const plan = {
      ...{ containerId: 'x', hostname: 'web-1', idBase: 0, root: '@ROOT@', old: null, init: 'busybox' as const },
      resources: { cpuCores: 1, cpuShares: 1024, memoryBytes: 128 * 1024 ** 2, pids: 200, diskBytes: 0, inodes: 0 },
      network: { hookPath: '', hookArgs: [], resolvConf: '' },
    };
    const host = { cgroupsPath: '/@NAME@', openFiles: 1024, oomScoreAdj: 0, figures: [] };
    const config = ociConfig(plan, host, { kind: 'init' });
    const { uidMappings: _, gidMappings: __, namespaces, ...linux } = config.linux;
    const own = { ...linux, namespaces: namespaces.filter((one) => one.type !== 'user') };
    const whole = { ...config, linux: own, process: { ...config.process, terminal: false } };
    writeFileSync(join(directory, 'config.json'), JSON.stringify(whole));
    copyFileSync(new URL('./baseline.sh', import.meta.url).pathname, join(directory, 'baseline.sh'));
  } catch (error) {
    cleanUp();
    throw error;
  }
  return {
    directory,
    cleanUp,
    run: async (verb, name) => {
      execFileSync('/bin/sh', ['baseline.sh', verb, name], {
        cwd: directory,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, BRIDGE: bridge, CGROUP: group },
      });
    },
  };
}

/** The init of a container of the baseline. */
export const baselinePid = (baseline: Baseline, name: string) =>
  Number(readFileSync(join(baseline.directory, 'run', name, 'pid'), 'utf8'));
