'use client';
import type { Container } from '#lib/contract/containers.ts';
import type { Snapshot } from '#lib/contract/snapshots.ts';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { FormProblem, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { accessWords, copyWords, Outcome, undoWords } from './outcome.tsx';
import { releaseBody, useReleaseChoice } from './release-choice.tsx';
import { Ago, At } from './time.tsx';
import { useCall } from './use-call.ts';
import { useRetentionHours } from './use-choices.ts';

type Named = Pick<Container, 'id' | 'name' | 'state' | 'planId'>;

export function CreateSnapshotDialog({ container, onClose }: { container: Named; onClose: () => void }) {
  const { run, pending, problem } = useCall('snapshots.create', { quiet: true });
  return (
    <FormDialog
      title={t('Snapshot of {name}', { name: container.name })}
      sub={copyWords(container)}
      cancel={t('Not now')}
      submit={t('Take snapshot')}
      pending={pending}
      problem={problem}
      onSubmit={(data) =>
        void run({ params: { id: container.id }, body: { name: String(data.get('name')) } }).then(
          (answer) => answer.ok && onClose(),
        )
      }
      onClose={onClose}
    >
      <TextField
        name="name"
        label={t('Name (optional)')}
        maxLength={100}
        autoFocus
        placeholder={t('before the upgrade')}
        hint={t('It lies on the same server and is lost with it. A backup is what survives that.')}
      />
    </FormDialog>
  );
}

export function RollbackDialog({
  container,
  snapshot,
  onClose,
}: {
  container: Named;
  snapshot: Snapshot;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('snapshots.rollback', { quiet: true });
  const hours = useRetentionHours(container.planId);
  const release = useReleaseChoice(container.id);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Roll {name} back', { name: container.name })}
      sub={rich(
        snapshot.name === '' ? 'To the snapshot from {at} ({ago})' : 'To the snapshot “{name}” from {at} ({ago})',
        {
          name: snapshot.name,
          at: <At key="at" at={snapshot.createdAt} />,
          ago: <Ago key="ago" at={snapshot.createdAt} />,
        },
      )}
    >
      <Outcome
        loses={[
          t(
            'all files go back to that moment. What was written since is gone from the container, and it restarts if it runs.',
          ),
        ]}
        keeps={[
          t('address, port forwards, plan, every backup and every snapshot of yours.'),
          t('a snapshot of the present files, taken first.'),
          accessWords(),
        ]}
        undo={undoWords(hours)}
      />
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
            void run({ params: { id: snapshot.id }, body: releaseBody(release.chosen) }).then(
              (answer) => answer.ok && onClose(),
            )
          }
        >
          {t('Roll back')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}

export function DeleteSnapshotDialog({ snapshot, onClose }: { snapshot: Snapshot; onClose: () => void }) {
  const { run, pending, problem } = useCall('snapshots.delete', { quiet: true });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Delete this snapshot?')}
      sub={
        snapshot.name === '' ? (
          <At at={snapshot.createdAt} />
        ) : (
          rich('“{name}”, {at}', { name: snapshot.name, at: <At key="at" at={snapshot.createdAt} /> })
        )
      }
    >
      <p>
        {t('It cannot be rolled back to afterwards, and this cannot be undone. The container itself is not touched.')}
      </p>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Keep it')}</Button>
        <Button
          variant="danger"
          pending={pending}
          onClick={() => void run({ params: { id: snapshot.id } }).then((answer) => answer.ok && onClose())}
        >
          {t('Delete snapshot')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
