import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory, writeDurably } from '../sys/files.ts';

/** Files of one private area: path → content, null for what was deleted. */
export type Files = Record<string, string | null>;
export type SimVolume = { files: Files; bytes: number; inodes: number };
export type SimBackup = { repository: string; backupId: string; files: Files; layers: string[] };

/** What a simulated host keeps on its disks: survives the agent, as disks do. What runs does not: as after a power cut. */
export type Disk = {
  layers: Record<string, { bytes: number; template: string; since: number }>;
  volumes: Record<string, SimVolume>;
  snapshots: Record<string, SimVolume>;
  repositories: Record<string, string>;
  backups: Record<string, SimBackup>;
  storedLayers: Record<string, string[]>;
  /** Archives in base64. */
  transfers: Record<string, string>;
};

/** One simulated host. */
export class World {
  readonly disk: Disk;
  readonly mountedVolumes = new Set<string>();
  readonly mountedLayers = new Set<string>();
  /** Roots by the id they are kept under; `old` for the read-only one, `repair` for the files a rescue system works on. */
  readonly roots = new Map<
    string,
    {
      volume: string;
      layers: readonly string[];
      old: string | null;
      repair: { volume: string; readOnly: boolean } | null;
    }
  >();
  /** What of backups is looked into: the snapshots, by the backups' ids. */
  readonly opened = new Map<string, string>();
  readonly snapshotMounts = new Map<string, string>();
  /** Factor on all delays; 0 in fast tests. */
  readonly pace: number;
  readonly #file: string;

  constructor(agentDir: string, pace: number) {
    this.pace = pace;
    this.#file = join(agentDir, 'sim.json');
    makeDirectory('SIM:DIRECTORY', agentDir, 0o711);
    this.disk = existsSync(this.#file)
      ? { transfers: {}, ...(JSON.parse(readFileSync(this.#file, 'utf8')) as Omit<Disk, 'transfers'>) }
      : { layers: {}, volumes: {}, snapshots: {}, repositories: {}, backups: {}, storedLayers: {}, transfers: {} };
  }

  save(): void {
    writeDurably('SIM:SAVE', this.#file, JSON.stringify(this.disk));
  }

  async delay(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.pace === 0) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, ms * this.pace);
      signal?.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          reject(signal.reason as Error);
        },
        { once: true },
      );
    });
  }

  volume(id: string): SimVolume {
    const volume = this.disk.volumes[id];
    if (volume === undefined) throw new Error(`no volume ${id}`);
    return volume;
  }

  /** The files of a backup that is open, by the path of its root. */
  backupAt(root: string): { files: Files } {
    const backup = this.disk.backups[this.opened.get(root.slice('/sim/backups/'.length)) ?? ''];
    if (backup === undefined) throw new Error(`no backup is open at ${root}`);
    return backup;
  }

  /** Name of the template that a layer was built from. */
  templateOf(layers: readonly string[]): string {
    return this.disk.layers[layers.at(-1) ?? '']?.template ?? 'tiny';
  }
}

export function bytesOf(files: Files): number {
  return Object.values(files).reduce((sum, content) => sum + 4096 + (content?.length ?? 0), 65_536);
}
