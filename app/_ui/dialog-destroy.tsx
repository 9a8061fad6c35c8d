'use client';
import { usePathname, useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Container } from '#lib/contract/rest.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { CreateBackupDialog } from './dialog-backup.tsx';
import { FormProblem } from './form.tsx';
import { count } from './format.ts';
import { useNow } from './now.tsx';
import { Outcome } from './outcome.tsx';
import { Ago, At } from './time.tsx';
import { NameField, useTypedName } from './typed-name.tsx';
import { useCall } from './use-call.ts';

const dayMs = 24 * 3_600_000;

export function KillDialog({ container, onClose }: { container: Pick<Container, 'id' | 'name'>; onClose: () => void }) {
  const { run, pending, problem } = useCall('containers.kill', { quiet: true });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Kill ${container.name}?`}
      sub="Like pulling the plug: for when Stop does not help."
    >
      <p>
        Everything in it ends at once. Files that are written stay; what programs had not saved yet is lost, and a
        database may need to repair itself at the next start. Another operation on it is cancelled.
      </p>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>Leave it</Button>
        <Button
          variant="danger"
          pending={pending}
          onClick={() => void run({ params: { id: container.id }, body: {} }).then((answer) => answer.ok && onClose())}
        >
          Kill now
        </Button>
      </DialogFoot>
    </Dialog>
  );
}

export function DeleteDialog({
  container,
  onClose,
}: {
  container: Pick<Container, 'id' | 'name' | 'state' | 'lastBackupAt' | 'deletedContainerDays' | 'can'>;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('containers.delete', { quiet: true });
  const [backingUp, setBackingUp] = useState(false);
  const days = container.lastBackupAt === null ? 0 : container.deletedContainerDays;
  const typed = useTypedName(container.name, days === 0 ? 'this cannot be undone' : 'so that it is the right one');
  const until = new Date(useNow() + days * dayMs).toISOString();
  const router = useRouter();
  const path = usePathname();
  if (backingUp) return <CreateBackupDialog container={container} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete ${container.name}?`}
      sub={
        days === 0 ? (
          'This cannot be undone.'
        ) : (
          <>
            It can be had back from its backups until <At at={until} />.
          </>
        )
      }
    >
      <div className="mb-4 rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[
            'it stops, and its files, snapshots and what is kept for undo are deleted.',
            ...(container.lastBackupAt === null ? ['it has no complete backup: all of it is lost.'] : []),
          ]}
          keeps={days === 0 ? [] : [`its backups, its address and its forwarded ports, for ${count(days, 'day')}.`]}
          undo={
            days === 0
              ? container.lastBackupAt === null
                ? 'none. Back it up first.'
                : 'none: its plan keeps nothing of deleted containers.'
              : 'have it back from a backup, then. Afterwards the backups go too.'
          }
        />
        {container.lastBackupAt !== null && (
          <p className="mt-2 text-[13.5px]">
            Its newest backup is from <Ago at={container.lastBackupAt} />; what was written since is lost.
          </p>
        )}
      </div>
      <NameField typed={typed} />
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>Keep it</Button>
        {container.can.backup !== undefined && (
          <Button
            reason={container.can.backup.allowed ? null : (container.can.backup.reason ?? 'Not possible now.')}
            onClick={() => setBackingUp(true)}
          >
            Back up first…
          </Button>
        )}
        <Button
          variant="danger"
          pending={pending}
          reason={typed.reason}
          onClick={() =>
            void run({ params: { id: container.id } }).then((answer) => {
              if (!answer.ok) return;
              onClose();
              // Its own pages are about to be gone.
              if (path.startsWith('/containers/')) router.push('/containers');
            })
          }
        >
          Delete container
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
