import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLayers } from '#agent/layers/apply.ts';
import { createRoots } from '#agent/rootfs/apply.ts';
import { thaw } from '#agent/sys/kernel.ts';
import { createVolumes } from '#agent/volumes/apply.ts';
import { makeStorage, type Storage } from '../../support/make-root.ts';
import { ids, scenarios } from './crash-scenarios.ts';

const script = fileURLToPath(new URL('./crash-scenarios.ts', import.meta.url));
let storage: Storage;
let baseLayer = '';
let passageLog = '';

beforeAll(async () => {
  storage = await makeStorage();
  const { config } = storage;
  passageLog = `${config.agentDir}/passages`;
  mkdirSync(`${config.agentDir}/tree/etc`, { recursive: true });
  writeFileSync(`${config.agentDir}/tree/etc/file`, 'content');
  mkdirSync(`${config.agentDir}/base/etc`, { recursive: true });
  ({ digest: baseLayer } = await storage.layers.importTree(`${config.agentDir}/base`));
  await storage.volumes.create(ids.kept, { bytes: 64 * 1024 * 1024, inodes: 1024 });
  writeFileSync(`${await storage.volumes.mount(ids.kept)}/upper/precious`, 'kept');
  await storage.volumes.unmount(ids.kept);
});
afterAll(() => storage?.cleanUp());

async function runElsewhere(scenario: string, env: Record<string, string>): Promise<string | null> {
  const child = spawn(process.execPath, [script, JSON.stringify(storage.config), scenario, baseLayer], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? String(code))));
}

/** What reconcile does with storage that the database does not name: here it names the volume `kept` and the base layer. */
async function reconcile(): Promise<void> {
  const [volumes, layers, roots] = [
    createVolumes(storage.config),
    createLayers(storage.config),
    createRoots(storage.config),
  ];
  for (const containerId of roots.listMounted()) await roots.unmount(containerId);
  await volumes.recover(new Set());
  for (const id of volumes.listVolumes()) if (id !== ids.kept) await volumes.delete(id);
  for (const id of volumes.listSnapshots()) await volumes.deleteSnapshot(id);
  for (const { digest } of layers.list()) if (digest !== baseLayer) await layers.remove(digest);
  await layers.unmountExcept(new Set());
}

async function leftOver(): Promise<string[]> {
  const { agentDir, poolPath } = storage.config;
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '');
  const loops = execFileSync('losetup', ['-a'], { encoding: 'utf8' }).split('\n');
  const names = (folder: string) => (existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`) : []);
  return [
    ...mounts.filter((target) => target.startsWith(`${agentDir}/mnt/`)),
    ...loops.filter((line) => line.includes(`${poolPath}/`)),
    ...['volumes', 'snapshots', 'layers'].flatMap((folder) => names(`${poolPath}/${folder}`)),
    ...['roots', 'old', 'layers', 'volumes', 'snapshots'].flatMap((folder) => names(`${agentDir}/mnt/${folder}`)),
    ...names(`${agentDir}/run/mounts`),
  ].filter((what) => ![`${poolPath}/volumes/${ids.kept}.img`, storage.layers.file(baseLayer)].includes(what));
}

describe.each(Object.keys(scenarios))('storage killed in the middle of: %s', (scenario) => {
  it('is put in order again at every single point', { timeout: 300_000 }, async () => {
    rmSync(passageLog, { force: true });
    expect(await runElsewhere(scenario, { BERTH_FAULT_LOG: passageLog })).toBe('0');
    expect(await leftOver()).toEqual([]);
    const points = [...new Set(readFileSync(passageLog, 'utf8').trim().split('\n'))];
    expect(points.length).toBeGreaterThan(8);
    for (const point of points) {
      const helper = point.startsWith('SNAPSHOT:THAW@');
      expect(await runElsewhere(scenario, { BERTH_FAULT: `${point}=kill` }), point).toBe(helper ? '1' : 'SIGKILL');
      // The helper of the freeze was killed: whoever asked for the snapshot thaws, and gives up.
      if (helper) expect(thaw('VOLUME:THAW', await storage.volumes.mount(ids.kept)), point).toBe(false);
      await reconcile();
      expect(await leftOver(), point).toEqual([]);
      const kept = await storage.volumes.mount(ids.kept);
      expect(readFileSync(`${kept}/upper/precious`, 'utf8'), point).toBe('kept');
      await storage.volumes.unmount(ids.kept);
    }
    await scenarios[scenario]?.(storage.config, baseLayer);
    expect(await leftOver()).toEqual([]);
    console.log(`${scenario}: ${points.length} of ${points.length} points`);
  });
});
