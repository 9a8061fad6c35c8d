'use client';
import type { Container, Snapshot } from '#lib/contract/rest.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { FormProblem, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { copyWords, Outcome, undoWords } from './outcome.tsx';
import { releaseBody, useReleaseChoice } from './release-choice.tsx';
import { Ago, At } from './time.tsx';
import { useCall } from './use-call.ts';
import { useRetentionHours } from './use-choices.ts';

type Named = Pick<Container, 'id' | 'name' | 'state' | 'planId'>;

export function CreateSnapshotDialog({ container, onClose }: { container: Named; onClose: () => void }) {
  const { run, pending, problem } = useCall('snapshots.create', { quiet: true });
  return (
    <FormDialog
      title={`Snapshot of ${container.name}`}
      sub={copyWords(container)}
      cancel="Not now"
      submit="Take snapshot"
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
        label="Name (optional)"
        maxLength={100}
        autoFocus
        placeholder="before the upgrade"
        hint="It lies on the same server and is lost with it. A backup is what survives that."
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
      title={`Roll ${container.name} back`}
      sub={
        <>
          To the snapshot {snapshot.name !== '' && `“${snapshot.name}” `}from <At at={snapshot.createdAt} /> (
          <Ago at={snapshot.createdAt} />)
        </>
      }
    >
      <Outcome
        loses={[
          'all files go back to that moment. What was written since is gone from the container, and it restarts if it runs.',
        ]}
        keeps={[
          'address, port forwards, plan, every backup and every snapshot of yours.',
          'a snapshot of the present files, taken first.',
        ]}
        undo={undoWords(hours)}
      />
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
            void run({ params: { id: snapshot.id }, body: releaseBody(release.chosen) }).then(
              (answer) => answer.ok && onClose(),
            )
          }
        >
          Roll back
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
      title="Delete this snapshot?"
      sub={
        <>
          {snapshot.name !== '' && `“${snapshot.name}”, `}
          <At at={snapshot.createdAt} />
        </>
      }
    >
      <p>It cannot be rolled back to afterwards, and this cannot be undone. The container itself is not touched.</p>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>Keep it</Button>
        <Button
          variant="danger"
          pending={pending}
          onClick={() => void run({ params: { id: snapshot.id } }).then((answer) => answer.ok && onClose())}
        >
          Delete snapshot
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
