'use client';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Backup } from '#lib/contract/backups.ts';
import { rich, t } from '#lib/language/text.ts';
import { BackupName } from './backup-name.tsx';
import { Button } from './button.tsx';
import { FormDialog } from './form-dialog.tsx';
import { bytes } from './format.ts';
import { Card } from './page.tsx';
import { PasswordField } from './secret-fields.tsx';
import { Ago, At, Left } from './time.tsx';
import { useCall } from './use-call.ts';

/** Deleted backups that can be had back, the ones that go first on top. */
export function RemovedBackups({ backups, mayRecover }: { backups: readonly Backup[]; mayRecover: boolean }) {
  const [purging, setPurging] = useState<Backup | null>(null);
  const { run, pending } = useCall('backups.recover');
  if (backups.length === 0) return null;
  return (
    <Card title={t('Deleted, can be had back')} icon={Trash2} flush className="mt-4">
      <ul className="divide-y divide-line">
        {backups.map((backup) => (
          <li key={backup.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
            <span className="mr-auto min-w-0 [overflow-wrap:anywhere]">
              <strong className="font-semibold">
                {backup.name === '' ? <At at={backup.createdAt} /> : backup.name}
              </strong>{' '}
              <span className="sub">
                {rich('made {ago}', { ago: <Ago key="ago" at={backup.createdAt} /> })}
                {backup.note !== '' && ` · ${t('“{note}”', { note: backup.note })}`}
                {backup.bytesTotal !== null && ` · ${bytes(backup.bytesTotal)}`}
                {backup.recoverableUntil !== null && (
                  <>
                    {' '}
                    ·{' '}
                    {rich('gone for good in {left}', {
                      left: <Left key="left" until={backup.recoverableUntil} />,
                    })}
                  </>
                )}
              </span>
            </span>
            {mayRecover && (
              <span className="flex gap-2">
                <Button
                  size="small"
                  pending={pending}
                  onClick={() => void run({ params: { id: backup.id }, body: {} })}
                >
                  {t('Have it back')}
                </Button>
                <Button size="small" variant="quiet" onClick={() => setPurging(backup)}>
                  {t('Delete for good…')}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {purging !== null && <PurgeDialog backup={purging} onClose={() => setPurging(null)} />}
    </Card>
  );
}

function PurgeDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { run, pending, problem } = useCall('backups.purge', { quiet: true });
  return (
    <FormDialog
      title={t('Delete this backup for good?')}
      sub={<BackupName backup={backup} />}
      danger
      cancel={t('Keep it')}
      submit={t('Delete for good')}
      pending={pending}
      problem={problem}
      onSubmit={(data) =>
        void run({ params: { id: backup.id }, body: { password: String(data.get('password')) } }).then(
          (answer) => answer.ok && onClose(),
        )
      }
      onClose={onClose}
    >
      <p>{t('Nothing and nobody can bring it back then. Its other backups are not touched.')}</p>
      <PasswordField label={t('Your password')} />
    </FormDialog>
  );
}
