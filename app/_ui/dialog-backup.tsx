'use client';
import type { Backup } from '#lib/contract/backups.ts';
import type { Container } from '#lib/contract/rest.ts';
import { BackupName } from './backup-name.tsx';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { WholePreview } from './files/restore-preview.tsx';
import { Choice, FormProblem, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { bytes, count } from './format.ts';
import { copyWords, Outcome, undoWords } from './outcome.tsx';
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
      title={`Back up ${container.name}`}
      sub={copyWords(container)}
      cancel="Not now"
      submit="Back up"
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
      <TextField name="name" label="Name (optional)" maxLength={60} autoFocus placeholder="before plugin update" />
      <TextField name="note" label="Note (optional)" maxLength={200} hint="Helps you find it again." />
      <Choice type="checkbox" name="protected" label="Protect it" hint="It never makes room for another one." />
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
      title={`Restore ${backup.containerName}`}
      sub={
        <>
          To the backup from <At at={backup.createdAt} /> (<Ago at={backup.createdAt} />
          {backup.note !== '' && `, “${backup.note}”`}
          {backup.files !== null && `, ${count(backup.files, 'file')}`}
          {backup.bytesTotal !== null && `, ${bytes(backup.bytesTotal)}`})
        </>
      }
    >
      {backup.health.state === 'damaged' && (
        <p className="mb-3 text-[13px] font-[550] text-bad">
          This backup is damaged. Restoring all of it will probably fail, and then nothing is changed. Choose another
          one, or make a backup now and see whether this one becomes whole.
        </p>
      )}
      <Outcome
        loses={[
          'all files go back to that moment. What was written since is gone from the container, and it restarts if it runs.',
        ]}
        keeps={['address, port forwards, plan, and every backup.']}
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
        <Button onClick={onClose}>Change nothing</Button>
        <Button
          variant="primary"
          pending={pending}
          onClick={() =>
            void run({ params: { id: backup.id }, body: releaseBody(release.chosen) }).then(
              (answer) => answer.ok && onClose(),
            )
          }
        >
          Restore all files
        </Button>
      </DialogFoot>
    </Dialog>
  );
}

export function EditBackupDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { run, pending, problem } = useCall('backups.edit', { quiet: true });
  return (
    <FormDialog
      title="Name, note, protection"
      sub={<BackupName backup={backup} />}
      cancel="Change nothing"
      submit="Save"
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
      <TextField name="name" label="Name" maxLength={60} autoFocus defaultValue={backup.name} />
      <TextField name="note" label="Note" maxLength={200} defaultValue={backup.note} />
      <Choice
        type="checkbox"
        name="protected"
        label="Protect it"
        hint="It never makes room for another one, and cannot be deleted until this is taken off."
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
      title="Delete this backup?"
      sub={
        <>
          <BackupName backup={backup} />
          {backup.note !== '' && `, “${backup.note}”`}
        </>
      }
    >
      <p>
        {gone
          ? 'It cannot be restored from afterwards, and this cannot be undone.'
          : days === null
            ? 'It can be had back for as many days as your plan says, and is gone for good then.'
            : `It can be had back for ${count(days, 'day')}, and is gone for good then.`}{' '}
        The container and its other backups are not touched.
        {backup.frees !== null && (
          <>
            {' '}
            It frees about {bytes(backup.frees.bytes)} (estimated <Ago at={backup.frees.at} />
            ).
          </>
        )}
      </p>
      {last && (
        <div className="mt-3 grid gap-3">
          <p className="font-[550] text-bad">It is the only complete backup of {backup.containerName}.</p>
          {gone && <NameField typed={typed} />}
        </div>
      )}
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>Keep it</Button>
        <Button
          variant="danger"
          pending={pending}
          reason={last && gone ? typed.reason : null}
          onClick={() => void run({ params: { id: backup.id } }).then((answer) => answer.ok && onClose())}
        >
          Delete backup
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
