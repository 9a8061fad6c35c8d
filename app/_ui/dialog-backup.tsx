'use client';
import type { Backup } from '#lib/contract/backups.ts';
import type { Container } from '#lib/contract/containers.ts';
import { rich, t } from '#lib/language/text.ts';
import { BackupName } from './backup-name.tsx';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { WholePreview } from './files/restore-preview.tsx';
import { Choice, FormProblem, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { bytes } from './format.ts';
import { accessWords, copyWords, Outcome, undoWords } from './outcome.tsx';
import { releaseBody, useReleaseChoice } from './release-choice.tsx';
import { Ago, At } from './time.tsx';
import { NameField, useTypedName } from './typed-name.tsx';
import { useCall } from './use-call.ts';
import { useRetentionHours } from './use-choices.ts';

export function CreateBackupDialog({
  container,
  onClose,
}: {
  container: Pick<Container, 'id' | 'name' | 'state'>;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('backups.create', { quiet: true });
  return (
    <FormDialog
      title={t('Back up {name}', { name: container.name })}
      sub={copyWords(container)}
      cancel={t('Not now')}
      submit={t('Back up')}
      pending={pending}
      problem={problem}
      onSubmit={(data) =>
        void run({
          params: { id: container.id },
          body: { name: String(data.get('name')), note: String(data.get('note')), protected: data.has('protected') },
        }).then((answer) => answer.ok && onClose())
      }
      onClose={onClose}
    >
      <TextField
        name="name"
        label={t('Name (optional)')}
        maxLength={60}
        autoFocus
        placeholder={t('before plugin update')}
      />
      <TextField name="note" label={t('Note (optional)')} maxLength={200} hint={t('Helps you find it again.')} />
      <Choice
        type="checkbox"
        name="protected"
        label={t('Protect it')}
        hint={t('It never makes room for another one.')}
      />
    </FormDialog>
  );
}

/** `planId` is known on a container's own page; elsewhere the length of the undo is said without a number. */
export function RestoreDialog({
  backup,
  planId,
  onClose,
}: {
  backup: Backup;
  planId: string | null;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('backups.restore', { quiet: true });
  const hours = useRetentionHours(planId ?? '');
  const release = useReleaseChoice(backup.containerId);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Restore {name}', { name: backup.containerName })}
      sub={
        <>
          {rich('To the backup from {at}', { at: <At key="at" at={backup.createdAt} /> })} (
          <Ago at={backup.createdAt} />
          {backup.note !== '' && `, ${t('“{note}”', { note: backup.note })}`}
          {backup.files !== null && `, ${t('{n, plural, one {# file} other {# files}}', { n: backup.files })}`}
          {backup.bytesTotal !== null && `, ${bytes(backup.bytesTotal)}`})
        </>
      }
    >
      {backup.health.state === 'damaged' && (
        <p className="mb-3 text-[13px] font-[550] text-bad">
          {t(
            'This backup is damaged. Restoring all of it will probably fail, and then nothing is changed. Choose another one, or make a backup now and see whether this one becomes whole.',
          )}
        </p>
      )}
      <Outcome
        loses={[
          t(
            'all files go back to that moment. What was written since is gone from the container, and it restarts if it runs.',
          ),
        ]}
        keeps={[t('address, port forwards, plan, and every backup.'), accessWords()]}
        undo={undoWords(hours)}
      />
      <div className="mt-3">
        <WholePreview backupId={backup.id} />
      </div>
      {release.field !== null && <div className="mt-4">{release.field}</div>}
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Change nothing')}</Button>
        <Button
          variant="primary"
          pending={pending}
          onClick={() =>
            void run({ params: { id: backup.id }, body: releaseBody(release.chosen) }).then(
              (answer) => answer.ok && onClose(),
            )
          }
        >
          {t('Restore all files')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}

export function EditBackupDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { run, pending, problem } = useCall('backups.edit', { quiet: true });
  return (
    <FormDialog
      title={t('Name, note, protection')}
      sub={<BackupName backup={backup} />}
      cancel={t('Change nothing')}
      submit={t('Save')}
      pending={pending}
      problem={problem}
      onSubmit={(data) =>
        void run({
          params: { id: backup.id },
          body: { name: String(data.get('name')), note: String(data.get('note')), protected: data.has('protected') },
        }).then((answer) => answer.ok && onClose())
      }
      onClose={onClose}
    >
      <TextField name="name" label={t('Name')} maxLength={60} autoFocus defaultValue={backup.name} />
      <TextField name="note" label={t('Note')} maxLength={200} defaultValue={backup.note} />
      <Choice
        type="checkbox"
        name="protected"
        label={t('Protect it')}
        hint={t('It never makes room for another one, and cannot be deleted until this is taken off.')}
        defaultChecked={backup.protected}
      />
    </FormDialog>
  );
}

/** `days`: for so long it can be had back; null where that is not known. */
export function DeleteBackupDialog({
  backup,
  last,
  days,
  onClose,
}: {
  backup: Backup;
  last: boolean;
  days: number | null;
  onClose: () => void;
}) {
  const gone = backup.state !== 'complete' || days === 0;
  const { run, pending, problem } = useCall('backups.delete', { quiet: true });
  const typed = useTypedName(backup.containerName);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Delete this backup?')}
      sub={
        <>
          <BackupName backup={backup} />
          {backup.note !== '' && `, ${t('“{note}”', { note: backup.note })}`}
        </>
      }
    >
      <p>
        {gone
          ? t('It cannot be restored from afterwards, and this cannot be undone.')
          : days === null
            ? t('It can be had back for as many days as your plan says, and is gone for good then.')
            : t('It can be had back for {n, plural, one {# day} other {# days}}, and is gone for good then.', {
                n: days,
              })}{' '}
        {t('The container and its other backups are not touched.')}
        {backup.frees !== null && (
          <>
            {' '}
            {rich('It frees about {size} (estimated {ago}).', {
              size: bytes(backup.frees.bytes),
              ago: <Ago key="ago" at={backup.frees.at} />,
            })}
          </>
        )}
      </p>
      {last && (
        <div className="mt-3 grid gap-3">
          <p className="font-[550] text-bad">
            {t('It is the only complete backup of {name}.', { name: backup.containerName })}
          </p>
          {gone && <NameField typed={typed} />}
        </div>
      )}
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Keep it')}</Button>
        <Button
          variant="danger"
          pending={pending}
          reason={last && gone ? typed.reason : null}
          onClick={() => void run({ params: { id: backup.id } }).then((answer) => answer.ok && onClose())}
        >
          {t('Delete backup')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
