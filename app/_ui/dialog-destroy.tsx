'use client';
import { usePathname, useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { reasonFor } from './container-menu.ts';
import { Dialog, DialogFoot } from './dialog.tsx';
import { CreateBackupDialog } from './dialog-backup.tsx';
import { FormProblem } from './form.tsx';
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
      title={t('Kill {name}?', { name: container.name })}
      sub={t('Like pulling the plug: for when Stop does not help.')}
    >
      <p>
        {t(
          'Everything in it ends at once. Files that are written stay; what programs had not saved yet is lost, and a database may need to repair itself at the next start. Another operation on it is cancelled.',
        )}
      </p>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('{kill, select, other {Leave it}}', { kill: '' })}</Button>
        <Button
          variant="danger"
          pending={pending}
          onClick={() => void run({ params: { id: container.id }, body: {} }).then((answer) => answer.ok && onClose())}
        >
          {t('Kill now')}
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
  const typed = useTypedName(
    container.name,
    days === 0 ? t('this cannot be undone') : t('so that it is the right one'),
  );
  const until = new Date(useNow() + days * dayMs).toISOString();
  const router = useRouter();
  const path = usePathname();
  if (backingUp) return <CreateBackupDialog container={container} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Delete {name}?', { name: container.name })}
      sub={
        days === 0
          ? t('This cannot be undone.')
          : rich('It can be had back from its backups until {at}.', { at: <At key="at" at={until} /> })
      }
    >
      <div className="mb-4 rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[
            t('it stops, and its files, snapshots and what is kept for undo are deleted.'),
            ...(container.lastBackupAt === null ? [t('it has no complete backup: all of it is lost.')] : []),
          ]}
          keeps={
            days === 0
              ? []
              : [
                  t(
                    'its backups, its address and its forwarded ports, for {days, plural, one {# day} other {# days}}.',
                    { days },
                  ),
                ]
          }
          undo={
            days === 0
              ? container.lastBackupAt === null
                ? t('none. Back it up first.')
                : t('none: its plan keeps nothing of deleted containers.')
              : t('have it back from a backup, then. Afterwards the backups go too.')
          }
        />
        {container.lastBackupAt !== null && (
          <p className="mt-2 text-[13.5px]">
            {rich('Its newest backup is from {ago}; what was written since is lost.', {
              ago: <Ago key="ago" at={container.lastBackupAt} />,
            })}
          </p>
        )}
      </div>
      <NameField typed={typed} />
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Keep it')}</Button>
        {container.can.backup !== undefined && (
          <Button reason={reasonFor(container, 'backup') ?? null} onClick={() => setBackingUp(true)}>
            {t('Back up first…')}
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
          {t('Delete container')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
