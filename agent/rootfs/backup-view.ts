import { existsSync, readdirSync } from 'node:fs';
import type { Roots } from '#agent/adapters.ts';
import type { AgentConfig } from '#agent/config.ts';
import { makeDirectory, removeDirectory } from '#agent/sys/files.ts';
import { detach } from '#agent/sys/kernel.ts';
import { isMounted } from '#agent/sys/mountinfo.ts';
import { ensureMountRoot } from '#agent/sys/mounts.ts';
import { clonedTree, closeAll, type LayersBy, mountOverlay } from '#agent/sys/overlay.ts';
import { overlayOptions } from './plan.ts';

/**
 * Systems of backups: overlays of layers and of what the backup adapter shows, all read-only. That is a file system of a program's
 * (FUSE), which cannot be idmapped: the ids stay as they are in the backup, so everything lies below a directory of the host's
 * root alone and is nosuid. Nothing waits for the program when a view goes: it is taken out of sight at once.
 */
export function createBackupViews(
  config: Pick<AgentConfig, 'agentDir'>,
  staging: string,
  layersBy?: LayersBy,
): Pick<Roots, 'mountBackup' | 'unmountBackup' | 'listBackups'> {
  const all = `${config.agentDir}/mnt/backups`;
  const target = (backupId: string) => `${all}/${backupId}`;
  return {
    async mountBackup({ backupId, upper, layers }) {
      await ensureMountRoot(config.agentDir);
      if (isMounted(target(backupId))) return target(backupId);
      makeDirectory('BACKUP-VIEW:DIRECTORY', target(backupId));
      const open: number[] = [];
      try {
        for (const path of [upper, ...layers.toReversed()]) open.push(clonedTree('BACKUP-VIEW:TREE', path));
        const lowers = open.map((tree) => ({ tree }));
        // The inode numbers of the backup have no bits to spare for xino.
        const options = { ...overlayOptions, xino: 'off' };
        const overlay = { lowers, upper: null, options, readOnly: true, nosuid: true };
        mountOverlay('BACKUP-VIEW:MOUNT', target(backupId), overlay, staging, layersBy);
      } finally {
        closeAll(open);
      }
      return target(backupId);
    },
    async unmountBackup(backupId) {
      if (isMounted(target(backupId))) await detach('BACKUP-VIEW:UNMOUNT', target(backupId));
      removeDirectory('BACKUP-VIEW:DIRECTORY-GONE', target(backupId));
    },
    listBackups: () => (existsSync(all) ? readdirSync(all) : []),
  };
}
