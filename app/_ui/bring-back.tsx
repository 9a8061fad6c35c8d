'use client';
import { useState } from 'react';
import type { Backup } from '#lib/contract/backups.ts';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { UndeleteDialog } from './dialog-undelete.tsx';
import { Left } from './time.tsx';
import { useAnswer } from './use-answer.ts';

/** Under the name of a deleted container, with its backup: whether it can be brought back, and until when. */
export function DeletedLine({ deleted }: { deleted: NonNullable<Backup['containerDeleted']> }) {
  return (
    <div className="sub">
      {deleted.until === null
        ? t('deleted for good')
        : rich('deleted; can be brought back for {left}', { left: <Left key="left" until={deleted.until} /> })}
    </div>
  );
}

/** Whether the container of this one is deleted, and can be brought back from it. */
export const canComeBack = ({ state, containerDeleted }: Backup) =>
  state === 'complete' && typeof containerDeleted?.until === 'string';

/** In the place of what can be done with a backup whose container is there: brings that back, from this backup unless another is chosen. */
export function BringBack({ backup }: { backup: Backup }) {
  const [asked, setAsked] = useState(false);
  const { found } = useAnswer('containers.get', asked ? { params: { id: backup.containerId } } : null);
  return (
    <>
      <Button size="small" pending={asked && found === null} onClick={() => setAsked(true)}>
        {t('Bring the container back…')}
      </Button>
      {asked && found !== null && (
        <UndeleteDialog container={found} backupId={backup.id} onClose={() => setAsked(false)} />
      )}
    </>
  );
}
