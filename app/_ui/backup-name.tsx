import type { Backup } from '#lib/contract/backups.ts';
import { At, useAt } from './time.tsx';

/** Which backup a dialog is about. */
export function BackupName({ backup }: { backup: Pick<Backup, 'containerName' | 'createdAt'> }) {
  return (
    <>
      {backup.containerName}, <At at={backup.createdAt} />
    </>
  );
}

/** Words for a backup among others of its container, in a list to choose from. */
export function useBackupLabel(): (backup: Pick<Backup, 'name' | 'createdAt'>) => string {
  const at = useAt();
  return ({ name, createdAt }) => (name === '' ? at(createdAt) : `${at(createdAt)}, ${name}`);
}
